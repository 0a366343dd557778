import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { type Made, type Scope, type Token, tokensQuery, useRevoke } from "./api";
import { MadeToken } from "./MadeToken";
import { MakeToken } from "./MakeToken";
import { useAccess } from "./messages";
import { Sure } from "./Sure";

/** A person's tokens: made, told once, listed, revoked. */
export function Tokens() {
  const t = useAccess();
  const tokens = useQuery(tokensQuery);
  const revoke = useRevoke();
  const [making, make] = useState(false);
  const [made, setMade] = useState<Made>();
  const [ending, end] = useState<Token>();
  return (
    <section className="card" aria-labelledby="tokens">
      <h2 id="tokens">{t("tokens")}</h2>
      <p className="muted">{t("tokensWhy")}</p>
      {made && <MadeToken made={made} onDone={() => setMade(undefined)} />}
      {tokens.isPending && <Skeleton lines={3} />}
      {tokens.isError && <Failure error={tokens.error} retry={() => void tokens.refetch()} />}
      {tokens.data?.items.length === 0 && !making && <p className="acs-none">{t("noTokens")}</p>}
      <ul className="acs-list">
        {tokens.data?.items.map((token) => (
          <Row key={token.id} token={token} onEnd={() => end(token)} />
        ))}
      </ul>
      {making ? (
        <MakeToken
          onMade={(m) => {
            setMade(m);
            make(false);
          }}
          onCancel={() => make(false)}
        />
      ) : (
        <button className="btn" type="button" onClick={() => make(true)}>
          <Icon name="plus" />
          {t("make")}
        </button>
      )}
      {ending && (
        <Sure
          title={t("revokeSure", { name: ending.name })}
          text={t("revokeWhat")}
          act={t("revoke")}
          id={ending.id}
          ending={revoke}
          onClose={() => end(undefined)}
        />
      )}
    </section>
  );
}

function Row({ token, onEnd }: { token: Token; onEnd: () => void }) {
  const t = useAccess();
  const f = useFormat();
  return (
    <li className={token.state === "live" ? undefined : "ended"}>
      <div>
        <b>{token.name}</b> <span className="badge plain">{t(`state.${token.state}`)}</span>
        <p className="small">
          {token.scopes.map((s) => t(`scope.${s as Scope}`)).join(f.locale === "en" ? "; " : "；")}
        </p>
        <p className="small muted num">
          {t("expires", { date: f.date(token.expires_at) })}
          {" · "}
          {token.used_at
            ? t("used", { date: f.date(token.used_at, "minute"), from: token.used_from ?? "" })
            : t("neverUsed")}
        </p>
      </div>
      {token.state === "live" && (
        <button
          className="btn sm"
          type="button"
          aria-label={t("revokeNamed", { name: token.name })}
          onClick={onEnd}
        >
          {t("revoke")}
        </button>
      )}
    </li>
  );
}

import { useQuery } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { ago } from "../../lib/ago";
import { Failure } from "../../lib/Failure";
import { useNow } from "../../lib/hooks";
import { currentLocale } from "../../lib/i18n";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { endOthers, endSignIn, signInsQuery } from "./api";
import { useSecurity } from "./messages";
import { Right, useGuarded, Wrong } from "./useGuarded";

export function SignIns() {
  const t = useSecurity();
  const list = useQuery(signInsQuery);
  const end = useGuarded(endSignIn);
  const others = useGuarded((_: undefined) => endOthers());
  return (
    <section className="card" aria-labelledby="sec-sign-ins">
      <h2 id="sec-sign-ins">{t("signIns")}</h2>
      <p className="muted">{t("signInsWhy")}</p>
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isPending && <Skeleton lines={3} />}
      {list.data && (
        <ul className="sec-list">
          {list.data.map((s) => (
            <Row key={s.id} signIn={s} busy={end.isPending} onEnd={() => end.mutate(s.id)} />
          ))}
        </ul>
      )}
      <Wrong error={end.error ?? others.error} />
      {others.isSuccess && <Right>{t("endOthersDone")}</Right>}
      {list.data && list.data.length > 1 && (
        <div className="sec-acts">
          <button
            className="btn"
            type="button"
            disabled={others.isPending}
            onClick={() => others.mutate(undefined)}
          >
            {t("endOthers")}
          </button>
        </div>
      )}
    </section>
  );
}

interface RowProps {
  signIn: Schemas["MySignIn"];
  busy: boolean;
  onEnd: () => void;
}

function Row({ signIn: s, busy, onEnd }: RowProps) {
  const t = useSecurity();
  const now = useNow(60_000);
  const [browser, os] = s.device.split(" on ");
  const known = s.device && s.device !== "another device" ? s.device : t("unknownDevice");
  const device = browser && os ? t("deviceOn", { browser, os }) : known;
  return (
    <li>
      <Icon name="device" />
      <div>
        <b>{device}</b>
        <p className="muted small">
          {t("seen", { address: s.address, when: ago(s.seen_at, now, currentLocale()) })}
        </p>
      </div>
      {s.current ? (
        <span className="sec-ok">{t("thisOne")}</span>
      ) : (
        <button
          className="btn"
          type="button"
          disabled={busy}
          aria-label={t("endOf", { device })}
          onClick={onEnd}
        >
          {t("end")}
        </button>
      )}
    </li>
  );
}

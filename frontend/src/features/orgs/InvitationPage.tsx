import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { api, type Schemas, take } from "../../api/client";
import { Problem } from "../../api/problem";
import { meQuery } from "../../api/queries";
import { explain, Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { Message, Skeleton } from "../../ui/states";
import { deeds, shownQuery } from "./api";
import { useOrgs } from "./messages";
import "./orgs.css";

const route = getRouteApi("/learner/invitation");
type Shown = Schemas["ShownInvitation"];

/** The way back here, for signing in and up. */
const here = (token: string) => ({ to: `/invitation?token=${encodeURIComponent(token)}` });

function SignFirst({ of: i, token }: { of: Shown; token: string }) {
  const t = useOrgs();
  const first = i.known ? "signIn" : "signUp";
  const ways = (["signIn", "signUp"] as const).toSorted((a) => (a === first ? -1 : 1));
  return (
    <>
      <p>{t("inv.use", { email: i.email })}</p>
      <div className="acts og-inv-acts">
        {ways.map((way) => (
          <Link
            key={way}
            className={way === first ? "btn primary" : "btn"}
            to={way === "signIn" ? "/sign-in" : "/sign-up"}
            search={here(token)}
          >
            {t(`inv.${way}`)}
          </Link>
        ))}
      </div>
    </>
  );
}

function OtherAddress({ of: i, token }: { of: Shown; token: string }) {
  const t = useOrgs();
  const queries = useQueryClient();
  const navigate = route.useNavigate();
  const leave = useMutation({
    mutationFn: () => take(api.POST("/auth/sign-out", {})),
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: "/sign-in", search: here(token) });
    },
  });
  return (
    <div className="note p" role="alert">
      <div>
        <b>{t("inv.other")}</b>
        <p>{t("inv.otherText", { email: i.email })}</p>
        <button className="btn" type="button" disabled={leave.isPending} onClick={() => leave.mutate()}>
          {t("inv.switch")}
        </button>
      </div>
    </div>
  );
}

function Accept({ of: i, token, onDone }: { of: Shown; token: string; onDone: () => void }) {
  const t = useOrgs();
  const common = useCommon();
  const f = useFormat();
  const queries = useQueryClient();
  const [move, setMove] = useState(i.employers.length > 0);
  const accept = useMutation({
    mutationFn: () => deeds.accept(token, move),
    onSuccess: () => {
      onDone();
      void queries.invalidateQueries({ queryKey: ["me"] });
      void queries.invalidateQueries({ queryKey: ["hours"] });
    },
    onError: () => void queries.invalidateQueries({ queryKey: ["invitation", token] }),
  });
  return (
    <>
      {i.employers.length > 0 && (
        <label className="og-move">
          <input type="checkbox" checked={move} onChange={(e) => setMove(e.target.checked)} />
          <span>
            {t("inv.move", { orgs: i.employers.map((o) => f.text(o.name)).join("、") })}
            <span className="small muted">{t("inv.moveHint")}</span>
          </span>
        </label>
      )}
      {accept.isError && (
        <p className="note x" role="alert">
          {explain(accept.error, common)}
        </p>
      )}
      <div className="acts og-inv-acts">
        <button
          className="btn primary"
          type="button"
          disabled={accept.isPending}
          onClick={() => accept.mutate()}
        >
          {t("inv.accept")}
        </button>
      </div>
    </>
  );
}

function Over({ of: i }: { of: Shown }) {
  const t = useOrgs();
  if (i.state === "expired") {
    return (
      <Message icon="clock" title={t("inv.expired")}>
        <p>{t("inv.expiredText", { by: i.invited_by })}</p>
      </Message>
    );
  }
  if (i.state === "revoked") {
    return (
      <Message icon="close" title={t("inv.revoked")}>
        <p>{t("inv.revokedText", { by: i.invited_by })}</p>
      </Message>
    );
  }
  return (
    <Message
      icon="passed"
      title={t("inv.accepted")}
      actions={
        i.mine && (
          <Link className="btn primary" to="/learning">
            {t("inv.start")}
          </Link>
        )
      }
    >
      <p>{t(i.mine ? "inv.acceptedMine" : "inv.acceptedOther")}</p>
    </Message>
  );
}

function Done({ of: i }: { of: Shown }) {
  const t = useOrgs();
  const f = useFormat();
  return (
    <Message
      icon="passed"
      title={t("inv.done", { org: f.text(i.org.name) })}
      actions={
        i.role === "professional" ? (
          <Link className="btn primary" to="/learning">
            {t("inv.start")}
          </Link>
        ) : (
          <Link className="btn primary" to="/workspace">
            {t("inv.work")}
          </Link>
        )
      }
    >
      <p>{t("inv.doneText", { role: t(`role.${i.role}`) })}</p>
    </Message>
  );
}

function Invited({ of: i, token }: { of: Shown; token: string }) {
  const t = useOrgs();
  const f = useFormat();
  const { data: me } = useQuery(meQuery);
  const [done, setDone] = useState(false);
  if (done) return <Done of={i} />;
  if (i.state !== "open") return <Over of={i} />;
  return (
    <div className="card og-card og-inv">
      <h2>{t("inv.title", { org: f.text(i.org.name) })}</h2>
      <p>{t("inv.text", { by: i.invited_by, role: t(`role.${i.role}`) })}</p>
      <p className="small muted">{t("inv.sentTo", { email: i.email, date: f.date(i.expires_at) })}</p>
      {!me && <SignFirst of={i} token={token} />}
      {me && !i.mine && <OtherAddress of={i} token={token} />}
      {me && i.mine && <Accept of={i} token={token} onDone={() => setDone(true)} />}
    </div>
  );
}

/** Where the link in an invitation's mail leads. */
export function InvitationPage() {
  const t = useOrgs();
  const { token = "" } = route.useSearch();
  const query = useQuery({ ...shownQuery(token), enabled: token !== "" });
  const unknown = token === "" || (query.error instanceof Problem && query.error.code === "no-invitation");
  useTitle(t("invitation"));
  return (
    <main id="main" className="wrap og-page">
      <h1 className="vh">{t("invitation")}</h1>
      {unknown && (
        <Message icon="link" title={t("inv.none")} alert>
          <p>{t("inv.noneText")}</p>
        </Message>
      )}
      {!unknown && query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {!unknown && query.isPending && <Skeleton lines={5} tall />}
      {query.data && <Invited of={query.data} token={token} />}
    </main>
  );
}

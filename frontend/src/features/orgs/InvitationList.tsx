import { useInfiniteQuery } from "@tanstack/react-query";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Message } from "../../ui/states";
import { deeds, type Invitation, invitationsQuery, type Org, useDeed } from "./api";
import { Listed } from "./Listed";
import { useOrgs } from "./messages";

const looks: Record<Invitation["state"], string> = {
  open: "st p",
  expired: "st m",
  accepted: "st v",
  revoked: "st x",
};

function Row({ of: i, onSaid }: { of: Invitation; onSaid: (text: string) => void }) {
  const t = useOrgs();
  const common = useCommon();
  const f = useFormat();
  const resend = useDeed(deeds.resend, () => onSaid(t("resent")));
  const revoke = useDeed(deeds.revoke, () => onSaid(""));
  const error = resend.error ?? revoke.error;
  const waits = i.state === "open" || i.state === "expired";
  const sent = f.date(i.sent_at);
  return (
    <tr>
      <td className="og-w">
        <b>{i.email}</b>
        <span className="small muted">
          {t("by")} {i.invited_by.name}
        </span>
        {error && (
          <span className="small og-bad" role="alert">
            {explain(error, common)}
          </span>
        )}
      </td>
      <td data-label={t("role")}>{t(`role.${i.role}`)}</td>
      <td>
        <span className={looks[i.state]}>{t(`state.${i.state}`)}</span>
      </td>
      <td data-label={t("sent")}>{i.sends > 1 ? t("sentTimes", { date: sent, n: i.sends }) : sent}</td>
      <td data-label={t("expires")}>{waits && f.date(i.expires_at)}</td>
      <td className="og-acts">
        {waits && (
          <>
            <button
              className="btn quiet sm"
              type="button"
              aria-label={`${t("resend")}: ${i.email}`}
              disabled={resend.isPending}
              onClick={() => resend.mutate(i.id)}
            >
              {t("resend")}
            </button>
            <button
              className="btn quiet sm"
              type="button"
              aria-label={`${t("revoke")}: ${i.email}`}
              disabled={revoke.isPending}
              onClick={() => revoke.mutate(i.id)}
            >
              {t("revoke")}
            </button>
          </>
        )}
      </td>
    </tr>
  );
}

/** Whom the organisation has asked to come, and what became of it. */
export function InvitationList({ org, onSaid }: { org: Org; onSaid: (text: string) => void }) {
  const t = useOrgs();
  return (
    <Listed
      list={useInfiniteQuery(invitationsQuery(org.id))}
      columns={[t("email"), t("role"), t("invitation"), t("sent"), t("expires")]}
      actions
      empty={<Message icon="inbox" title={t("noInvited")} />}
      row={(i) => <Row key={i.id} of={i} onSaid={onSaid} />}
    />
  );
}

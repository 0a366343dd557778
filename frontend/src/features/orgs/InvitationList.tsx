import { useInfiniteQuery } from "@tanstack/react-query";
import { explain, Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { More } from "../../lib/More";
import { useCommon } from "../../lib/messages";
import { Message, Skeleton } from "../../ui/states";
import { deeds, type Invitation, invitationsQuery, type Org, useDeed } from "./api";
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
  const list = useInfiniteQuery(invitationsQuery(org.id));
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  if (list.isPending) return <Skeleton lines={5} />;
  if (list.isError) return <Failure error={list.error} retry={() => void list.refetch()} />;
  if (items.length === 0) {
    return (
      <div className="card">
        <Message icon="inbox" title={t("noInvited")} />
      </div>
    );
  }
  return (
    <>
      <div className="card">
        <table className="tbl og-tbl">
          <thead>
            <tr>
              <th scope="col">{t("email")}</th>
              <th scope="col">{t("role")}</th>
              <th scope="col">{t("invitation")}</th>
              <th scope="col">{t("sent")}</th>
              <th scope="col">{t("expires")}</th>
              <th scope="col">
                <span className="vh">{t("actions")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {items.map((i) => (
              <Row key={i.id} of={i} onSaid={onSaid} />
            ))}
          </tbody>
        </table>
      </div>
      {list.hasNextPage && (
        <p className="og-more">
          <More list={list} />
        </p>
      )}
    </>
  );
}

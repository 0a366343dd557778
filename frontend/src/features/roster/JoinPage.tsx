import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { api, idempotent, take } from "../../api/client";
import { meQuery } from "../../api/queries";
import { explain, Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { Message, Skeleton } from "../../ui/states";
import { useRoster } from "./messages";

const route = getRouteApi("/learner/join");

/** Where the link in an invitation leads: what it is to, and one button. */
export function JoinPage() {
  const t = useRoster();
  const common = useCommon();
  const f = useFormat();
  const { token } = route.useSearch();
  const { data: me } = useQuery(meQuery);
  const shown = useQuery({
    queryKey: ["staff-invitation", token],
    queryFn: () => take(api.POST("/staff-invitations/shown", { body: { token } })),
    enabled: token !== "",
  });
  const accept = useMutation({
    mutationFn: () =>
      take(api.POST("/staff-invitations/acceptance", { headers: idempotent(), body: { token } })),
    onSuccess: () => void shown.refetch(),
  });
  useTitle(t("join"));
  const back = { to: `/join?token=${encodeURIComponent(token)}` };
  const i = shown.data;
  return (
    <main id="main" className="wrap">
      <h1 className="vh">{t("join")}</h1>
      {token === "" && <Message icon="people" title={t("noProof")} />}
      {token !== "" && shown.isPending && <Skeleton lines={4} />}
      {shown.isError && <Failure error={shown.error} retry={() => void shown.refetch()} />}
      {i && (
        <Message
          icon="people"
          title={t(`joinTitle.${i.state}`, { organisation: f.text(i.org.name) })}
          actions={
            i.state !== "open" ? (
              <Link className="btn" to="/">
                {t("toCourses")}
              </Link>
            ) : me ? (
              <button
                className="btn primary"
                type="button"
                disabled={accept.isPending}
                onClick={() => accept.mutate()}
              >
                {t("join")}
              </button>
            ) : (
              <>
                <Link className="btn primary" to="/sign-in" search={back}>
                  {t("signIn")}
                </Link>
                <Link className="btn" to="/sign-up" search={back}>
                  {t("signUp")}
                </Link>
              </>
            )
          }
        >
          {i.state === "open" && !me && <p>{t("joinWith", { email: i.email })}</p>}
          {i.state === "open" && <p>{t("joinSees")}</p>}
          {accept.isError && (
            <p className="note x" role="alert">
              {explain(accept.error, common)}
            </p>
          )}
        </Message>
      )}
    </main>
  );
}

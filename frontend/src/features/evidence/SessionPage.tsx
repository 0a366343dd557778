import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { SessionView } from "../../lib/evidence/SessionView";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { sessionQuery } from "./api";
import "./sessions.css";
import { useMyEvidence } from "./messages";

const route = getRouteApi("/learner/own/evidence/$sessionId");

/** One session of one's own, drawn. */
export function SessionPage() {
  const t = useMyEvidence();
  const f = useFormat();
  const { sessionId } = route.useParams();
  const query = useInfiniteQuery(sessionQuery(sessionId));
  const session = query.data?.pages[0];
  useTitle(session ? f.text(session.lesson) : t("title"));
  return (
    <main id="main" className="wrap">
      <div className="se-hd">
        <nav aria-label={t("place")}>
          <ol className="crumbs">
            <li>
              <Link to="/evidence">{t("title")}</Link>
            </li>
            {session && (
              <>
                <li aria-hidden="true">
                  <Icon name="right" />
                </li>
                <li>{f.date(session.opened_at, "minute")}</li>
              </>
            )}
          </ol>
        </nav>
        {session && (
          <>
            <h1>{f.text(session.lesson)}</h1>
            <p>
              {f.text(session.course)} · {session.device}
            </p>
            <p className="small muted">{t("clock")}</p>
          </>
        )}
      </div>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton lines={8} tall />}
      {session && (
        <div className="card se-card">
          <h2 className="vh">{t("title")}</h2>
          <SessionView session={session} rows={query.data?.pages.flatMap((p) => p.rows) ?? []} list={query} />
        </div>
      )}
    </main>
  );
}

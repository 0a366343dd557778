import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { meQuery } from "../../api/queries";
import { ago } from "../../lib/ago";
import { StateBadge } from "../../lib/draft/StateBadge";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useNow, useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { useCommon } from "../../lib/messages";
import { publishers } from "../../lib/roles";
import { Icon } from "../../ui/Icon";
import { Message, Skeleton } from "../../ui/states";
import { draftsQuery } from "./api";
import "./authoring.css";
import { useAuthoring } from "./messages";
import { NewCourse } from "./NewCourse";

const route = getRouteApi("/workspace/courses");
const states = [undefined, "draft", "submitted", "returned", "published"] as const;

function Row({ course: c, now }: { course: Schemas["DraftSummary"]; now: number }) {
  const t = useAuthoring();
  const common = useCommon();
  const f = useFormat();
  const hours = c.hours ?? c.proposed_hours;
  return (
    <tr>
      <td className="w">
        <Link to="/workspace/courses/$courseId" params={{ courseId: c.id }} search={{}}>
          {f.text(c.title) || t("untitled")}
        </Link>
        <span className="small muted">
          {[f.text(c.provider.name), f.text(c.field?.name)].filter(Boolean).join(" · ")}
        </span>
      </td>
      <td className="s">
        <span className={c.subject === "public" ? "badge pub" : "badge pro"}>{common(c.subject)}</span>
      </td>
      <td className="st-c">
        <StateBadge state={c.state} />
        {c.published && c.state !== "published" && (
          <span className="small muted in-cat">{t("olderPublished")}</span>
        )}
      </td>
      <td className="n h">
        {hours === undefined ? "—" : common("hours", { count: hours, n: f.number(hours) })}
      </td>
      <td className="u">
        <time dateTime={c.updated_at} title={f.date(c.updated_at, "minute")}>
          {ago(c.updated_at, now, f.locale)}
        </time>
      </td>
    </tr>
  );
}

function Table({ courses }: { courses: Schemas["DraftSummary"][] }) {
  const t = useAuthoring();
  const now = useNow(60_000);
  return (
    <div className="card">
      <table className="tbl drafts">
        <thead>
          <tr>
            <th scope="col">{t("course")}</th>
            <th scope="col">{t("subject")}</th>
            <th scope="col">{t("state")}</th>
            <th scope="col" className="n">
              {t("hours")}
            </th>
            <th scope="col">{t("changed")}</th>
          </tr>
        </thead>
        <tbody>
          {courses.map((c) => (
            <Row key={c.id} course={c} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function CoursesPage() {
  const t = useAuthoring();
  const { state } = route.useSearch();
  const { data: me } = useQuery(meQuery);
  const [starting, start] = useState(false);
  const drafts = useInfiniteQuery(draftsQuery(state));
  useTitle(t("title"));
  const mayStart = me ? publishers(me).length > 0 : false;
  const courses = drafts.data?.pages.flatMap((p) => p.items) ?? [];
  const startButton = mayStart && (
    <button className="btn primary" type="button" onClick={() => start(true)}>
      <Icon name="plus" />
      {t("new")}
    </button>
  );
  return (
    <main id="main" className="wsp">
      <div className="head1">
        <div>
          <h1>{t("title")}</h1>
          <p className="muted">{t("lede")}</p>
        </div>
        <div className="end">{courses.length > 0 || state ? startButton : null}</div>
      </div>
      <nav className="seg" aria-label={t("filter")}>
        {states.map((s) => (
          <Link
            key={s ?? "all"}
            to="/workspace/courses"
            search={{ state: s }}
            aria-current={s === state ? "page" : undefined}
            activeProps={{}}
          >
            {t(`filter.${s ?? "all"}`)}
          </Link>
        ))}
      </nav>
      <div className="below">
        {drafts.isPending && <Skeleton lines={6} />}
        {drafts.isError && <Failure error={drafts.error} retry={() => void drafts.refetch()} />}
        {drafts.isSuccess && courses.length === 0 && (
          <div className="card">
            {state ? (
              <Message icon="list" title={t("emptyFilter")} />
            ) : (
              <Message icon="pencil" title={t("empty")} actions={startButton}>
                <p>{t(mayStart ? "emptyText" : "mayNotStart")}</p>
              </Message>
            )}
          </div>
        )}
        {courses.length > 0 && <Table courses={courses} />}
        {drafts.hasNextPage && (
          <p className="more">
            <More list={drafts} />
          </p>
        )}
      </div>
      {starting && me && <NewCourse me={me} onClose={() => start(false)} />}
    </main>
  );
}

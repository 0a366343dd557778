import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { ago } from "../../lib/ago";
import { StateBadge } from "../../lib/draft/StateBadge";
import { useFormat } from "../../lib/format";
import { useNow } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { reasonId } from "../../lib/queue/Decision";
import { QueuePage } from "../../lib/queue/QueuePage";
import { Icon } from "../../ui/Icon";
import { queueQuery } from "./api";
import { useReviews } from "./messages";
import { Review } from "./Review";

const route = getRouteApi("/workspace/reviews");
type Item = Schemas["ReviewItem"];
const states = ["submitted", "published", "returned"] as const;

function Row({ item, now }: { item: Item; now: number }) {
  const t = useReviews();
  const common = useCommon();
  const f = useFormat();
  const hours = item.hours ?? item.proposed_hours;
  return (
    <>
      <Icon name="school" />
      <b>{f.text(item.title)}</b>
      <span className="hr num">{hours !== undefined && t("hoursShort", { n: f.number(hours) })}</span>
      <span className="sub">
        {item.submitted_by.name} · {f.text(item.provider.name)}
      </span>
      <span className="due">
        <time dateTime={item.submitted_at} title={f.date(item.submitted_at, "minute")}>
          {ago(item.submitted_at, now, f.locale)}
        </time>
      </span>
      <span className="tags">
        <span className={item.subject === "public" ? "badge pub" : "badge pro"}>{common(item.subject)}</span>
        {item.state !== "submitted" && <StateBadge state={item.state} />}
        {item.state === "submitted" && !item.may_decide && <span className="small muted">{t("own")}</span>}
      </span>
    </>
  );
}

function Filters() {
  const t = useReviews();
  const common = useCommon();
  const { state = "submitted", subject } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <nav className="tabs" aria-label={t("filter")}>
        {states.map((s) => (
          <Link
            key={s}
            to="."
            search={{ subject, state: s === "submitted" ? undefined : s }}
            aria-current={state === s ? "page" : undefined}
            activeProps={{}}
          >
            {t(`state.${s}`)}
          </Link>
        ))}
      </nav>
      <fieldset className="seg" aria-label={t("subject")}>
        {([undefined, "professional", "public"] as const).map((s) => (
          <button
            key={s ?? "all"}
            type="button"
            aria-pressed={subject === s}
            onClick={() => void navigate({ search: (old) => ({ state: old.state, subject: s }) })}
          >
            {s ? common(s) : t("all")}
          </button>
        ))}
      </fieldset>
    </>
  );
}

export function ReviewsPage() {
  const t = useReviews();
  const { state = "submitted", subject, id } = route.useSearch();
  const queue = useInfiniteQuery(queueQuery({ state, subject }));
  const now = useNow(60_000);
  return (
    <QueuePage
      title={t("title")}
      waiting={queue.data && t("waiting", { count: queue.data.pages[0]?.waiting ?? 0 })}
      filters={<Filters />}
      queue={queue}
      idOf={(item) => item.version_id}
      row={(item) => <Row item={item} now={now} />}
      empty={{ title: t(`empty.${state}`), text: state === "submitted" ? t("emptyText") : undefined }}
      id={id}
      acts={[
        { key: "a", hint: t("keys.approve"), press: "approve" },
        { key: "r", hint: t("keys.return"), focus: reasonId },
      ]}
      item={t("submission")}
      choose={t("choose")}
    >
      {(id, at) => <Review key={id} id={id} at={at} />}
    </QueuePage>
  );
}

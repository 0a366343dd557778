import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { Message, Skeleton } from "../../ui/states";
import { type Entry, exportAddress, type Search, trailQuery } from "./api";
import { Deed } from "./Deed";
import { useTrail } from "./messages";
import { objects } from "./model";
import "./trail.css";

const route = getRouteApi("/workspace/trail");
const narrow = ["actor", "subject", "org", "object"] as const;

/** What was chosen by a click in a deed, each to be taken away again. */
function Chosen({ search, entries }: { search: Search; entries: Entry[] }) {
  const t = useTrail();
  const f = useFormat();
  const nameOf = {
    actor: entries.find((e) => e.actor?.id === search.actor)?.actor?.name,
    subject: entries.find((e) => e.subject?.id === search.subject)?.subject?.name,
    org: f.text(entries.find((e) => e.org?.id === search.org)?.org?.name),
    object: undefined,
  };
  const chosen = narrow.filter((n) => search[n]);
  if (chosen.length === 0) return null;
  return (
    <ul className="tr-chosen" aria-label={t("chosen")}>
      {chosen.map((n) => {
        const what = t(`only.${n}`, { name: nameOf[n] || search[n]?.slice(0, 8) });
        return (
          <li key={n}>
            <Link
              className="btn small"
              from="/workspace/trail"
              to="."
              search={(s) => ({ ...s, [n]: undefined })}
              aria-label={t("remove", { what })}
            >
              {what}
              <Icon name="close" size="s" />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

function Filters({ search, entries }: { search: Search; entries: Entry[] }) {
  const t = useTrail();
  const navigate = route.useNavigate();
  const set = (change: Search) => void navigate({ search: (s) => ({ ...s, ...change }), replace: true });
  const [from, to] = [search.from ?? "", search.to ?? ""];
  const bad = Boolean(from && to && from > to);
  return (
    <section className="tr-filters" aria-label={t("filters")}>
      <Select
        label={t("what")}
        value={search.action ?? ""}
        onChange={(e) => set({ action: e.target.value || undefined })}
      >
        <option value="">{t("all")}</option>
        {objects.map((o) => (
          <option key={o} value={o}>
            {t(`of.${o}` as "of.course.")}
          </option>
        ))}
      </Select>
      <Field
        label={t("from")}
        type="date"
        value={from}
        max={to || undefined}
        error={bad ? t("bad") : undefined}
        onChange={(e) => set({ from: e.target.value || undefined })}
      />
      <Field
        label={t("to")}
        type="date"
        value={to}
        min={from || undefined}
        onChange={(e) => set({ to: e.target.value || undefined })}
      />
      <p className="small muted tr-usual">{t("usual")}</p>
      <Chosen search={search} entries={entries} />
    </section>
  );
}

/** Who did what to whom, within the reader's jurisdiction. */
export function TrailPage() {
  const t = useTrail();
  const search = route.useSearch();
  const list = useInfiniteQuery(trailQuery(search));
  const entries = list.data?.pages.flatMap((p) => p.items) ?? [];
  useTitle(t("title"));
  return (
    <main id="main" className="tr">
      <div className="tr-h">
        <div>
          <h1>{t("title")}</h1>
          <p className="muted">{t("intro")}</p>
        </div>
        <div className="tr-take">
          {(["csv", "jsonl"] as const).map((form) => (
            <a key={form} className="btn" href={exportAddress(search, form)} download>
              <Icon name="download" size="s" />
              {t(form)}
            </a>
          ))}
        </div>
      </div>
      <Filters search={search} entries={entries} />
      {list.isPending && <Skeleton lines={8} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && entries.length === 0 && (
        <Message icon="search" title={t("empty")}>
          <p>{t("emptyText")}</p>
        </Message>
      )}
      <ol className="tr-list">
        {entries.map((e) => (
          <Deed key={e.id} entry={e} />
        ))}
      </ol>
      {list.hasNextPage && (
        <p className="tr-next">
          <More list={list} />
        </p>
      )}
    </main>
  );
}

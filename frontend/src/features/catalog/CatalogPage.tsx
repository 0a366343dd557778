import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { meQuery, openEnrolmentsQuery } from "../../api/queries";
import type { CatalogSearch } from "../../lib/catalogSearch";
import { Failure } from "../../lib/Failure";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { useCommon } from "../../lib/messages";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Message, Skeleton } from "../../ui/states";
import { coursesQuery } from "./api";
import { CourseCard } from "./CourseCard";
import "./catalog.css";
import { Filters, useFacetName } from "./Filters";
import { useCatalog } from "./messages";
import { type Chosen, chosenIn, toggled, withoutFilters } from "./model";
import { SearchBox } from "./SearchBox";
import { YearCard } from "./YearCard";

const route = getRouteApi("/learner/");

export function CatalogPage() {
  const t = useCatalog();
  const common = useCommon();
  const nameOf = useFacetName();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data: me } = useQuery(meQuery);
  const { data: mine } = useQuery({ ...openEnrolmentsQuery, enabled: !!me });
  const courses = useInfiniteQuery({ ...coursesQuery(search), placeholderData: keepPreviousData });
  const [filtering, setFiltering] = useState(false);
  useTitle(t("title"));

  const go = useCallback(
    (to: CatalogSearch, replace = false) => void navigate({ search: to, replace, resetScroll: false }),
    [navigate],
  );
  const find = useCallback(
    (q: string) =>
      void navigate({ search: (s) => ({ ...s, q: q || undefined }), replace: true, resetScroll: false }),
    [navigate],
  );
  const toggle = (c: Chosen) => go(toggled(search, c));

  const first = courses.data?.pages[0];
  const items = courses.data?.pages.flatMap((p) => p.items) ?? [];
  const chosen = chosenIn(search);
  const facetName = (c: Chosen) =>
    nameOf(c.facet, c.value, first?.facets[c.facet].find((x) => x.value === c.value)?.name);
  const covered = new Map(mine?.items.map((e) => [e.course.id, e.covered_s]));

  return (
    <main id="main">
      <div className="hero">
        <div className="wrap hero-in">
          <div>
            <h1>{t("hero")}</h1>
            {/* Its room is kept until it is known who looks, so that nothing moves for who comes first. */}
            {!me && <p className={me === null ? "hero-s" : "hero-s unsure"}>{t("statement")}</p>}
            <SearchBox value={search.q ?? ""} onSearch={find} />
          </div>
          {me && <YearCard />}
        </div>
      </div>
      <div className="wrap cat-lay">
        <aside className="filters" aria-label={t("filters")}>
          {first ? (
            <Filters facets={first.facets} search={search} onToggle={toggle} />
          ) : (
            <Skeleton lines={8} />
          )}
        </aside>
        <section aria-label={t("results")} aria-busy={courses.isFetching}>
          <div className="res-h">
            <h2 aria-live="polite">{first ? t("courses", { count: first.total }) : common("loading")}</h2>
            <div className="chips">
              <button className="chip fbtn" type="button" onClick={() => setFiltering(true)}>
                <Icon name="filter" />
                {chosen.length > 0 ? t("filtersCount", { count: chosen.length }) : t("filters")}
              </button>
              {chosen.map((c) => (
                <button
                  className="chip"
                  type="button"
                  key={c.facet + c.value}
                  aria-label={t("remove", { name: facetName(c) })}
                  onClick={() => toggle(c)}
                >
                  {facetName(c)}
                  <Icon name="close" />
                </button>
              ))}
            </div>
            <span className="pick sort">
              <select
                className="btn quiet sm"
                aria-label={t("sort")}
                value={search.sort ?? (search.q ? "relevance" : "newest")}
                onChange={(e) =>
                  go({
                    ...search,
                    sort:
                      e.target.value === "relevance" ? undefined : (e.target.value as CatalogSearch["sort"]),
                  })
                }
              >
                {search.q && <option value="relevance">{t("sort.relevance")}</option>}
                <option value="newest">{t("sort.newest")}</option>
                <option value="hours">{t("sort.hours")}</option>
                <option value="-hours">{t("sort.-hours")}</option>
                <option value="title">{t("sort.title")}</option>
              </select>
              <Icon name="down" size="s" />
            </span>
          </div>
          {courses.isError && !first && (
            <Failure error={courses.error} retry={() => void courses.refetch()} />
          )}
          {courses.isPending && (
            <ul className="cat-grid" aria-hidden="true">
              {[1, 2, 3, 4, 5, 6].map((n) => (
                <li className="card cc-skel" key={n}>
                  <Skeleton lines={4} tall />
                </li>
              ))}
            </ul>
          )}
          {first && items.length === 0 && (
            <Message
              icon="search"
              title={t(search.q || chosen.length > 0 ? "empty" : "nothing")}
              actions={
                chosen.length > 0 && (
                  <button className="btn" type="button" onClick={() => go(withoutFilters(search))}>
                    {t("reset")}
                  </button>
                )
              }
            >
              <p>{t(search.q || chosen.length > 0 ? "emptyText" : "nothingText")}</p>
            </Message>
          )}
          <ul className={courses.isPlaceholderData ? "cat-grid stale" : "cat-grid"}>
            {items.map((c) => (
              <CourseCard key={c.id} course={c} terms={first?.terms ?? []} covered={covered.get(c.id)} />
            ))}
          </ul>
          {first && items.length > 0 && (
            <div className="cat-more">
              <span className="small muted num">{t("shown", { n: items.length, total: first.total })}</span>
              <More list={courses} />
            </div>
          )}
        </section>
      </div>
      {filtering && first && (
        <Dialog title={t("filters")} onClose={() => setFiltering(false)}>
          <div className="filters in-dialog">
            <Filters facets={first.facets} search={search} onToggle={toggle} />
          </div>
          <div className="acts">
            {chosen.length > 0 && (
              <button className="btn" type="button" onClick={() => go(withoutFilters(search))}>
                {t("reset")}
              </button>
            )}
            <button className="btn primary" type="button" onClick={() => setFiltering(false)}>
              {t("apply", { count: first.total })}
            </button>
          </div>
        </Dialog>
      )}
    </main>
  );
}

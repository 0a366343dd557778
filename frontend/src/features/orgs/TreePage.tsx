import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../../api/queries";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { departments } from "../../lib/roles";
import { useWorkspace } from "../../lib/useWorkspace";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { Add } from "./Add";
import { applicationsQuery, type Org, orgQuery } from "./api";
import { Branch } from "./Branch";
import { useOrgs } from "./messages";
import { OrgName } from "./OrgName";
import "./orgs.css";
import { Queue } from "./Queue";

const route = getRouteApi("/workspace/organisations");
const tabs = ["open", "closed", "queue"] as const;

/** The way from one's own department to what is shown. */
function Path({ org }: { org: Org }) {
  const t = useOrgs();
  const f = useFormat();
  const { data: me } = useQuery(meQuery);
  const roots = me ? departments(me) : [];
  const above = org.parent && !roots.some((r) => r.id === org.id) ? org.parent : undefined;
  const others = roots.filter((r) => r.id !== org.id && r.id !== above?.id);
  return (
    <nav className="og-path" aria-label={t("path")}>
      {[...others, ...(above ? [above] : [])].map((o) => (
        <Link key={o.id} to="/workspace/organisations" search={{ at: o.id }} activeProps={{}}>
          {f.text(o.name)}
        </Link>
      ))}
      <span aria-current="page">
        <OrgName org={org} />
      </span>
    </nav>
  );
}

function Shown({ org }: { org: Org }) {
  const t = useOrgs();
  const { tab = "open" } = route.useSearch();
  const [adding, add] = useState(false);
  const waiting = useInfiniteQuery(applicationsQuery).data?.pages[0];
  const count = waiting && (waiting.next_cursor ? `${waiting.items.length}+` : waiting.items.length);
  return (
    <>
      <div className="og-bar">
        <Path org={org} />
        {org.may.change && (
          <button className="btn primary" type="button" onClick={() => add(true)}>
            <Icon name="plus" />
            {t("add")}
          </button>
        )}
      </div>
      <nav className="seg" aria-label={t("showWhat")}>
        {tabs.map((s) => (
          <Link
            key={s}
            to="/workspace/organisations"
            search={{ at: org.id, tab: s === "open" ? undefined : s }}
            aria-current={tab === s ? "page" : undefined}
            activeProps={{}}
          >
            {t(`tab.${s}`)}
            {s === "queue" && count ? <span className="num"> {count}</span> : null}
          </Link>
        ))}
      </nav>
      <div className="og-below">
        {tab === "queue" ? <Queue /> : <Branch org={org} closed={tab === "closed"} onAdd={() => add(true)} />}
      </div>
      {adding && <Add parent={org} onClose={() => add(false)} />}
    </>
  );
}

/** The tree of a jurisdiction, one step at a time, and what waits for a decision in it. */
export function TreePage() {
  const t = useOrgs();
  const { at } = route.useSearch();
  const ws = useWorkspace();
  const id = at ?? ws?.org.id ?? "";
  const query = useQuery(orgQuery(id));
  useTitle(t("tree"));
  return (
    <main id="main" className="og-ws">
      <div className="head1">
        <div>
          <h1>{t("tree")}</h1>
          <p className="muted">{t("treeLede")}</p>
        </div>
      </div>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Skeleton lines={6} />}
      {query.data && <Shown key={query.data.id} org={query.data} />}
    </main>
  );
}

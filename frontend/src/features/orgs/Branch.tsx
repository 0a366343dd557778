import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { More } from "../../lib/More";
import { Icon } from "../../ui/Icon";
import { Message, Skeleton } from "../../ui/states";
import { branchQuery, type Node, type Org } from "./api";
import { useOrgs } from "./messages";
import { kindsBelow } from "./model";
import { NodeDeeds } from "./NodeDeeds";
import { useKind } from "./OrgName";
import { Standing } from "./Standing";

const route = getRouteApi("/workspace/organisations");

function Filters({ org }: { org: Org }) {
  const t = useOrgs();
  const { kind, q } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, type] = useState(q ?? "");
  const find = (e: FormEvent) => {
    e.preventDefault();
    void navigate({ search: (s) => ({ ...s, q: typed.trim() || undefined }) });
  };
  return (
    <div className="og-filter">
      <search>
        <form onSubmit={find}>
          <span className="field">
            <Icon name="search" size="s" />
            <input
              type="search"
              aria-label={t("findOrg")}
              placeholder={t("findOrg")}
              maxLength={100}
              value={typed}
              onChange={(e) => type(e.target.value)}
            />
          </span>
          <button className="btn" type="submit">
            {t("findShort")}
          </button>
        </form>
      </search>
      <span className="field sel">
        <select
          aria-label={t("kindOf")}
          value={kind ?? ""}
          onChange={(e) => {
            const chosen = kindsBelow(org.kind).find((k) => k === e.target.value);
            void navigate({ search: (s) => ({ ...s, kind: chosen }) });
          }}
        >
          <option value="">{t("allKinds")}</option>
          {kindsBelow(org.kind).map((k) => (
            <option key={k} value={k}>
              {t(`kind.${k}`)}
            </option>
          ))}
        </select>
        <Icon name="down" size="s" />
      </span>
    </div>
  );
}

const leads = (node: Node) => node.kind === "personnel_department" || node.kind === "industry_department";

function Row({ node, parent }: { node: Node; parent: Org }) {
  const t = useOrgs();
  const f = useFormat();
  const kind = useKind();
  const about = [kind(node), node.ownership && t(`ownership.${node.ownership}`)].filter(Boolean).join(" · ");
  return (
    <tr>
      <td className="og-w">
        {leads(node) && !node.closed_at ? (
          <Link to="/workspace/organisations" search={{ at: node.id }}>
            {f.text(node.name)}
          </Link>
        ) : (
          <Link to="/organisations/$orgId" params={{ orgId: node.id }}>
            {f.text(node.name)}
          </Link>
        )}
        <span className="small muted">{about}</span>
        {node.closed_at && (
          <span className="small muted">{t("closedOn", { date: f.date(node.closed_at) })}</span>
        )}
        {node.successor && (
          <span className="small">
            {t("mergedInto")}{" "}
            <Link to="/organisations/$orgId" params={{ orgId: node.successor.id }}>
              {f.text(node.successor.name)}
            </Link>
          </span>
        )}
      </td>
      <td>{node.accreditation && <Standing of={node.accreditation} />}</td>
      <td className="og-n">
        {node.below > 0 && <span>{t("below", { count: node.below })}</span>}
        {node.people > 0 && (
          <Link
            to="/workspace/people"
            search={{ org: node.id }}
            aria-label={`${f.text(node.name)}: ${t("count", { count: node.people })}`}
          >
            {t("count", { count: node.people })}
          </Link>
        )}
      </td>
      <td className="og-acts">{!node.closed_at && <NodeDeeds node={node} parent={parent} />}</td>
    </tr>
  );
}

/** What stands directly below a department. */
export function Branch({ org, closed, onAdd }: { org: Org; closed: boolean; onAdd: () => void }) {
  const t = useOrgs();
  const { kind, q } = route.useSearch();
  const list = useInfiniteQuery(branchQuery(org.id, { kind, q, state: closed ? "closed" : "open" }));
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const filtered = kind !== undefined || q !== undefined;
  const first = !filtered && !closed && org.may.change;
  return (
    <>
      <Filters org={org} />
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <div className="card">
          <Message
            icon="school"
            title={t(filtered ? "pickNone" : closed ? "emptyClosed" : "empty")}
            actions={
              first && (
                <button className="btn primary" type="button" onClick={onAdd}>
                  {t("add")}
                </button>
              )
            }
          >
            {first && <p>{t("emptyText")}</p>}
          </Message>
        </div>
      )}
      {items.length > 0 && (
        <div className="card">
          <table className="tbl og-tbl">
            <thead>
              <tr>
                <th scope="col">{t("page")}</th>
                <th scope="col">{t("standing")}</th>
                <th scope="col">{t("people")}</th>
                <th scope="col">
                  <span className="vh">{t("actions")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((n) => (
                <Row key={n.id} node={n} parent={org} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <p className="og-more">
          <More list={list} />
        </p>
      )}
    </>
  );
}

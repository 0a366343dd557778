import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useFormat } from "../../lib/format";
import { Message } from "../../ui/states";
import { branchQuery, type Node, type Org } from "./api";
import { Filters } from "./Filters";
import { Listed } from "./Listed";
import { useOrgs } from "./messages";
import { kindsBelow } from "./model";
import { NodeDeeds } from "./NodeDeeds";
import { useKind } from "./OrgName";
import { Standing } from "./Standing";

const route = getRouteApi("/workspace/organisations");

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
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(branchQuery(org.id, { kind, q, state: closed ? "closed" : "open" }));
  const filtered = kind !== undefined || q !== undefined;
  const first = !filtered && !closed && org.may.change;
  const add = first && (
    <button className="btn primary" type="button" onClick={onAdd}>
      {t("add")}
    </button>
  );
  return (
    <>
      <Filters
        q={q}
        find={t("findOrg")}
        onFind={(q) => void navigate({ search: (s) => ({ ...s, q }) })}
        choice={kind}
        label={t("kindOf")}
        all={t("allKinds")}
        choices={kindsBelow(org.kind)}
        nameOf={(k) => t(`kind.${k}`)}
        onChoose={(kind) => void navigate({ search: (s) => ({ ...s, kind }) })}
      />
      <Listed
        list={list}
        columns={[t("page"), t("standing"), t("people")]}
        actions
        empty={
          <Message
            icon="school"
            title={t(filtered ? "pickNone" : closed ? "emptyClosed" : "empty")}
            actions={add}
          >
            {first && <p>{t("emptyText")}</p>}
          </Message>
        }
        row={(n) => <Row key={n.id} node={n} parent={org} />}
      />
    </>
  );
}

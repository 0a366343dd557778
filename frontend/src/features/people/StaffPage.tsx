import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Schemas } from "../../api/client";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { YearSwitch } from "../../lib/hours/YearSwitch";
import { More } from "../../lib/More";
import { MemberRow } from "../../lib/staff/MemberRow";
import { useWorkspace } from "../../lib/useWorkspace";
import { Message, Skeleton } from "../../ui/states";
import "../../ui/forms.css";
import { orgQuery, staffQuery } from "./api";
import { usePeople } from "./messages";
import { NameBox } from "./NameBox";
import "./people.css";

const route = getRouteApi("/workspace/hours");
const standings = [undefined, "met", "begun", "not-begun"] as const;
const sorts = ["missing", "name", "hours"] as const;

function Filters() {
  const t = usePeople();
  const { q = "", standing, sort = "missing" } = route.useSearch();
  const navigate = route.useNavigate();
  const search = useCallback(
    (text: string) => void navigate({ search: (s) => ({ ...s, q: text || undefined }), replace: true }),
    [navigate],
  );
  return (
    <div className="st-f">
      <NameBox value={q} onSearch={search} />
      <fieldset className="seg" aria-label={t("standing")}>
        {standings.map((s) => (
          <button
            key={s ?? "all"}
            type="button"
            aria-pressed={standing === s}
            onClick={() => void navigate({ search: (old) => ({ ...old, standing: s }) })}
          >
            {t(s ?? "all")}
          </button>
        ))}
      </fieldset>
      <label className="st-o">
        <span className="small muted">{t("sort")}</span>
        <span className="field sel">
          <select
            value={sort}
            onChange={(e) =>
              void navigate({ search: (s) => ({ ...s, sort: sorts.find((x) => x === e.target.value) }) })
            }
          >
            {sorts.map((s) => (
              <option key={s} value={s}>
                {t(`sort.${s}`)}
              </option>
            ))}
          </select>
        </span>
      </label>
    </div>
  );
}

/** Which part of the jurisdiction is listed, and the way back to the whole. */
function Part({ org, of }: { org: string; of: Schemas["OrgRef"] }) {
  const t = usePeople();
  const f = useFormat();
  const { data } = useQuery({ ...orgQuery(org), enabled: org !== of.id });
  if (!data) return f.text(of.name);
  return (
    <>
      {f.text(data.name)} ·{" "}
      <Link to="." search={(s) => ({ ...s, org: undefined })} activeProps={{}}>
        {t("whole")}
      </Link>
    </>
  );
}

function List({ org, withOrg, onYear }: { org: string; withOrg: boolean; onYear: (year: number) => void }) {
  const t = usePeople();
  const { year, q, standing, sort } = route.useSearch();
  const staff = useInfiniteQuery(staffQuery(org, { year, q, standing, sort }));
  if (staff.isError) return <Failure error={staff.error} retry={() => void staff.refetch()} />;
  if (!staff.data) return <Skeleton lines={8} tall />;
  const items = staff.data.pages.flatMap((p) => p.items);
  const shown = staff.data.pages[0]?.year ?? 0;
  const filtered = Boolean(q || standing);
  return (
    <>
      <div className="st-y">
        <YearSwitch year={shown} years={[2000, new Date().getFullYear()]} onGo={onYear} />
      </div>
      <div className="card st-l" aria-busy={staff.isPlaceholderData}>
        {items.length === 0 ? (
          <Message
            icon="people"
            title={t(filtered ? "none" : "empty")}
            actions={
              filtered && (
                <Link
                  className="btn"
                  to="."
                  search={(s) => ({ ...s, q: undefined, standing: undefined })}
                  activeProps={{}}
                >
                  {t("showAll")}
                </Link>
              )
            }
          >
            <p>{t(filtered ? "noneText" : "emptyText")}</p>
          </Message>
        ) : (
          <ul className="members">
            {items.map((m) => (
              <MemberRow key={m.person.id} member={m} year={year} withOrg={withOrg} />
            ))}
          </ul>
        )}
      </div>
      <p className="st-m">
        <More list={staff} />
      </p>
    </>
  );
}

/** An organisation's people with their hours of a year. */
export function StaffPage() {
  const t = usePeople();
  const ws = useWorkspace();
  const { org } = route.useSearch();
  const navigate = route.useNavigate();
  useTitle(t("title"));
  if (!ws) return null;
  return (
    <main id="main" className="wsp staff">
      <div className="head1">
        <div>
          <h1>{t("title")}</h1>
          <p className="muted">
            <Part org={org ?? ws.org.id} of={ws.org} /> · {t("lede")}
          </p>
        </div>
      </div>
      <Filters />
      <List
        org={org ?? ws.org.id}
        withOrg={ws.kind !== "employer" && ws.kind !== "institution"}
        onYear={(year) => void navigate({ search: (s) => ({ ...s, year }) })}
      />
    </main>
  );
}

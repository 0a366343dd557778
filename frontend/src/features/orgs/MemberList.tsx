import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { More } from "../../lib/More";
import { Icon } from "../../ui/Icon";
import { Message, Skeleton } from "../../ui/states";
import { type Member, membersQuery, type Org, type Role } from "./api";
import { MemberDeeds } from "./MemberDeeds";
import { useOrgs } from "./messages";
import { rolesIn } from "./model";

const route = getRouteApi("/workspace/people");

/** By name and by role; the address remembers both. */
function Filters({ org, counts }: { org: Org; counts: Record<string, number> }) {
  const t = useOrgs();
  const { role, q } = route.useSearch();
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
              aria-label={t("find")}
              placeholder={t("find")}
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
          aria-label={t("role")}
          value={role ?? ""}
          onChange={(e) => {
            const chosen = rolesIn(org.kind).find((r) => r === e.target.value);
            void navigate({ search: (s) => ({ ...s, role: chosen }) });
          }}
        >
          <option value="">{t("allRoles")}</option>
          {rolesIn(org.kind).map((r: Role) => (
            <option key={r} value={r}>
              {t(`role.${r}`)} · {counts[r] ?? 0}
            </option>
          ))}
        </select>
        <Icon name="down" size="s" />
      </span>
    </div>
  );
}

function Row({ member: m, org, past }: { member: Member; org: Org; past: boolean }) {
  const t = useOrgs();
  const f = useFormat();
  return (
    <tr>
      <td className="og-w">
        <b>{m.person.name}</b>
        {m.email && <span className="small muted">{m.email}</span>}
      </td>
      <td data-label={t("role")}>{t(`role.${m.role}`)}</td>
      <td data-label={t("since")}>
        <time dateTime={m.since}>{f.date(m.since)}</time>
      </td>
      {past && (
        <td data-label={t("ended")}>{m.until && <time dateTime={m.until}>{f.date(m.until)}</time>}</td>
      )}
      {!past && org.may.members && (
        <td className="og-acts">
          <MemberDeeds member={m} org={org} />
        </td>
      )}
    </tr>
  );
}

interface Props {
  org: Org;
  past: boolean;
  onInvite: () => void;
}

export function MemberList({ org, past, onInvite }: Props) {
  const t = useOrgs();
  const { role, q } = route.useSearch();
  const list = useInfiniteQuery(membersQuery(org.id, { role, q, state: past ? "past" : "current" }));
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const filtered = role !== undefined || q !== undefined;
  const empty = past ? "noPast" : "noPeople";
  const acts = !past && org.may.members;
  return (
    <>
      <Filters org={org} counts={list.data?.pages[0]?.counts ?? {}} />
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <div className="card">
          <Message
            icon="people"
            title={t(filtered ? "noneFound" : empty)}
            actions={
              acts &&
              !filtered && (
                <button className="btn primary" type="button" onClick={onInvite}>
                  {t("invite")}
                </button>
              )
            }
          >
            {acts && !filtered && <p>{t("noPeopleText")}</p>}
          </Message>
        </div>
      )}
      {items.length > 0 && (
        <div className="card">
          <table className="tbl og-tbl">
            <thead>
              <tr>
                <th scope="col">{t("name")}</th>
                <th scope="col">{t("role")}</th>
                <th scope="col">{t("since")}</th>
                {past && <th scope="col">{t("ended")}</th>}
                {acts && (
                  <th scope="col">
                    <span className="vh">{t("actions")}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {items.map((m) => (
                <Row key={m.id} member={m} org={org} past={past} />
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

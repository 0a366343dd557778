import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useFormat } from "../../lib/format";
import { Message } from "../../ui/states";
import { type Member, membersQuery, type Org } from "./api";
import { Filters } from "./Filters";
import { Listed } from "./Listed";
import { MemberDeeds } from "./MemberDeeds";
import { useOrgs } from "./messages";
import { rolesIn } from "./model";

const route = getRouteApi("/workspace/people");

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
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(membersQuery(org.id, { role, q, state: past ? "past" : "current" }));
  const counts: Record<string, number> = list.data?.pages[0]?.counts ?? {};
  const filtered = role !== undefined || q !== undefined;
  const acts = !past && org.may.members;
  const invite = acts && !filtered && (
    <button className="btn primary" type="button" onClick={onInvite}>
      {t("invite")}
    </button>
  );
  return (
    <>
      <Filters
        q={q}
        find={t("find")}
        onFind={(q) => void navigate({ search: (s) => ({ ...s, q }) })}
        choice={role}
        label={t("role")}
        all={t("allRoles")}
        choices={rolesIn(org.kind)}
        nameOf={(r) => `${t(`role.${r}`)} · ${counts[r] ?? 0}`}
        onChoose={(role) => void navigate({ search: (s) => ({ ...s, role }) })}
      />
      <Listed
        list={list}
        columns={[t("name"), t("role"), t("since"), ...(past ? [t("ended")] : [])]}
        actions={acts}
        empty={
          <Message
            icon="people"
            title={t(filtered ? "noneFound" : past ? "noPast" : "noPeople")}
            actions={invite}
          >
            {invite && <p>{t("noPeopleText")}</p>}
          </Message>
        }
        row={(m) => <Row key={m.id} member={m} org={org} past={past} />}
      />
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../../api/queries";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { peopleOrgs } from "../../lib/roles";
import { useWorkspace } from "../../lib/useWorkspace";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { Message, Skeleton } from "../../ui/states";
import { type Org, orgQuery } from "./api";
import { InvitationList } from "./InvitationList";
import { Invite } from "./Invite";
import { MemberList } from "./MemberList";
import { useOrgs } from "./messages";
import { OrgName } from "./OrgName";
import "./orgs.css";

const route = getRouteApi("/workspace/people");
const tabs = ["current", "past", "invited"] as const;

/** Which organisation's people are shown; of several one is chosen, and the address remembers it. */
function Whose({ org }: { org: Org }) {
  const t = useOrgs();
  const f = useFormat();
  const { data: me } = useQuery(meQuery);
  const navigate = route.useNavigate();
  const own = me ? peopleOrgs(me) : [];
  const choices = own.some((o) => o.id === org.id) ? own : [org, ...own];
  if (choices.length < 2) {
    return (
      <p className="og-whose">
        <OrgName org={org} />
      </p>
    );
  }
  return (
    <Select
      label={t("whose")}
      value={org.id}
      onChange={(e) => void navigate({ search: { org: e.target.value } })}
    >
      {choices.map((o) => (
        <option key={o.id} value={o.id}>
          {f.text(o.name)}
        </option>
      ))}
    </Select>
  );
}

function Shown({ org }: { org: Org }) {
  const t = useOrgs();
  const f = useFormat();
  const { tab = "current" } = route.useSearch();
  const [inviting, invite] = useState(false);
  const [said, say] = useState("");
  return (
    <>
      <div className="og-bar">
        <Whose org={org} />
        {org.may.members && (
          <button className="btn primary" type="button" onClick={() => invite(true)}>
            <Icon name="plus" />
            {t("invite")}
          </button>
        )}
      </div>
      {org.closed_at && (
        <p className="note">
          <Icon name="info" />
          {t("closedOn", { date: f.date(org.closed_at) })}
        </p>
      )}
      <nav className="seg" aria-label={t("showWhat")}>
        {tabs
          .filter((s) => s !== "invited" || org.may.members)
          .map((s) => (
            <Link
              key={s}
              to="/workspace/people"
              search={{ org: org.id, tab: s === "current" ? undefined : s }}
              aria-current={tab === s ? "page" : undefined}
              activeProps={{}}
            >
              {t(`tab.${s}`)}
            </Link>
          ))}
      </nav>
      <p role="status" className={said ? "note v og-said" : "vh"}>
        {said}
      </p>
      <div className="og-below">
        {tab === "invited" ? (
          <InvitationList org={org} onSaid={say} />
        ) : (
          <MemberList org={org} past={tab === "past"} onInvite={() => invite(true)} />
        )}
      </div>
      {inviting && (
        <Invite
          org={org}
          onClose={() => invite(false)}
          onDone={(email) => {
            invite(false);
            say(t("invited", { email }));
          }}
        />
      )}
    </>
  );
}

/** The people of one organisation: who they are, and who is asked to come. */
export function PeoplePage() {
  const t = useOrgs();
  const { org: asked } = route.useSearch();
  const ws = useWorkspace();
  const id = asked ?? ws?.org.id ?? "";
  const query = useQuery(orgQuery(id));
  useTitle(t("people"));
  return (
    <main id="main" className="og-ws">
      <div className="head1">
        <div>
          <h1>{t("people")}</h1>
          <p className="muted">{t("peopleLede")}</p>
        </div>
      </div>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && id !== "" && <Skeleton lines={6} />}
      {id === "" && <Message icon="people" title={t("noPeople")} />}
      {query.data && <Shown key={query.data.id} org={query.data} />}
    </main>
  );
}

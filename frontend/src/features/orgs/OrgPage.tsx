import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { Apply } from "./Apply";
import { type Org, orgQuery, type Ref } from "./api";
import { useOrgs } from "./messages";
import { useKind } from "./OrgName";
import "./orgs.css";
import { Standing, Steps } from "./Standing";

const route = getRouteApi("/learner/organisations/$orgId");

function OrgLink({ to }: { to: Ref }) {
  const f = useFormat();
  return (
    <Link to="/organisations/$orgId" params={{ orgId: to.id }}>
      {f.text(to.name)}
    </Link>
  );
}

function Facts({ org }: { org: Org }) {
  const t = useOrgs();
  return (
    <dl className="og-facts">
      {org.parent && (
        <div>
          <dt>{t("parent")}</dt>
          <dd>
            <OrgLink to={org.parent} />
          </dd>
        </div>
      )}
      {org.ownership && (
        <div>
          <dt>{t("ownership")}</dt>
          <dd>{t(`ownership.${org.ownership}`)}</dd>
        </div>
      )}
      {org.successor && (
        <div>
          <dt>{t("mergedInto")}</dt>
          <dd>
            <OrgLink to={org.successor} />
          </dd>
        </div>
      )}
    </dl>
  );
}

function Accreditation({ org }: { org: Org }) {
  const t = useOrgs();
  const [applying, apply] = useState(false);
  const a = org.accreditation;
  if (!a) return null;
  return (
    <section className="card og-card" aria-labelledby="og-acc">
      <div className="og-head">
        <h2 id="og-acc">{t("accreditation")}</h2>
        <Standing of={a} />
        {org.may.apply && !a.pending && (
          <button className="btn primary" type="button" onClick={() => apply(true)}>
            {t(a.state === "accredited" ? "applyMore" : "apply")}
          </button>
        )}
      </div>
      <p className="muted">{t("accreditationText")}</p>
      <h3>{t("history")}</h3>
      <Steps steps={org.steps ?? []} />
      {applying && <Apply org={org} onClose={() => apply(false)} />}
    </section>
  );
}

/** What anybody may know of an organisation, and for those who look after it the way on. */
export function OrgPage() {
  const t = useOrgs();
  const f = useFormat();
  const kind = useKind();
  const { orgId } = route.useParams();
  const query = useQuery(orgQuery(orgId));
  const org = query.data;
  useTitle(org ? f.text(org.name) : t("page"));
  if (!org) {
    return (
      <main id="main" className="wrap og-page">
        <h1 className="vh">{t("page")}</h1>
        {query.isError ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Skeleton lines={6} tall />
        )}
      </main>
    );
  }
  const other = f.locale === "zh-CN" ? org.name.en : org.name.zh;
  return (
    <main id="main" className="wrap og-page">
      <div className="head1">
        <div>
          <p className="small muted">{kind(org)}</p>
          <h1>{f.text(org.name)}</h1>
          {other && other !== f.text(org.name) && (
            <p className="muted" lang={f.locale === "zh-CN" ? "en" : "zh-CN"}>
              {other}
            </p>
          )}
        </div>
        {org.may.people && (
          <div className="end">
            <Link className="btn" to="/workspace/people" search={{ org: org.id }}>
              <Icon name="people" />
              {t("peopleHere")}
            </Link>
          </div>
        )}
      </div>
      {org.closed_at && (
        <p className="note">
          <Icon name="info" />
          {t("closedOn", { date: f.date(org.closed_at) })}
        </p>
      )}
      <section className="card og-card">
        <Facts org={org} />
        {org.courses > 0 && (
          <p className="row og-courses">
            <Icon name="book" />
            {t("courses", { count: org.courses })}
            <Link to="/" search={{ institution: [org.id] }}>
              {t("seeCourses")}
            </Link>
          </p>
        )}
      </section>
      <Accreditation org={org} />
    </main>
  );
}

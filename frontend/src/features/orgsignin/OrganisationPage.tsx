import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useSettled, useTitle } from "../../lib/hooks";
import { useCommon } from "../../lib/messages";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { offeredQuery, useBegin } from "./api";
import { useOrgSignIn } from "./messages";
import "./orgsignin.css";
import { Trouble } from "./Trouble";

const route = getRouteApi("/learner/sign-in/organisation");

/** Finds the organisation by its name and leaves for its sign-in; says what went wrong on the way back. */
export function OrganisationPage() {
  const t = useOrgSignIn();
  const f = useFormat();
  const common = useCommon();
  const { to, link, problem, org, ref } = route.useSearch();
  const [name, setName] = useState("");
  const query = useSettled(name.trim(), 250);
  const found = useQuery(offeredQuery(query));
  const begin = useBegin(link === true, to);
  useTitle(t(link ? "linkTitle" : "title"));
  return (
    <main id="main" className="wrap osi">
      <div className="card">
        <h1>{t(link ? "linkTitle" : "title")}</h1>
        {problem && (
          <Trouble
            problem={problem}
            reference={ref}
            again={org && !begin.isPending ? () => begin.mutate(org) : undefined}
          />
        )}
        {begin.isError && (
          <p className="note x" role="alert">
            <Icon name="warn" />
            {explain(begin.error, common)}
          </p>
        )}
        <Field
          label={t("find")}
          hint={t("findHint")}
          type="search"
          maxLength={100}
          value={name}
          onChange={(e) => setName(e.target.value)}
        />
        <div role="status">
          {begin.isPending || begin.isSuccess ? <p className="muted">{t("leaving")}</p> : null}
          {found.data?.items.length === 0 && <p>{t("none", { query })}</p>}
        </div>
        <ul className="osi-list">
          {found.data?.items.map((o) => (
            <li key={o.id}>
              <button
                type="button"
                aria-label={t("go", { name: f.text(o.name) })}
                disabled={begin.isPending}
                onClick={() => begin.mutate(o.id)}
              >
                <b>{f.text(o.name)}</b>
                <Icon name="next" />
              </button>
            </li>
          ))}
        </ul>
        {!link && (
          <p className="osi-alt">
            <Link to="/sign-in" search={{ to }}>
              {t("password")}
            </Link>
          </p>
        )}
      </div>
      {begin.dialog}
    </main>
  );
}

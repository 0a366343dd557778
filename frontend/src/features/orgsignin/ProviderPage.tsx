import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../../api/queries";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useSettled, useTitle } from "../../lib/hooks";
import { departments } from "../../lib/roles";
import { useManaged } from "../../lib/useWorkspace";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/states";
import { organisationsQuery, providerQuery } from "./api";
import { Domains } from "./Domains";
import { useOrgSignIn } from "./messages";
import "./orgsignin.css";
import { ProviderForm } from "./ProviderForm";

const route = getRouteApi("/workspace/sign-in");

/** An organisation's own sign-in, for its managers and for the departments above it. */
export function ProviderPage() {
  const t = useOrgSignIn();
  const f = useFormat();
  const navigate = route.useNavigate();
  const { data: me } = useQuery(meQuery);
  const { org } = route.useSearch();
  const { orgs: own, org: at } = useManaged();
  const id = org ?? at?.id;
  useTitle(t("settings"));
  const go = (to: string) => void navigate({ search: { org: to }, replace: true });
  return (
    <main id="main" className="prv">
      <h1>{t("settings")}</h1>
      <p className="muted">{t("settingsWhy")}</p>
      {own.length > 1 && (
        <Select label={t("which")} value={id} onChange={(e) => go(e.target.value)}>
          {own.map((o) => (
            <option key={o.id} value={o.id}>
              {f.text(o.name)}
            </option>
          ))}
        </Select>
      )}
      {me && departments(me).length > 0 && <Below onChoose={go} />}
      {id ? <One key={id} id={id} /> : <p>{t("noOrg")}</p>}
    </main>
  );
}

/** A department sets up and confirms for those below it. */
function Below({ onChoose }: { onChoose: (id: string) => void }) {
  const t = useOrgSignIn();
  const f = useFormat();
  const [name, setName] = useState("");
  const query = useSettled(name.trim(), 250);
  const found = useQuery(organisationsQuery(query));
  return (
    <>
      <Field
        label={t("search")}
        type="search"
        maxLength={100}
        value={name}
        onChange={(e) => setName(e.target.value)}
      />
      <ul className="osi-list">
        {found.data?.items.map((o) => (
          <li key={o.id}>
            <button
              type="button"
              onClick={() => {
                onChoose(o.id);
                setName("");
              }}
            >
              {f.text(o.name)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function One({ id }: { id: string }) {
  const f = useFormat();
  const provider = useQuery(providerQuery(id));
  if (provider.isPending) return <Skeleton lines={8} tall />;
  if (provider.isError) return <Failure error={provider.error} retry={() => void provider.refetch()} />;
  const { data, etag } = provider.data;
  return (
    <>
      <section className="card" aria-label={f.text(data.org.name)}>
        <ProviderForm id={id} provider={data} etag={etag} />
      </section>
      <Domains key={etag} id={id} provider={data} />
    </>
  );
}

import { useQuery } from "@tanstack/react-query";
import { Link as To } from "@tanstack/react-router";
import { useState } from "react";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { Skeleton } from "../../ui/states";
import { type Link, linksQuery, useUnlink } from "./api";
import { useAccess } from "./messages";
import { Sure } from "./Sure";

/** Accounts at organisations that sign the person in. */
export function Links() {
  const t = useAccess();
  const f = useFormat();
  const links = useQuery(linksQuery);
  const unlink = useUnlink();
  const [ending, end] = useState<Link>();
  return (
    <section className="card" aria-labelledby="links">
      <h2 id="links">{t("links")}</h2>
      <p className="muted">{t("linksWhy")}</p>
      {links.isPending && <Skeleton lines={2} />}
      {links.isError && <Failure error={links.error} retry={() => void links.refetch()} />}
      {links.data?.items.length === 0 && <p className="acs-none">{t("noLinks")}</p>}
      <ul className="acs-list">
        {links.data?.items.map((l) => (
          <li key={l.id}>
            <div>
              <b>{f.text(l.org.name)}</b>
              <p className="small muted">
                {l.works ? t("since", { date: f.date(l.created_at) }) : t("notWorking")}
                {l.used_at && ` · ${t("lastUsed", { date: f.date(l.used_at, "minute") })}`}
              </p>
            </div>
            <button className="btn sm" type="button" onClick={() => end(l)}>
              {t("unlink")}
            </button>
          </li>
        ))}
      </ul>
      <To className="btn" to="/sign-in/organisation" search={{ link: true, to: "/settings/access" }}>
        <Icon name="link" />
        {t("addLink")}
      </To>
      {ending && (
        <Sure
          title={t("unlinkSure", { name: f.text(ending.org.name) })}
          text={t("unlinkWhat")}
          act={t("unlink")}
          id={ending.id}
          ending={unlink}
          onClose={() => end(undefined)}
        />
      )}
    </section>
  );
}

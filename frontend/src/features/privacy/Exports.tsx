import { useQueryClient } from "@tanstack/react-query";
import type { Schemas } from "../../api/client";
import { bytes } from "../../lib/bytes";
import { explain } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useCommon } from "../../lib/messages";
import { Icon } from "../../ui/Icon";
import { type Export, myPrivacyQuery, useRequestExport } from "./api";
import { usePrivacy } from "./messages";

function Row({ item }: { item: Export }) {
  const t = usePrivacy();
  const f = useFormat();
  const queries = useQueryClient();
  // The download itself tells nothing back: look again once it must have begun.
  const fetched = () =>
    setTimeout(() => void queries.invalidateQueries({ queryKey: myPrivacyQuery.queryKey }), 1500);
  return (
    <li>
      <span>
        <b>{f.date(item.requested_at, "minute")}</b>
        <span className="small muted">
          {item.state === "ready"
            ? t("export.ready", {
                date: f.date(item.expires_at ?? ""),
                size: bytes(item.size_bytes, f.locale),
              })
            : t(`export.${item.state}`)}
        </span>
      </span>
      {item.state === "ready" && (
        <a className="btn primary" href={item.url} download onClick={fetched}>
          <Icon name="download" />
          {t("download")}
        </a>
      )}
    </li>
  );
}

/** Everything about oneself, put together by a job and fetched once. */
export function Exports({ mine, days }: { mine: Schemas["MyPrivacy"]; days?: number }) {
  const t = usePrivacy();
  const common = useCommon();
  const request = useRequestExport();
  const building = mine.exports.some((e) => e.state === "building");
  return (
    <section className="card" aria-labelledby="exports">
      <h2 id="exports">{t("exports")}</h2>
      <p className="muted">{t("exportsText", { days })}</p>
      <ul className="pv-list" aria-live="polite">
        {mine.exports.map((e) => (
          <Row key={e.id} item={e} />
        ))}
      </ul>
      {request.isError && (
        <p className="note x" role="alert">
          <Icon name="warn" />
          {explain(request.error, common)}
        </p>
      )}
      <button
        className="btn"
        type="button"
        disabled={building || request.isPending}
        onClick={() => request.mutate(undefined)}
      >
        {t("request")}
      </button>
    </section>
  );
}

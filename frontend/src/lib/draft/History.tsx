import type { Schemas } from "../../api/client";
import { useFormat } from "../format";
import "./draft.css";
import { useDraft } from "./messages";

/** Who submitted, returned and approved, when and why; the oldest first. */
export function History({ events }: { events: Schemas["ReviewEvent"][] }) {
  const t = useDraft();
  const f = useFormat();
  return (
    <ol className="his">
      {events.map((e) => (
        <li key={e.at + e.decision}>
          <b>{t(`event.${e.decision}`, { hours: f.number(e.hours ?? 0) })}</b>
          {e.reason && <q className="his-why">{e.reason}</q>}
          <span className="small">{t("by", { name: e.by.name, date: f.date(e.at, "minute") })}</span>
        </li>
      ))}
    </ol>
  );
}

import type { Schemas } from "../../api/client";
import { useFormat } from "../format";
import { More } from "../More";
import { useEvidence } from "./messages";
import { type Session, textureOf } from "./model";

const textures = { passed: "v", wrong: "x", missed: "x", open: "p" } as const;

/** The presence checks, one a row. */
export function Checks({ session: e }: { session: Session }) {
  const t = useEvidence();
  const f = useFormat();
  const start = Date.parse(e.opened_at);
  if (e.checks.length === 0) return <p className="small muted">{t("noChecks")}</p>;
  return (
    <div className="ev-tbl">
      <table className="tbl num">
        <thead>
          <tr>
            <th scope="col">{t("asked")}</th>
            <th scope="col">{t("kind")}</th>
            <th scope="col">{t("outcome")}</th>
            <th scope="col" className="n">
              {t("reaction")}
            </th>
          </tr>
        </thead>
        <tbody>
          {e.checks.map((c) => (
            <tr key={`${c.asked_ms}-${c.ended_ms}`}>
              <td>{f.date(start + c.asked_ms, "second")}</td>
              <td>{t(c.question ? "question" : "confirm")}</td>
              <td>
                <span className={`st ${textures[c.outcome]}`}>{t(`outcome.${c.outcome}`)}</span>
              </td>
              <td className="n">
                {c.reaction_ms === undefined ? "—" : t("seconds", { n: f.number(c.reaction_ms / 1000, 1) })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface BeatsProps {
  session: Session;
  rows: Schemas["BeatRecord"][];
  list: Parameters<typeof More>[0]["list"];
}

/** The beats behind the drawing, page by page. */
export function Beats({ session: e, rows, list }: BeatsProps) {
  const t = useEvidence();
  const f = useFormat();
  const start = Date.parse(e.opened_at);
  return (
    <details className="ev-beats">
      <summary>{t("allBeats", { count: e.beats })}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div className="ev-tbl" tabIndex={0} role="group" aria-label={t("allBeats", { count: e.beats })}>
        <table className="tbl num">
          <thead>
            <tr>
              <th scope="col" className="n">
                {t("number")}
              </th>
              <th scope="col">{t("at")}</th>
              <th scope="col">{t("reported")}</th>
              <th scope="col">{t("media")}</th>
              <th scope="col" className="n">
                {t("credit")}
              </th>
              <th scope="col">{t("fate")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((b) => (
              <tr key={b.seq}>
                <td className="n">{b.seq}</td>
                <td>{f.date(start + b.at_ms, "second")}</td>
                <td>
                  {t(`state.${b.state}`)}
                  {!b.visible && ` · ${t("hidden")}`}
                </td>
                <td>
                  {b.spans.map((s) => `${f.clock(s.from_ms / 1000)}–${f.clock(s.to_ms / 1000)}`).join(", ") ||
                    "—"}
                </td>
                <td className="n">{t("seconds", { n: f.number(b.credit_ms / 1000, 1) })}</td>
                <td>
                  {b.credit_ms > 0 ? (
                    <span className={`st ${textureOf[b.fate]}`}>{t(b.fate)}</span>
                  ) : (
                    <span className="st m">{t("nothing")}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <More list={list} />
    </details>
  );
}

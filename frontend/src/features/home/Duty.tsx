import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { useFormat } from "../../lib/format";
import { Message } from "../../ui/states";
import { dutyQuery } from "./api";
import { useHome } from "./messages";
import { band, percent, share } from "./model";
import { Figures, Loaded, Panel } from "./Panel";

type Year = Schemas["DutyFigures"];

function Sum({ duty: d, below }: { duty: Year; below?: boolean }) {
  const t = useHome();
  const f = useFormat();
  const parts = [
    { standing: "met", n: d.met, key: "v" },
    { standing: "begun", n: d.begun, key: "ot" },
    { standing: "not-begun", n: d.not_begun, key: "m" },
  ] as const;
  return (
    <section className="card hp wide" aria-label={t("duty", { year: d.year })}>
      <div className="hk">
        <div>
          <h2 className="small muted">{t("met", { year: d.year })}</h2>
          <b className="big num">{percent(d.met, d.people)}%</b>
          <span className="small muted">{t(below ? "peopleBelow" : "peopleOwn", { count: d.people })}</span>
        </div>
        {parts.map((p) => (
          <div key={p.standing}>
            <span className={`key ${p.key}`}>{t(`standing.${p.standing}`)}</span>
            <b className="num">{f.number(p.n)}</b>
            {p.n > 0 && (
              <Link className="small" to="/workspace/hours" search={{ standing: p.standing }}>
                {t("who")}
              </Link>
            )}
          </div>
        ))}
      </div>
      <div className="cmp" aria-hidden="true">
        {parts.map((p) => p.n > 0 && <i key={p.key} className={p.key} style={{ flexGrow: p.n }} />)}
      </div>
    </section>
  );
}

/** A tile an organisation: the darker, the more of its people have met the duty; hollow under half. */
function Below({ duty: d }: { duty: Year }) {
  const t = useHome();
  const f = useFormat();
  return (
    <Panel title={t("below")} sub={t("belowSub", { year: d.year })} wide>
      <ul className="tiles">
        {d.below.map((l) => (
          <li key={l.org.id}>
            <Link
              className={`tile ${band(share(l.met, l.people))}`}
              to="/workspace/hours"
              search={{ org: l.org.id }}
            >
              <span>{f.text(l.org.name)}</span>
              <b className="num">{percent(l.met, l.people)}%</b>
              <span className="num">{t("people", { count: l.people })}</span>
            </Link>
          </li>
        ))}
      </ul>
      <p className="tile-k small muted" aria-hidden="true">
        {(["low", "b1", "b2", "b3", "b4"] as const).map((b) => (
          <span key={b}>
            <i className={b} />
            {t(`band.${b}`)}
          </span>
        ))}
      </p>
      <Figures
        caption={t("below")}
        head={[
          t("org"),
          t("col.people"),
          t("standing.met"),
          t("standing.begun"),
          t("standing.not-begun"),
          t("rate"),
        ]}
        rows={d.below.map((l) => ({
          key: l.org.id,
          cells: [
            f.text(l.org.name),
            f.number(l.people),
            f.number(l.met),
            f.number(l.begun),
            f.number(l.not_begun),
            `${percent(l.met, l.people)}%`,
          ],
        }))}
      />
    </Panel>
  );
}

/** How the people of an organisation stand with this year's duty; of a department by what is below it. */
export function Duty({ org, below }: { org: Schemas["OrgRef"]; below?: boolean }) {
  const t = useHome();
  const duty = useQuery(dutyQuery(org.id));
  return (
    <Loaded query={duty}>
      {(d) =>
        d.people === 0 ? (
          <section className="card hp wide">
            <Message icon="people" title={t("nobody")}>
              <p>{t("nobodyText")}</p>
            </Message>
          </section>
        ) : (
          <>
            <Sum duty={d} below={below} />
            {below && d.below.length > 0 && <Below duty={d} />}
          </>
        )
      }
    </Loaded>
  );
}

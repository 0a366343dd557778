import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Schemas } from "../../api/client";
import { ago } from "../../lib/ago";
import { useFormat } from "../../lib/format";
import { useNow } from "../../lib/hooks";
import { Icon } from "../../ui/Icon";
import { supervisionQuery } from "./api";
import { useHome } from "./messages";
import { Loaded, Panel } from "./Panel";
import { Rows } from "./Rows";

type View = Schemas["SupervisionFigures"];
const ages = ["fresh", "week", "fortnight", "old"] as const;

function Waiting({ waiting: w }: { waiting: Schemas["WaitingFigures"] }) {
  const t = useHome();
  const f = useFormat();
  const now = useNow(60_000);
  const all = w.by_age.reduce((a, b) => a + b, 0);
  return (
    <Panel
      title={t("waiting")}
      sub={all ? t("waitingSub", { count: all }) : t("waitingNone")}
      end={
        <Link className="btn sm" to="/workspace/reviews" search={{}}>
          {t("toReviews")}
          <Icon name="right" size="s" />
        </Link>
      }
    >
      {all > 0 && (
        <>
          <ul className="bars">
            {ages.map((age, n) => (
              <li key={age}>
                <span>{t(`age.${age}`)}</span>
                <span className="bar-t" aria-hidden="true">
                  <i
                    className={age === "old" ? "late" : undefined}
                    style={{ width: `${((w.by_age[n] ?? 0) / Math.max(...w.by_age)) * 100}%` }}
                  />
                </span>
                <b className="num">{f.number(w.by_age[n] ?? 0)}</b>
              </li>
            ))}
          </ul>
          <Rows
            rows={w.oldest.map((x) => ({
              key: x.version_id,
              icon: "inbox",
              name: f.text(x.title),
              sub: f.text(x.provider.name),
              end: ago(x.at, now, f.locale),
              link: { to: "/workspace/reviews", search: { id: x.version_id } },
            }))}
          />
        </>
      )}
    </Panel>
  );
}

function Flags({ flags }: { flags: Schemas["FlagFigures"] }) {
  const t = useHome();
  const f = useFormat();
  return (
    <Panel
      title={t("flags")}
      sub={flags.serious + flags.notice ? t("flagsSub") : t("flagsNone")}
      end={
        <Link className="btn sm" to="/workspace/integrity" search={{}}>
          {t("toFlags")}
          <Icon name="right" size="s" />
        </Link>
      }
    >
      <div className="duo">
        {(["serious", "notice"] as const).map((s) => (
          <Link key={s} to="/workspace/integrity" search={{ severity: s }}>
            <b className="num">{f.number(flags[s])}</b>
            <span>
              <Icon name={s === "serious" ? "warn" : "info"} size="s" />
              {t(`severity.${s}`)}
            </span>
          </Link>
        ))}
      </div>
    </Panel>
  );
}

function Organisations({ view: v }: { view: View }) {
  const t = useHome();
  const f = useFormat();
  return (
    <Panel title={t("orgs")} sub={t("coursesBelow", { count: v.courses })}>
      {v.organisations.length === 0 ? (
        <p className="muted">{t("orgsNone")}</p>
      ) : (
        <dl className="dl pairs">
          {v.organisations.map((o) => (
            <div key={o.kind}>
              <dt>{t(`kind.${o.kind}`)}</dt>
              <dd className="num">{f.number(o.count)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Panel>
  );
}

function Deeds({ deeds }: { deeds: Schemas["TrailLine"][] }) {
  const t = useHome();
  const f = useFormat();
  const now = useNow(60_000);
  return (
    <Panel title={t("deeds")} sub={t("deedsSub")}>
      {deeds.length === 0 ? (
        <p className="muted">{t("deedsNone")}</p>
      ) : (
        <Rows
          rows={deeds.map((d) => ({
            key: d.id,
            icon: "list",
            name: t(`deed.${d.action}` as "deed.other", { defaultValue: t("deed.other") }),
            sub: [d.actor ?? t("program"), d.subject && t("about", { name: d.subject }), f.text(d.org?.name)]
              .filter(Boolean)
              .join(" · "),
            end: ago(d.at, now, f.locale),
          }))}
        />
      )}
    </Panel>
  );
}

/** What waits at and below a department, and the last that was done there, as far as the role shows it. */
export function Supervision({ org, flags }: { org: Schemas["OrgRef"]; flags: boolean }) {
  const view = useQuery(supervisionQuery(org.id));
  return (
    <Loaded query={view}>
      {(v) => (
        <>
          {v.waiting && <Waiting waiting={v.waiting} />}
          {flags && v.flags && <Flags flags={v.flags} />}
          <Organisations view={v} />
          {v.deeds && <Deeds deeds={v.deeds} />}
        </>
      )}
    </Loaded>
  );
}

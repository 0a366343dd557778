import { Link } from "@tanstack/react-router";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import type { Entry } from "./api";
import { useTrail } from "./messages";
import { changes, known } from "./model";

/** A deed as a sentence. */
export function useSentence() {
  const t = useTrail();
  return (e: Entry) => {
    const name = known(e.action);
    const values = {
      who: e.actor?.name ?? t("program"),
      whom: e.subject?.name ?? t("somebody"),
      action: e.action,
    };
    return t(name ? `act.${name}` : "act", values);
  };
}

function Difference({ entry }: { entry: Entry }) {
  const t = useTrail();
  const rows = changes(entry.before, entry.after);
  if (rows.length === 0) return <p className="small muted">{t("noChange")}</p>;
  return (
    <div className="tr-scroll">
      <table className="tr-diff">
        <caption className="vh">{t("changed")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("field")}</th>
            <th scope="col">{t("before")}</th>
            <th scope="col">{t("after")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((c) => (
            <tr key={c.name}>
              <th scope="row" className="mono">
                {c.name}
              </th>
              <td>{c.before === undefined ? t("nothing") : <del>{c.before}</del>}</td>
              <td>{c.after === undefined ? t("nothing") : <ins>{c.after}</ins>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where it was done and by whom, each with a way to see more of the same. */
function Facts({ entry: e }: { entry: Entry }) {
  const t = useTrail();
  const f = useFormat();
  const facts = [
    { what: "who", text: e.actor?.name ?? t("program"), key: "actor", id: e.actor?.id },
    { what: "whom", text: e.subject?.name, key: "subject", id: e.subject?.id },
    { what: "org", text: e.org && f.text(e.org.name), key: "org", id: e.org?.id },
    { what: "object", text: `${e.object_kind} ${e.object_id}`, key: "object", id: e.object_id },
    { what: "address", text: e.address },
    { what: "device", text: e.user_agent },
    { what: "request", text: e.request_id },
  ] as const;
  return (
    <dl className="tr-facts">
      {facts
        .filter((x) => x.text)
        .map((x) => (
          <div key={x.what}>
            <dt>{t(x.what)}</dt>
            <dd className={"key" in x && x.key !== "object" ? undefined : "mono"}>
              {x.text}
              {"key" in x && x.id && (
                <Link
                  className="tr-only"
                  from="/workspace/trail"
                  to="."
                  search={(s) => ({ ...s, [x.key]: x.id })}
                  aria-label={`${t(`narrow.${x.key}`)}: ${x.text}`}
                  title={t(`narrow.${x.key}`)}
                >
                  <Icon name="filter" size="s" />
                </Link>
              )}
            </dd>
          </div>
        ))}
    </dl>
  );
}

/** One deed: a sentence that opens to all that is kept of it. */
export function Deed({ entry }: { entry: Entry }) {
  const f = useFormat();
  const sentence = useSentence();
  return (
    <li>
      <details className="tr-deed">
        <summary>
          <Icon name="right" size="s" />
          <span className="tr-what">{sentence(entry)}</span>
          <span className="small muted">{entry.org && f.text(entry.org.name)}</span>
          <time className="small muted num" dateTime={entry.at}>
            {f.date(entry.at, "minute")}
          </time>
        </summary>
        <div className="tr-more">
          <Difference entry={entry} />
          <Facts entry={entry} />
        </div>
      </details>
    </li>
  );
}

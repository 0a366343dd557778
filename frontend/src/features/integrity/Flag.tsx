import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { Schemas } from "../../api/client";
import { meQuery } from "../../api/queries";
import { SessionView } from "../../lib/evidence/SessionView";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/states";
import { flagQuery, flagSessionQuery } from "./api";
import { Decide } from "./Decide";
import { useIntegrity } from "./messages";
import { SeverityBadge } from "./SeverityBadge";

interface Props {
  id: string;
  place?: { n: number; of: number };
  keys: boolean;
  onPrevious: () => void;
  onNext: () => void;
  onDone: () => void;
}

function Pager({ place, onPrevious, onNext }: Pick<Props, "place" | "onPrevious" | "onNext">) {
  const t = useIntegrity();
  return (
    <div className="pg num">
      <Link className="btn quiet sm to-list" to="." search={(s) => ({ ...s, id: undefined })}>
        <Icon name="list" size="s" />
        {t("toQueue")}
      </Link>
      {place && (
        <>
          <span>
            {place.n} / {place.of}
          </span>
          <button
            className="icon-btn"
            type="button"
            aria-label={t("previous")}
            disabled={place.n === 1}
            onClick={onPrevious}
          >
            <Icon name="left" />
          </button>
          <button
            className="icon-btn"
            type="button"
            aria-label={t("next")}
            disabled={place.n === place.of}
            onClick={onNext}
          >
            <Icon name="right" />
          </button>
        </>
      )}
    </div>
  );
}

function Findings({ flag }: { flag: Schemas["FlagDetail"] }) {
  const t = useIntegrity();
  const f = useFormat();
  const rows: [string, string][] = [
    [t("found"), f.text(flag.found)],
    [t("limit"), f.text(flag.limit)],
    [t("doubt"), f.text(flag.doubt)],
    [t("when"), `${f.date(flag.first_at, "minute")} – ${f.date(flag.last_at, "minute")}`],
    [t("org"), f.text(flag.org.name)],
  ];
  return (
    <section className="card bx">
      <dl className="fi">
        {rows.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="note">
        <Icon name="info" />
        {t("noCredit")}
      </p>
    </section>
  );
}

function Session({ flag, session }: { flag: string; session: string }) {
  const query = useInfiniteQuery(flagSessionQuery(flag, session));
  const first = query.data?.pages[0];
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!first) return <Skeleton lines={6} tall />;
  return <SessionView session={first} rows={query.data?.pages.flatMap((p) => p.rows) ?? []} list={query} />;
}

/** The sessions a flag rests on; one of them is drawn. */
function Sessions({ flag }: { flag: Schemas["FlagDetail"] }) {
  const t = useIntegrity();
  const f = useFormat();
  const [chosen, choose] = useState(flag.session_list[0]?.id);
  return (
    <section className="card bx fi-s">
      <Select
        label={t("session", { count: flag.session_list.length })}
        value={chosen}
        onChange={(e) => choose(e.target.value)}
      >
        {flag.session_list.map((s) => (
          <option key={s.id} value={s.id}>
            {f.date(s.opened_at, "minute")} · {f.text(s.lesson)} · {f.exact(s.credit_s)}
          </option>
        ))}
      </Select>
      {chosen && <Session key={chosen} flag={flag.id} session={chosen} />}
    </section>
  );
}

/** Why there is nothing to decide here: who decided, or why not you. */
function Undecidable({ flag }: { flag: Schemas["FlagDetail"] }) {
  const t = useIntegrity();
  const f = useFormat();
  const { data: me } = useQuery(meQuery);
  const decided = flag.state !== "open" && flag.decided_by && flag.decided_at;
  let words: ReactNode = t(flag.person.id === me?.id ? "own" : "readOnly");
  if (decided) {
    const values = { name: flag.decided_by?.name, date: f.date(flag.decided_at ?? "", "minute") };
    words = (
      <span>
        {t(`decided.${flag.state === "upheld" ? "upheld" : "dismissed"}`, values)}
        <span className="fi-r">{flag.reason}</span>
      </span>
    );
  }
  return (
    <div className="bar">
      <div className="note">
        <Icon name={decided ? "passed" : "lock"} />
        {words}
      </div>
    </div>
  );
}

export function Flag({ id, place, keys, onPrevious, onNext, onDone }: Props) {
  const t = useIntegrity();
  const query = useQuery(flagQuery(id));
  const pager = <Pager place={place} onPrevious={onPrevious} onNext={onNext} />;
  const flag = query.data;
  if (!flag) {
    return (
      <div className="d-s">
        {pager}
        {query.isError ? (
          <Failure error={query.error} retry={() => void query.refetch()} />
        ) : (
          <Skeleton lines={8} tall />
        )}
      </div>
    );
  }
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <div className="d-s" tabIndex={0} role="group" aria-label={t(`kind.${flag.kind}`)}>
        <div className="d-h">
          <div>
            <p className="row">
              <SeverityBadge severity={flag.severity} />
              <span className="small muted">{t(`state.${flag.state}`)}</span>
            </p>
            <h2 id="flag-title" tabIndex={-1}>
              {t(`kind.${flag.kind}`)} · {flag.person.name}
            </h2>
          </div>
          {pager}
        </div>
        <div className="fi-b">
          <Findings flag={flag} />
          <Sessions flag={flag} />
        </div>
      </div>
      {flag.may_decide ? <Decide flag={flag} keys={keys} onDone={onDone} /> : <Undecidable flag={flag} />}
    </>
  );
}

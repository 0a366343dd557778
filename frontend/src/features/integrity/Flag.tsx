import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Schemas } from "../../api/client";
import { meQuery } from "../../api/queries";
import { SessionView } from "../../lib/evidence/SessionView";
import { Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { type At, Opened, Opening } from "../../lib/queue/Opened";
import { Icon } from "../../ui/Icon";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/states";
import { flagQuery, flagSessionQuery } from "./api";
import { Decide } from "./Decide";
import { useIntegrity } from "./messages";
import { SeverityBadge } from "./SeverityBadge";

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

export function Flag({ id, at }: { id: string; at: At }) {
  const t = useIntegrity();
  const query = useQuery(flagQuery(id));
  const flag = query.data;
  if (!flag) return <Opening at={at} query={query} />;
  const kind = t(`kind.${flag.kind}`);
  const above = (
    <p className="row">
      <SeverityBadge severity={flag.severity} />
      <span className="small muted">{t(`state.${flag.state}`)}</span>
    </p>
  );
  return (
    <>
      <Opened at={at} label={kind} above={above} title={`${kind} · ${flag.person.name}`}>
        <div className="fi-b">
          <Findings flag={flag} />
          <Sessions flag={flag} />
        </div>
      </Opened>
      {flag.may_decide ? <Decide flag={flag} at={at} /> : <Undecidable flag={flag} />}
    </>
  );
}

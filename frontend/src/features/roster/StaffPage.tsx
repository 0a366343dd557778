import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useDeferredValue, useRef, useState } from "react";
import { explain, Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { useCommon } from "../../lib/messages";
import { useManaged } from "../../lib/useWorkspace";
import { Field } from "../../ui/Field";
import { Message, Skeleton } from "../../ui/states";
import { importsQuery, sendFile, staffQuery } from "./api";
import { useRoster } from "./messages";
import { OrgChoice } from "./OrgChoice";
import "./roster.css";

const route = getRouteApi("/workspace/staff");

function Upload({ org }: { org: string }) {
  const t = useRoster();
  const common = useCommon();
  const f = useFormat();
  const input = useRef<HTMLInputElement>(null);
  const navigate = route.useNavigate();
  const send = useMutation({
    mutationFn: (file: File) => sendFile(org, file),
    onSuccess: (i) => void navigate({ to: "/workspace/staff/$importId", params: { importId: i.id } }),
  });
  const lang = f.locale === "en" ? "en" : "zh";
  return (
    <section className="card ro-box" aria-label={t("import")}>
      <h2>{t("import")}</h2>
      <p className="muted">{t("importText")}</p>
      <div className="ro-acts">
        <input
          ref={input}
          type="file"
          hidden
          accept=".csv,.txt,.xlsx"
          aria-label={t("choose")}
          onChange={(e) => {
            const file = e.target.files?.[0];
            if (file) send.mutate(file);
            e.target.value = "";
          }}
        />
        <button
          className="btn primary"
          type="button"
          disabled={send.isPending}
          onClick={() => input.current?.click()}
        >
          {t(send.isPending ? "sending" : "choose")}
        </button>
        <a className="btn" href={`/api/v1/staff-template.xlsx?lang=${lang}`} download>
          {t("template", { format: "XLSX" })}
        </a>
        <a className="btn" href={`/api/v1/staff-template.csv?lang=${lang}`} download>
          {t("template", { format: "CSV" })}
        </a>
      </div>
      {send.isError && (
        <p className="note x" role="alert">
          {explain(send.error, common)}
        </p>
      )}
      <Past org={org} />
    </section>
  );
}

function Past({ org }: { org: string }) {
  const t = useRoster();
  const f = useFormat();
  const { data } = useQuery(importsQuery(org));
  if (!data?.items.length) return null;
  return (
    <>
      <h3>{t("past")}</h3>
      <ul className="ro-past">
        {data.items.map((i) => (
          <li key={i.id}>
            <Link to="/workspace/staff/$importId" params={{ importId: i.id }}>
              {i.filename}
            </Link>
            <span className="small muted">
              {t(`state.${i.state}`)} · <time dateTime={i.created_at}>{f.date(i.created_at, "minute")}</time>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function People({ org }: { org: string }) {
  const t = useRoster();
  const f = useFormat();
  const [typed, setTyped] = useState("");
  const list = useInfiniteQuery(staffQuery(org, useDeferredValue(typed.trim())));
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const lang = f.locale === "en" ? "en" : "zh";
  return (
    <section className="ro-list" aria-label={t("people")}>
      <div className="ro-find">
        <Field id="staff-q" label={t("find")} value={typed} onChange={(e) => setTyped(e.target.value)} />
        <a className="btn" href={`/api/v1/organisations/${org}/staff.xlsx?lang=${lang}`} download>
          {t("export", { format: "XLSX" })}
        </a>
        <a className="btn" href={`/api/v1/organisations/${org}/staff.csv?lang=${lang}`} download>
          {t("export", { format: "CSV" })}
        </a>
      </div>
      {list.isPending && <Skeleton lines={6} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <Message icon="people" title={t(typed ? "nobodyFound" : "nobody")}>
          <p>{t(typed ? "nobodyFoundText" : "nobodyText")}</p>
        </Message>
      )}
      {items.length > 0 && (
        <>
          <p className="muted num" aria-live="polite">
            {t("total", { count: list.data?.pages[0]?.total ?? 0 })}
          </p>
          <ul className="card ro-people">
            {items.map((m) => (
              <li key={m.id}>
                <b>{m.name}</b>
                <span className="small muted">
                  {[m.employee_no, m.department, m.position, ...m.groups].filter(Boolean).join(" · ")}
                </span>
                <span className="small ro-mail">{m.email}</span>
                <span className={m.state === "joined" ? "st v" : "st m"}>{t(`member.${m.state}`)}</span>
              </li>
            ))}
          </ul>
          <More list={list} />
        </>
      )}
    </section>
  );
}

export function StaffPage() {
  const t = useRoster();
  const { org: chosen } = route.useSearch();
  const { orgs, org } = useManaged(chosen);
  const navigate = route.useNavigate();
  useTitle(t("title"));
  return (
    <main id="main" className="wrap ro">
      <div className="head1">
        <h1>{t("title")}</h1>
        <Link className="btn quiet end" to="/workspace/assignments" search={{ org: org?.id }}>
          {t("assignments")}
        </Link>
      </div>
      <OrgChoice orgs={orgs} org={org} onChoose={(id) => void navigate({ search: { org: id } })} />
      {org ? (
        <>
          <Upload org={org.id} />
          <People key={org.id} org={org.id} />
        </>
      ) : (
        <Message icon="people" title={t("noOrg")} />
      )}
    </main>
  );
}

import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { explain, Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { useCommon } from "../../lib/messages";
import { Progress } from "../../ui/Progress";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/states";
import { apply, check, type Import, importQuery, importRowsQuery } from "./api";
import { useRoster } from "./messages";
import "./roster.css";

const route = getRouteApi("/workspace/staff/$importId");
const fields = [
  "name",
  "email",
  "employee_no",
  "department",
  "position",
  "role",
  "group",
  "hired_on",
  "unit",
] as const;

function useAct<A>(id: string, act: (a: A) => Promise<Import>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () => void queries.invalidateQueries({ queryKey: ["import", id] }),
  });
}

/** Says by hand which column holds what. */
function Columns({ of }: { of: Import }) {
  const t = useRoster();
  const common = useCommon();
  const [columns, setColumns] = useState<Record<string, number>>(of.columns);
  const go = useAct(of.id, (c: Record<string, number>) => check(of.id, c));
  return (
    <form
      className="card ro-box"
      onSubmit={(e) => {
        e.preventDefault();
        go.mutate(columns);
      }}
    >
      <h2>{t("columns")}</h2>
      <p className="muted">{t("columnsText")}</p>
      <div className="ro-cols">
        {fields.map((field) => (
          <Select
            key={field}
            id={`col-${field}`}
            label={t(`field.${field}`)}
            value={columns[field] ?? ""}
            required={field === "name" || field === "email"}
            onChange={(e) => {
              const { [field]: _, ...rest } = columns;
              setColumns(e.target.value === "" ? rest : { ...rest, [field]: Number(e.target.value) });
            }}
          >
            <option value="">{t("noColumn")}</option>
            {of.headings.map((h, n) => (
              <option key={n} value={n}>
                {h || t("column", { n: n + 1 })}
              </option>
            ))}
          </Select>
        ))}
      </div>
      <button className="btn primary" type="submit" disabled={go.isPending}>
        {t("goOn")}
      </button>
      {go.isError && (
        <p className="note x" role="alert">
          {explain(go.error, common)}
        </p>
      )}
    </form>
  );
}

function Rows({ of }: { of: Import }) {
  const t = useRoster();
  const common = useCommon();
  const f = useFormat();
  const [which, setWhich] = useState<"bad" | "warned" | "good">(of.bad > 0 ? "bad" : "good");
  const [chosen, setChosen] = useState<Set<number>>(new Set());
  const list = useInfiniteQuery(importRowsQuery(of.id, which));
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const go = useAct(of.id, (rows: number[] | undefined) => apply(of.id, rows));
  const good = of.total - of.bad;
  const lang = f.locale === "en" ? "en" : "zh";
  const toggle = (row: number) => {
    const next = new Set(chosen);
    if (!next.delete(row)) next.add(row);
    setChosen(next);
  };
  const open = of.state === "checked";
  return (
    <section className="card ro-box" aria-label={t("rows")}>
      <p className="ro-sum num">
        {t("sum", { total: f.number(of.total), good: f.number(good), bad: f.number(of.bad) })}
      </p>
      {open && (
        <div className="ro-acts">
          <button
            className="btn primary"
            type="button"
            disabled={good === 0 || go.isPending}
            onClick={() => go.mutate(chosen.size ? [...chosen] : undefined)}
          >
            {chosen.size ? t("applyChosen", { count: chosen.size }) : t("applyGood", { count: good })}
          </button>
          {of.bad + of.warned > 0 && (
            <a className="btn" href={`/api/v1/staff-imports/${of.id}/problems.csv?lang=${lang}`} download>
              {t("problems")}
            </a>
          )}
          <span className="small muted">{t("applyText")}</span>
        </div>
      )}
      {go.isError && (
        <p className="note x" role="alert">
          {explain(go.error, common)}
        </p>
      )}
      <fieldset className="seg" aria-label={t("which")}>
        {(["bad", "warned", "good"] as const).map((w) => (
          <button key={w} type="button" aria-pressed={which === w} onClick={() => setWhich(w)}>
            {t(`which.${w}`)}
          </button>
        ))}
      </fieldset>
      {list.isPending && <Skeleton lines={4} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <p className="muted">{t("noRows")}</p>}
      <ul className="ro-rows">
        {items.map((r) => (
          <li key={r.row}>
            <div className="ro-row">
              {open && r.good && (
                <input
                  type="checkbox"
                  aria-label={t("row", { n: r.row })}
                  checked={chosen.has(r.row)}
                  onChange={() => toggle(r.row)}
                />
              )}
              <span className="num muted">{t("row", { n: r.row })}</span>
              <b>{r.name || "—"}</b>
              <span className="small ro-mail">{r.email}</span>
              <span className="small muted">
                {[r.employee_no, r.department, r.position, r.group].filter(Boolean).join(" · ")}
              </span>
            </div>
            {r.problems.map((p) => (
              <p key={p.field + p.code} className={p.warning ? "note" : "note x"}>
                {p.column && <b>{t("column", { n: p.column })} </b>}
                {f.text(p.text)}
              </p>
            ))}
          </li>
        ))}
      </ul>
      <More list={list} />
    </section>
  );
}

export function ImportPage() {
  const t = useRoster();
  const f = useFormat();
  const { importId } = route.useParams();
  const { data: i, ...query } = useQuery(importQuery(importId));
  useTitle(i?.filename ?? t("import"));
  const working = i && (i.state === "checking" || i.state === "applying");
  return (
    <main id="main" className="wrap ro">
      <div className="head1">
        <h1 className="ro-name">{i?.filename ?? t("import")}</h1>
        <Link className="btn quiet end" to="/workspace/staff" search={{ org: i?.org_id }}>
          {t("back")}
        </Link>
      </div>
      {query.isPending && <Skeleton lines={6} />}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {working && (
        <div className="card ro-box">
          <Progress
            label={t(`state.${i.state}`)}
            value={i.progress_of ? i.progress / i.progress_of : 0}
            text={`${Math.floor((100 * i.progress) / Math.max(1, i.progress_of))} %`}
          />
          <p className="muted">{t("mayLeave")}</p>
        </div>
      )}
      {i?.state === "uploading" && <p className="note">{t("unfinished")}</p>}
      {i?.state === "failed" && i.reason && (
        <p className="note x" role="alert">
          {f.text(i.reason)}
        </p>
      )}
      {i?.state === "done" && (
        <p className="note" role="status">
          {t("done", { added: f.number(i.added), changed: f.number(i.changed), left: f.number(i.left) })}
        </p>
      )}
      {i?.state === "mapping" && <Columns of={i} />}
      {(i?.state === "checked" || i?.state === "done") && <Rows of={i} />}
    </main>
  );
}

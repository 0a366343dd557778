import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useDeferredValue, useState } from "react";
import { api, idempotent, type Schemas, take } from "../../api/client";
import { explain, Failure } from "../../lib/Failure";
import { useFormat } from "../../lib/format";
import { useTitle } from "../../lib/hooks";
import { More } from "../../lib/More";
import { useCommon } from "../../lib/messages";
import { useManaged } from "../../lib/useWorkspace";
import { Area } from "../../ui/Area";
import { Field } from "../../ui/Field";
import { Select } from "../../ui/Select";
import { Message, Skeleton } from "../../ui/states";
import { assignmentsQuery, coursesQuery, groupsQuery } from "./api";
import { useRoster } from "./messages";
import { OrgChoice } from "./OrgChoice";
import "./roster.css";

const route = getRouteApi("/workspace/assignments");

/** What was pasted, word by word: numbers and addresses hold no blanks. */
const words = (text: string) => text.split(/[\s,;，；、]+/).filter(Boolean);

function Group({ group, org }: { group: Schemas["StaffGroup"]; org: string }) {
  const t = useRoster();
  const common = useCommon();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const add = useMutation({
    mutationFn: () =>
      take(
        api.POST("/groups/{id}/members", {
          params: { path: { id: group.id } },
          headers: idempotent(),
          body: { known_by: words(text) },
        }),
      ),
    onSuccess: (r) => {
      setText(r.unknown.join("\n"));
      void queries.invalidateQueries({ queryKey: groupsQuery(org).queryKey });
    },
  });
  return (
    <details>
      <summary>
        <b>{group.name}</b> <span className="muted num">{t("members", { count: group.members })}</span>
      </summary>
      <form
        className="ro-add"
        onSubmit={(e) => {
          e.preventDefault();
          add.mutate();
        }}
      >
        <Area
          id={`add-${group.id}`}
          label={t("paste")}
          hint={t("pasteHint")}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
        <button className="btn" type="submit" disabled={add.isPending || !words(text).length}>
          {t("add")}
        </button>
        {add.isSuccess && (
          <p className={add.data.unknown.length ? "note x" : "note"} role="status">
            {t("added", { count: add.data.added })}
            {add.data.unknown.length > 0 && ` ${t("unknown", { count: add.data.unknown.length })}`}
          </p>
        )}
        {add.isError && (
          <p className="note x" role="alert">
            {explain(add.error, common)}
          </p>
        )}
      </form>
    </details>
  );
}

function Groups({ org }: { org: string }) {
  const t = useRoster();
  const common = useCommon();
  const queries = useQueryClient();
  const { data } = useQuery(groupsQuery(org));
  const [name, setName] = useState("");
  const make = useMutation({
    mutationFn: () =>
      take(
        api.POST("/organisations/{id}/groups", {
          params: { path: { id: org } },
          headers: idempotent(),
          body: { name },
        }),
      ),
    onSuccess: () => {
      setName("");
      void queries.invalidateQueries({ queryKey: groupsQuery(org).queryKey });
    },
  });
  return (
    <section className="card ro-box" aria-label={t("groups")}>
      <h2>{t("groups")}</h2>
      {data?.items.length === 0 && <p className="muted">{t("noGroups")}</p>}
      {data?.items.map((g) => (
        <Group key={g.id} group={g} org={org} />
      ))}
      <form
        className="ro-find"
        onSubmit={(e) => {
          e.preventDefault();
          make.mutate();
        }}
      >
        <Field
          id="group-name"
          label={t("newGroup")}
          value={name}
          maxLength={100}
          required
          onChange={(e) => setName(e.target.value)}
        />
        <button className="btn" type="submit" disabled={make.isPending}>
          {t("make")}
        </button>
      </form>
      {make.isError && (
        <p className="note x" role="alert">
          {explain(make.error, common)}
        </p>
      )}
    </section>
  );
}

function Assign({ org }: { org: string }) {
  const t = useRoster();
  const common = useCommon();
  const f = useFormat();
  const queries = useQueryClient();
  const [q, setQ] = useState("");
  const [course, setCourse] = useState("");
  const [group, setGroup] = useState("");
  const [due, setDue] = useState("");
  const [note, setNote] = useState("");
  const courses = useQuery(coursesQuery(useDeferredValue(q.trim())));
  const groups = useQuery(groupsQuery(org));
  const assign = useMutation({
    mutationFn: () =>
      take(
        api.POST("/organisations/{id}/assignments", {
          params: { path: { id: org } },
          headers: idempotent(),
          body: { course_id: course, groups: [group], due_on: due, note },
        }),
      ),
    onSuccess: () => {
      setNote("");
      void queries.invalidateQueries({ queryKey: assignmentsQuery(org).queryKey });
    },
  });
  return (
    <section className="card ro-box" aria-label={t("assign")}>
      <h2>{t("assign")}</h2>
      <form
        className="ro-cols"
        onSubmit={(e) => {
          e.preventDefault();
          assign.mutate();
        }}
      >
        <Field id="as-q" label={t("findCourse")} value={q} onChange={(e) => setQ(e.target.value)} />
        <Select
          id="as-course"
          label={t("course")}
          value={course}
          required
          onChange={(e) => setCourse(e.target.value)}
        >
          <option value="">{t("pick")}</option>
          {courses.data?.items.map((c) => (
            <option key={c.id} value={c.id}>
              {f.text(c.title)}
            </option>
          ))}
        </Select>
        <Select
          id="as-group"
          label={t("group")}
          value={group}
          required
          onChange={(e) => setGroup(e.target.value)}
        >
          <option value="">{t("pick")}</option>
          {groups.data?.items.map((g) => (
            <option key={g.id} value={g.id}>
              {g.name}
            </option>
          ))}
        </Select>
        <Field
          id="as-due"
          type="date"
          label={t("due")}
          value={due}
          required
          onChange={(e) => setDue(e.target.value)}
        />
        <Field
          id="as-note"
          label={t("why")}
          hint={t("whyHint")}
          value={note}
          maxLength={500}
          onChange={(e) => setNote(e.target.value)}
        />
        <button className="btn primary" type="submit" disabled={assign.isPending}>
          {t("assign")}
        </button>
      </form>
      {assign.isError && (
        <p className="note x" role="alert">
          {explain(assign.error, common)}
        </p>
      )}
    </section>
  );
}

function Given({ org }: { org: string }) {
  const t = useRoster();
  const f = useFormat();
  const list = useInfiniteQuery(assignmentsQuery(org));
  const items = list.data?.pages.flatMap((p) => p.items) ?? [];
  const lang = f.locale === "en" ? "en" : "zh";
  return (
    <section aria-label={t("given")}>
      {list.isPending && <Skeleton lines={4} />}
      {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && <Message icon="calendar" title={t("noneGiven")} />}
      <ul className="ro-given">
        {items.map((a) => (
          <li key={a.id} className="card ro-box">
            <b>{f.text(a.title)}</b>
            <span className="muted">
              {t("until", { date: f.date(a.due_on) })} · {a.groups.join(", ")}
            </span>
            {a.note && <span>{a.note}</span>}
            <dl className="ro-counts">
              {(["done", "begun", "assigned", "overdue", "waiting"] as const).map((k) => (
                <div key={k}>
                  <dt className="small muted">{t(`count.${k}`)}</dt>
                  <dd className="num">{f.number(a[k])}</dd>
                </div>
              ))}
            </dl>
            <a className="btn" href={`/api/v1/assignments/${a.id}/people.xlsx?lang=${lang}`} download>
              {t("export", { format: "XLSX" })}
            </a>
          </li>
        ))}
      </ul>
      <More list={list} />
    </section>
  );
}

export function AssignmentsPage() {
  const t = useRoster();
  const { org: chosen } = route.useSearch();
  const { orgs, org } = useManaged(chosen);
  const navigate = route.useNavigate();
  useTitle(t("assignments"));
  return (
    <main id="main" className="wrap ro">
      <div className="head1">
        <h1>{t("assignments")}</h1>
        <Link className="btn quiet end" to="/workspace/staff" search={{ org: org?.id }}>
          {t("title")}
        </Link>
      </div>
      <OrgChoice orgs={orgs} org={org} onChoose={(id) => void navigate({ search: { org: id } })} />
      {org ? (
        <>
          <Assign key={`a${org.id}`} org={org.id} />
          <Given key={`g${org.id}`} org={org.id} />
          <Groups key={org.id} org={org.id} />
        </>
      ) : (
        <Message icon="people" title={t("noOrg")} />
      )}
    </main>
  );
}

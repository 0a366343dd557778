import type { Schemas } from "../api/client";

type Me = Pick<Schemas["Me"], "roles">;
type OrgRef = Schemas["OrgRef"];
type Role = Schemas["MyRole"]["role"];

const authoring: Role[] = ["instructor", "institution_manager", "department_officer"];

const has = (me: Me, roles: Role[]) => me.roles.some((r) => roles.includes(r.role));

export const authors = (me: Me) => has(me, authoring);
export const reviews = (me: Me) => has(me, ["department_officer"]);

/** Who is shown what was flagged in people's study: officers of personnel departments, and auditors. */
export const oversees = (me: Me) =>
  me.roles.some(
    (r) => r.role === "auditor" || (r.role === "department_officer" && r.org.kind === "personnel_department"),
  );

/** Who decides whether two files are one person's: officers of personnel departments. */
export const mergesPeople = (me: Me) =>
  me.roles.some((r) => r.role === "department_officer" && r.org.kind === "personnel_department");

const managing: Role[] = ["institution_manager", "employer_officer", "department_officer"];

/** Who says who belongs to an organisation; with a role, by that role. */
export const managesMembers = (me: Me, by?: Role) => has(me, by ? [by] : managing);

/** The organisations whose members one manages, each once. */
export function managed(me: Me): OrgRef[] {
  const own = me.roles.filter((r) => managing.includes(r.role)).map((r) => [r.org.id, r.org] as const);
  return [...new Map(own).values()];
}

/** What an organisation publishes: its kind decides the subject (the server holds the rule). */
export function subjectOf(org: OrgRef): "professional" | "public" | undefined {
  if (org.kind === "teaching_institution") return "professional";
  if (org.kind === "personnel_department") return "public";
  return undefined;
}

/** The organisations one may start a course in, each once. */
export function publishers(me: Me): OrgRef[] {
  const found = new Map<string, OrgRef>();
  for (const { role, org } of me.roles)
    if (authoring.includes(role) && subjectOf(org)) found.set(org.id, org);
  return [...found.values()];
}

/** Whether the person hands courses of the organisation in for review, or leaves that to a manager. */
export function submitsFor(me: Me, org: OrgRef): boolean {
  return me.roles.some(
    (r) => r.role === "department_officer" || (r.role === "institution_manager" && r.org.id === org.id),
  );
}

/** Each organisation once, in the order of the roles. */
function orgsOf(me: Me, roles: Role[]): OrgRef[] {
  const found = new Map<string, OrgRef>();
  for (const { role, org } of me.roles) if (roles.includes(role)) found.set(org.id, org);
  return [...found.values()];
}

/** Whose people one looks after, or may see. */
export const peopleOrgs = (me: Me) =>
  orgsOf(me, ["institution_manager", "employer_officer", "department_officer", "auditor"]);

/** The departments one is an officer of, and so the trees one manages. */
export const departments = (me: Me) => orgsOf(me, ["department_officer"]);

/** The organisations whose people one looks after, each once. */
export const manages = (me: Me) =>
  orgsOf(me, ["employer_officer", "institution_manager", "department_officer"]);

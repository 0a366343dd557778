import type { Schemas } from "../api/client";

type Me = Pick<Schemas["Me"], "roles">;
type OrgRef = Schemas["OrgRef"];
type Role = Schemas["MyRole"]["role"];

/** The organisations one has such a role in, each once, in the order of the roles. */
function orgsOf(me: Me, roles: Role[]): OrgRef[] {
  const found = new Map<string, OrgRef>();
  for (const { role, org } of me.roles) if (roles.includes(role)) found.set(org.id, org);
  return [...found.values()];
}

/** Who looks after an organisation's people: says who belongs to it, and how they sign in. */
export const managing: Role[] = ["institution_manager", "employer_officer", "department_officer"];

/** Who looks after them, or may see who they are. */
export const seeing: Role[] = [...managing, "auditor"];

export const manages = (me: Me) => orgsOf(me, managing);
export const peopleOrgs = (me: Me) => orgsOf(me, seeing);

/** The departments one is an officer of, and so the trees one manages. */
export const departments = (me: Me) => orgsOf(me, ["department_officer"]);

/** What an organisation publishes: its kind decides the subject (the server holds the rule). */
export function subjectOf(org: OrgRef): "professional" | "public" | undefined {
  if (org.kind === "teaching_institution") return "professional";
  if (org.kind === "personnel_department") return "public";
  return undefined;
}

/** The organisations one may start a course in. */
export const publishers = (me: Me) =>
  orgsOf(me, ["instructor", "institution_manager", "department_officer"]).filter(subjectOf);

/** Whether the person hands courses of the organisation in for review, or leaves that to a manager. */
export function submitsFor(me: Me, org: OrgRef): boolean {
  return me.roles.some(
    (r) => r.role === "department_officer" || (r.role === "institution_manager" && r.org.id === org.id),
  );
}

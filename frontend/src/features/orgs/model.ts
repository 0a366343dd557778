import type { Schemas } from "../../api/client";
import type { Kind, Role } from "./api";

/** What may stand below a department of a kind (the server holds the rule). */
export function kindsBelow(kind: Kind): Kind[] {
  const others: Kind[] = ["industry_department", "teaching_institution", "employer", "association"];
  return kind === "personnel_department" ? ["personnel_department", ...others] : others;
}

export type Level = NonNullable<Schemas["OrgRef"]["level"]>;
const levels: Level[] = ["national", "provincial", "municipal", "county"];

/** The levels below a department's own; none below an industry's. */
export function levelsBelow(level: Level | undefined): Level[] {
  return level ? levels.slice(levels.indexOf(level) + 1) : [];
}

const held: Record<Kind, Role[]> = {
  personnel_department: ["professional", "department_officer", "auditor"],
  industry_department: ["professional", "department_officer", "auditor"],
  teaching_institution: ["professional", "instructor", "institution_manager"],
  association: ["professional", "instructor", "institution_manager"],
  employer: ["professional", "employer_officer"],
};

/** The roles that can be held in an organisation of a kind. */
export const rolesIn = (kind: Kind): Role[] => held[kind];

export type Decision = Schemas["AccreditInputBody"]["decision"];

/** What can be decided on an institution that stands so. */
export function decisionsOn(a: Schemas["Accreditation"]): Decision[] {
  const out: Decision[] = ["accredit"];
  if (a.pending) out.push("refuse");
  if (a.state === "accredited") out.push("suspend");
  if (a.state === "accredited" || a.state === "suspended") out.push("revoke");
  return out;
}

/** The end of a day as the browser's clock has it, but not later than now. */
export function endOf(day: string, now: Date): string {
  const end = new Date(`${day}T23:59:59`);
  return (end > now ? now : end).toISOString();
}

/** A day as a date field writes it. */
export function dayOf(d: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

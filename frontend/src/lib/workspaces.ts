import type { Schemas } from "../api/client";
import { managing, seeing } from "./roles";

type Me = Pick<Schemas["Me"], "roles">;
type Role = Schemas["MyRole"]["role"];

export type WorkspaceKind = "department" | "institution" | "employer" | "auditor";

/** Where somebody works: one organisation in one capacity. Its id stands in the address. */
export interface Workspace {
  id: string;
  kind: WorkspaceKind;
  org: Schemas["OrgRef"];
  roles: Role[];
}

const kinds: [WorkspaceKind, Role[]][] = [
  ["department", ["department_officer"]],
  ["institution", ["institution_manager", "instructor"]],
  ["employer", ["employer_officer"]],
  ["auditor", ["auditor"]],
];

/** Everything the person's roles open, the strongest first. */
export function workspacesOf(me: Me): Workspace[] {
  const found = new Map<string, Workspace>();
  for (const [kind, roles] of kinds)
    for (const { role, org } of me.roles) {
      if (!roles.includes(role)) continue;
      const id = `${kind}-${org.id}`;
      const known = found.get(id);
      if (known) known.roles.push(role);
      else found.set(id, { id, kind, org, roles: [role] });
    }
  return [...found.values()];
}

const personnel = (w: Workspace) => w.kind === "department" && w.org.kind === "personnel_department";

const has = (w: Workspace, roles: Role[]) => w.roles.some((role) => roles.includes(role));
const manages = (w: Workspace) => has(w, managing);
const listsPeople = (w: Workspace) => has(w, seeing);

/** Who is shown the hours of an organisation's people (the server holds the rule). */
export const showsPeople = (w: Workspace) => listsPeople(w) && (w.kind !== "department" || personnel(w));

export const showsFlags = (w: Workspace) => w.kind === "auditor" || personnel(w);

/** Pages that belong to some workspaces only, by the beginning of their path. */
const places: [string, (w: Workspace) => boolean][] = [
  ["/workspace/reviews", (w) => w.kind === "department"],
  ["/workspace/integrity", showsFlags],
  ["/workspace/courses", (w) => w.kind === "institution" || w.kind === "department"],
  ["/workspace/hours", showsPeople],
  ["/workspace/people", listsPeople],
  ["/workspace/staff", manages],
  ["/workspace/assignments", manages],
  ["/workspace/sign-in", manages],
  ["/workspace/organisations", (w) => w.kind === "department"],
  ["/workspace/merges", personnel],
  ["/workspace/trail", showsFlags],
];

export const belongs = (w: Workspace, path: string) =>
  places.every(([prefix, of]) => !path.startsWith(prefix) || of(w));

/** The workspace an address without one opens in: the tab's last, if the page is in it, else the first that has the page. */
export function chosen(me: Me, path: string, last: string | null): Workspace | undefined {
  const all = workspacesOf(me);
  const fitting = all.filter((w) => belongs(w, path));
  return fitting.find((w) => w.id === last) ?? fitting[0] ?? all[0];
}

export type Standing =
  | { open: Workspace }
  /** The page is in other workspaces of the person, or in none. */
  | { closed: "elsewhere" | "nowhere"; at?: Workspace; others: Workspace[] }
  /** The address names a workspace the person does not have. */
  | { closed: "not-held"; at?: undefined; others: Workspace[] };

/** Whether an address opens, and if not, why and where to go instead. */
export function standing(me: Me, id: string | undefined, path: string): Standing {
  const all = workspacesOf(me);
  const others = all.filter((w) => belongs(w, path));
  const at = id === undefined ? chosen(me, path, null) : all.find((w) => w.id === id);
  if (!at && all.length > 0) return { closed: "not-held", others };
  if (at && belongs(at, path)) return { open: at };
  return { closed: others.length > 0 ? "elsewhere" : "nowhere", at, others };
}

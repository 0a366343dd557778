import { createRoute, lazyRouteComponent, redirect, retainSearchParams } from "@tanstack/react-router";
import { meQuery } from "../../api/queries";
import type { Search as TrailSearch } from "../../features/trail/api";
import { lastWorkspace } from "../../lib/useWorkspace";
import { chosen } from "../../lib/workspaces";
import { NotFound } from "../states";
import { root, signedIn } from "./root";
import { day, oneOf, type Search, text, yearOf } from "./search";

/** The shell with the side bar, for whoever works for an organisation. */
const workspace = createRoute({
  getParentRoute: () => root,
  path: "/workspace",
  validateSearch: (search: Search): { ws?: string } => ({ ws: text(search.ws) }),
  // Whatever link is followed inside stays in the workspace, unless it names another.
  search: { middlewares: [retainSearchParams(["ws"])] },
  beforeLoad: async (at) => {
    await signedIn(at);
    const me = await at.context.queries.ensureQueryData(meQuery);
    const { pathname, hash } = at.location;
    const ws = me && !at.search.ws && chosen(me, pathname, lastWorkspace())?.id;
    if (ws)
      throw redirect({
        to: pathname as "/workspace",
        search: { ...at.location.search, ws },
        hash,
        replace: true,
      });
  },
  component: lazyRouteComponent(() => import("../WorkspaceShell"), "WorkspaceShell"),
  notFoundComponent: NotFound,
});

const workspaceStart = createRoute({
  getParentRoute: () => workspace,
  path: "/",
  component: lazyRouteComponent(() => import("../../features/home/HomePage"), "HomePage"),
});

const standings = ["met", "begun", "not-begun"] as const;
const staffSorts = ["missing", "name", "hours"] as const;
interface StaffHoursSearch {
  year?: number;
  q?: string;
  standing?: (typeof standings)[number];
  sort?: (typeof staffSorts)[number];
  /** An organisation below the workspace's. */
  org?: string;
}
const staffHours = createRoute({
  getParentRoute: () => workspace,
  path: "hours",
  validateSearch: (search: Search): StaffHoursSearch => ({
    ...yearOf(search),
    q: text(search.q),
    standing: oneOf(standings, search.standing),
    sort: oneOf(staffSorts, search.sort),
    org: text(search.org),
  }),
  component: lazyRouteComponent(() => import("../../features/people/StaffPage"), "StaffPage"),
});

const personFile = createRoute({
  getParentRoute: () => workspace,
  path: "hours/$personId",
  validateSearch: yearOf,
  component: lazyRouteComponent(() => import("../../features/people/PersonPage"), "PersonPage"),
});

const draftStates = ["draft", "submitted", "returned", "published"] as const;
const drafts = createRoute({
  getParentRoute: () => workspace,
  path: "courses",
  validateSearch: (search: Search): { state?: (typeof draftStates)[number] } => ({
    state: oneOf(draftStates, search.state),
  }),
  component: lazyRouteComponent(() => import("../../features/authoring/CoursesPage"), "CoursesPage"),
});

const draft = createRoute({
  getParentRoute: () => workspace,
  path: "courses/$courseId",
  validateSearch: (search: Search): { at?: string } => ({ at: text(search.at) }),
  component: lazyRouteComponent(() => import("../../features/authoring/EditorPage"), "EditorPage"),
});

const reviewStates = ["submitted", "published", "returned"] as const;
const subjects = ["professional", "public"] as const;
interface ReviewSearch {
  state?: (typeof reviewStates)[number];
  subject?: (typeof subjects)[number];
  id?: string;
}
const reviewQueue = createRoute({
  getParentRoute: () => workspace,
  path: "reviews",
  validateSearch: (search: Search): ReviewSearch => ({
    state: oneOf(reviewStates, search.state),
    subject: oneOf(subjects, search.subject),
    id: text(search.id),
  }),
  component: lazyRouteComponent(() => import("../../features/reviews/ReviewsPage"), "ReviewsPage"),
});

const flagStates = ["open", "upheld", "dismissed"] as const;
const flagKinds = [
  "fast-answers",
  "metronome",
  "round-the-clock",
  "guessing",
  "failed-checks",
  "shared-device",
] as const;
const severities = ["serious", "notice"] as const;
interface FlagSearch {
  state?: (typeof flagStates)[number];
  kind?: (typeof flagKinds)[number];
  severity?: (typeof severities)[number];
  id?: string;
}
const flags = createRoute({
  getParentRoute: () => workspace,
  path: "integrity",
  validateSearch: (search: Search): FlagSearch => ({
    state: oneOf(flagStates, search.state),
    kind: oneOf(flagKinds, search.kind),
    severity: oneOf(severities, search.severity),
    id: text(search.id),
  }),
  component: lazyRouteComponent(() => import("../../features/integrity/FlagsPage"), "FlagsPage"),
});

const roles = [
  "professional",
  "instructor",
  "institution_manager",
  "department_officer",
  "employer_officer",
  "auditor",
] as const;
interface PeopleSearch {
  org?: string;
  tab?: "past" | "invited";
  role?: (typeof roles)[number];
  q?: string;
}
const people = createRoute({
  getParentRoute: () => workspace,
  path: "people",
  validateSearch: (search: Search): PeopleSearch => ({
    org: text(search.org),
    tab: oneOf(["past", "invited"] as const, search.tab),
    role: oneOf(roles, search.role),
    q: text(search.q),
  }),
  component: lazyRouteComponent(() => import("../../features/orgs/PeoplePage"), "PeoplePage"),
});

const orgKinds = [
  "personnel_department",
  "industry_department",
  "teaching_institution",
  "employer",
  "association",
] as const;
interface TreeSearch {
  at?: string;
  tab?: "closed" | "queue";
  kind?: (typeof orgKinds)[number];
  q?: string;
}
const organisations = createRoute({
  getParentRoute: () => workspace,
  path: "organisations",
  validateSearch: (search: Search): TreeSearch => ({
    at: text(search.at),
    tab: oneOf(["closed", "queue"] as const, search.tab),
    kind: oneOf(orgKinds, search.kind),
    q: text(search.q),
  }),
  component: lazyRouteComponent(() => import("../../features/orgs/TreePage"), "TreePage"),
});

const mergeStates = ["open", "merged", "refused"] as const;
const merges = createRoute({
  getParentRoute: () => workspace,
  path: "merges",
  validateSearch: (search: Search): { state?: (typeof mergeStates)[number]; id?: string } => ({
    state: oneOf(mergeStates, search.state),
    id: text(search.id),
  }),
  component: lazyRouteComponent(() => import("../../features/identity/MergesPage"), "MergesPage"),
});

const trail = createRoute({
  getParentRoute: () => workspace,
  path: "trail",
  validateSearch: (search: Search): TrailSearch => ({
    from: day(search.from),
    to: day(search.to),
    action: text(search.action),
    actor: text(search.actor),
    subject: text(search.subject),
    object: text(search.object),
    org: text(search.org),
  }),
  component: lazyRouteComponent(() => import("../../features/trail/TrailPage"), "TrailPage"),
});

/** Whose people: one of the organisations one looks after. */
const ofOrg = (search: Search): { org?: string } => ({ org: text(search.org) });
const staff = createRoute({
  getParentRoute: () => workspace,
  path: "staff",
  validateSearch: ofOrg,
  component: lazyRouteComponent(() => import("../../features/roster/StaffPage"), "StaffPage"),
});
const staffImport = createRoute({
  getParentRoute: () => workspace,
  path: "staff/$importId",
  component: lazyRouteComponent(() => import("../../features/roster/ImportPage"), "ImportPage"),
});
const assignments = createRoute({
  getParentRoute: () => workspace,
  path: "assignments",
  validateSearch: ofOrg,
  component: lazyRouteComponent(() => import("../../features/roster/AssignmentsPage"), "AssignmentsPage"),
});
const signInProvider = createRoute({
  getParentRoute: () => workspace,
  path: "sign-in",
  validateSearch: ofOrg,
  component: lazyRouteComponent(() => import("../../features/orgsignin/ProviderPage"), "ProviderPage"),
});

export const workspaceTree = workspace.addChildren([
  workspaceStart,
  staffHours,
  personFile,
  drafts,
  draft,
  reviewQueue,
  flags,
  people,
  organisations,
  merges,
  trail,
  staff,
  staffImport,
  assignments,
  signInProvider,
]);

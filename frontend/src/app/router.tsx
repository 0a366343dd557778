import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";
import { enrolmentQuery, meQuery } from "../api/queries";
import type { Search as TrailSearch } from "../features/trail/api";
import { readCatalogSearch } from "../lib/catalogSearch";
import { ownPath } from "../lib/ownPath";
import { lastWorkspace } from "../lib/useWorkspace";
import { chosen } from "../lib/workspaces";
import { LearnerShell } from "./LearnerShell";
import { NotFound, RouteFailed, RoutePending } from "./states";

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

/** Pages for signed-in people send a visitor to sign in, and back afterwards. */
async function signedIn({ context, location }: { context: Context; location: { href: string } }) {
  const me = await context.queries.ensureQueryData(meQuery);
  if (!me) throw redirect({ to: "/sign-in", search: { to: location.href } });
}

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
const oneOf = <T extends string>(allowed: readonly T[], value: unknown): T | undefined =>
  allowed.find((a) => a === value);
const yearOf = (search: Record<string, unknown>): { year?: number } => {
  const year = Number(search.year);
  return Number.isInteger(year) && year >= 1995 && year <= 2200 ? { year } : {};
};
const draftStates = ["draft", "submitted", "returned", "published"] as const;
const reviewStates = ["submitted", "published", "returned"] as const;
const subjects = ["professional", "public"] as const;
interface ReviewSearch {
  state?: (typeof reviewStates)[number];
  subject?: (typeof subjects)[number];
  id?: string;
}

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

/** Only addresses of our own may be returned to. */
// What is left out here would come through from the address as it stands there:
// the key must be named.
const back = (search: Record<string, unknown>): { to?: string } => ({ to: ownPath(search.to) });

type Way = "passkey" | "totp" | "recovery";
/** The ways of a second step, as an organisation's sign-in comes back with them. */
const waysIn = (value: unknown): Way[] | undefined => {
  const given = String(value ?? "").split(",");
  const ways = (["passkey", "totp", "recovery"] as const).filter((way) => given.includes(way));
  return ways.length > 0 ? ways : undefined;
};

const learner = createRoute({
  getParentRoute: () => root,
  id: "learner",
  component: LearnerShell,
  notFoundComponent: NotFound,
});
const own = createRoute({
  getParentRoute: () => learner,
  id: "own",
  beforeLoad: signedIn,
  component: Outlet,
});

const catalog = createRoute({
  getParentRoute: () => learner,
  path: "/",
  validateSearch: readCatalogSearch,
  component: lazyRouteComponent(() => import("../features/catalog/CatalogPage"), "CatalogPage"),
});
const course = createRoute({
  getParentRoute: () => learner,
  path: "/courses/$courseId",
  component: lazyRouteComponent(() => import("../features/course/CoursePage"), "CoursePage"),
});
const signIn = createRoute({
  getParentRoute: () => learner,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { to?: string; step?: Way[] } => ({
    ...back(search),
    step: waysIn(search.step),
  }),
  component: lazyRouteComponent(() => import("../features/accounts/SignInPage"), "SignInPage"),
});
const organisationSignIn = createRoute({
  getParentRoute: () => learner,
  path: "/sign-in/organisation",
  validateSearch: (
    search: Record<string, unknown>,
  ): { to?: string; link?: boolean; problem?: string; org?: string; ref?: string } => ({
    ...back(search),
    link: search.link === true || undefined,
    problem: text(search.problem),
    org: text(search.org),
    ref: /^[\w-]{8,64}$/.test(text(search.ref) ?? "") ? text(search.ref) : undefined,
  }),
  component: lazyRouteComponent(() => import("../features/orgsignin/OrganisationPage"), "OrganisationPage"),
});
const signUp = createRoute({
  getParentRoute: () => learner,
  path: "/sign-up",
  validateSearch: back,
  component: lazyRouteComponent(() => import("../features/accounts/SignUpPage"), "SignUpPage"),
});
/** The proof that a mailed link carries. */
const proof = (search: Record<string, unknown>): { token?: string } => ({ token: text(search.token) });
const forgotPassword = createRoute({
  getParentRoute: () => learner,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("../features/accounts/ForgotPage"), "ForgotPage"),
});
const resetPassword = createRoute({
  getParentRoute: () => learner,
  path: "/reset-password",
  validateSearch: proof,
  component: lazyRouteComponent(() => import("../features/accounts/ResetPage"), "ResetPage"),
});
const verifyMail = createRoute({
  getParentRoute: () => learner,
  path: "/verify-mail",
  validateSearch: proof,
  component: lazyRouteComponent(() => import("../features/accounts/VerifyMailPage"), "VerifyMailPage"),
});
const verifyForm = createRoute({
  getParentRoute: () => learner,
  path: "/verify",
  component: lazyRouteComponent(() => import("../features/certificates/VerifyFormPage"), "VerifyFormPage"),
});
const verify = createRoute({
  getParentRoute: () => learner,
  path: "/verify/$serial",
  component: lazyRouteComponent(() => import("../features/certificates/VerifyPage"), "VerifyPage"),
});
const organisation = createRoute({
  getParentRoute: () => learner,
  path: "/organisations/$orgId",
  component: lazyRouteComponent(() => import("../features/orgs/OrgPage"), "OrgPage"),
});
const invitation = createRoute({
  getParentRoute: () => learner,
  path: "/invitation",
  validateSearch: (search: Record<string, unknown>): { token?: string } => ({ token: text(search.token) }),
  component: lazyRouteComponent(() => import("../features/orgs/InvitationPage"), "InvitationPage"),
});

const learning = createRoute({
  getParentRoute: () => own,
  path: "/learning",
  component: lazyRouteComponent(() => import("../features/learning/LearningPage"), "LearningPage"),
});
const notes = createRoute({
  getParentRoute: () => own,
  path: "/notes",
  component: lazyRouteComponent(() => import("../features/learning/NotesPage"), "NotesPage"),
});
const hours = createRoute({
  getParentRoute: () => own,
  path: "/hours",
  validateSearch: yearOf,
  component: lazyRouteComponent(() => import("../features/hours/HoursPage"), "HoursPage"),
});
const certificates = createRoute({
  getParentRoute: () => own,
  path: "/certificates",
  component: lazyRouteComponent(
    () => import("../features/certificates/CertificatesPage"),
    "CertificatesPage",
  ),
});
const settings = createRoute({
  getParentRoute: () => own,
  path: "/settings",
  component: lazyRouteComponent(() => import("../features/settings/SettingsPage"), "SettingsPage"),
});
const identity = createRoute({
  getParentRoute: () => own,
  path: "/settings/identity",
  component: lazyRouteComponent(() => import("../features/identity/IdentityPage"), "IdentityPage"),
});
const myPrivacy = createRoute({
  getParentRoute: () => own,
  path: "/settings/privacy",
  component: lazyRouteComponent(() => import("../features/privacy/PrivacyPage"), "PrivacyPage"),
});
const privacy = createRoute({
  getParentRoute: () => learner,
  path: "/privacy",
  component: lazyRouteComponent(() => import("../features/privacy/NoticePage"), "NoticePage"),
});
const security = createRoute({
  getParentRoute: () => own,
  path: "/settings/security",
  component: lazyRouteComponent(() => import("../features/security/SecurityPage"), "SecurityPage"),
});
const access = createRoute({
  getParentRoute: () => own,
  path: "/settings/access",
  component: lazyRouteComponent(() => import("../features/access/AccessPage"), "AccessPage"),
});
const notices = createRoute({
  getParentRoute: () => own,
  path: "/notices",
  validateSearch: (search: Record<string, unknown>): { unread?: boolean } =>
    search.unread === true ? { unread: true } : {},
  component: lazyRouteComponent(() => import("../features/notices/NoticesPage"), "NoticesPage"),
});
const noticePreferences = createRoute({
  getParentRoute: () => own,
  path: "/settings/notices",
  component: lazyRouteComponent(() => import("../features/notices/PreferencesPage"), "PreferencesPage"),
});
const unsubscribe = createRoute({
  getParentRoute: () => learner,
  path: "/unsubscribe/$kind/$proof",
  component: lazyRouteComponent(() => import("../features/notices/UnsubscribePage"), "UnsubscribePage"),
});
const evidence = createRoute({
  getParentRoute: () => own,
  path: "/evidence",
  component: lazyRouteComponent(() => import("../features/evidence/SessionsPage"), "SessionsPage"),
});
const evidenceOf = createRoute({
  getParentRoute: () => own,
  path: "/evidence/$sessionId",
  component: lazyRouteComponent(() => import("../features/evidence/SessionPage"), "SessionPage"),
});
const learn = createRoute({
  getParentRoute: () => own,
  path: "/learn/$enrolmentId",
  beforeLoad: async ({ context, params, location }) => {
    if (location.pathname.replace(/\/$/, "") !== `/learn/${params.enrolmentId}`) return;
    const e = await context.queries.ensureQueryData(enrolmentQuery(params.enrolmentId));
    const lessonId = e.next_lesson_id ?? e.chapters[0]?.lessons[0]?.id;
    if (lessonId)
      throw redirect({ to: "/learn/$enrolmentId/$lessonId", params: { ...params, lessonId }, replace: true });
  },
  component: Outlet,
});
const lesson = createRoute({
  getParentRoute: () => learn,
  path: "$lessonId",
  validateSearch: (search: Record<string, unknown>): { at?: number } => {
    const at = Number(search.at);
    return Number.isFinite(at) && at >= 0 && search.at !== undefined ? { at } : {};
  },
  component: lazyRouteComponent(() => import("../features/player/LessonPage"), "LessonPage"),
});

const attempt = createRoute({
  getParentRoute: () => root,
  path: "/attempts/$attemptId",
  beforeLoad: signedIn,
  component: lazyRouteComponent(() => import("../features/quiz/AttemptPage"), "AttemptPage"),
});

const workspace = createRoute({
  getParentRoute: () => root,
  path: "/workspace",
  validateSearch: (search: Record<string, unknown>): { ws?: string } => ({ ws: text(search.ws) }),
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
  component: lazyRouteComponent(() => import("./WorkspaceShell"), "WorkspaceShell"),
  notFoundComponent: NotFound,
});
const workspaceStart = createRoute({
  getParentRoute: () => workspace,
  path: "/",
  component: lazyRouteComponent(() => import("../features/home/HomePage"), "HomePage"),
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
  validateSearch: (search: Record<string, unknown>): StaffHoursSearch => ({
    ...yearOf(search),
    q: text(search.q),
    standing: oneOf(standings, search.standing),
    sort: oneOf(staffSorts, search.sort),
    org: text(search.org),
  }),
  component: lazyRouteComponent(() => import("../features/people/StaffPage"), "StaffPage"),
});
const personFile = createRoute({
  getParentRoute: () => workspace,
  path: "hours/$personId",
  validateSearch: yearOf,
  component: lazyRouteComponent(() => import("../features/people/PersonPage"), "PersonPage"),
});
const drafts = createRoute({
  getParentRoute: () => workspace,
  path: "courses",
  validateSearch: (search: Record<string, unknown>): { state?: (typeof draftStates)[number] } => ({
    state: oneOf(draftStates, search.state),
  }),
  component: lazyRouteComponent(() => import("../features/authoring/CoursesPage"), "CoursesPage"),
});
const draft = createRoute({
  getParentRoute: () => workspace,
  path: "courses/$courseId",
  validateSearch: (search: Record<string, unknown>): { at?: string } => ({ at: text(search.at) }),
  component: lazyRouteComponent(() => import("../features/authoring/EditorPage"), "EditorPage"),
});
const reviewQueue = createRoute({
  getParentRoute: () => workspace,
  path: "reviews",
  validateSearch: (search: Record<string, unknown>): ReviewSearch => ({
    state: oneOf(reviewStates, search.state),
    subject: oneOf(subjects, search.subject),
    id: text(search.id),
  }),
  component: lazyRouteComponent(() => import("../features/reviews/ReviewsPage"), "ReviewsPage"),
});

const flags = createRoute({
  getParentRoute: () => workspace,
  path: "integrity",
  validateSearch: (search: Record<string, unknown>): FlagSearch => ({
    state: oneOf(flagStates, search.state),
    kind: oneOf(flagKinds, search.kind),
    severity: oneOf(severities, search.severity),
    id: text(search.id),
  }),
  component: lazyRouteComponent(() => import("../features/integrity/FlagsPage"), "FlagsPage"),
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
  validateSearch: (search: Record<string, unknown>): PeopleSearch => ({
    org: text(search.org),
    tab: oneOf(["past", "invited"] as const, search.tab),
    role: oneOf(roles, search.role),
    q: text(search.q),
  }),
  component: lazyRouteComponent(() => import("../features/orgs/PeoplePage"), "PeoplePage"),
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
  validateSearch: (search: Record<string, unknown>): TreeSearch => ({
    at: text(search.at),
    tab: oneOf(["closed", "queue"] as const, search.tab),
    kind: oneOf(orgKinds, search.kind),
    q: text(search.q),
  }),
  component: lazyRouteComponent(() => import("../features/orgs/TreePage"), "TreePage"),
});

const mergeStates = ["open", "merged", "refused"] as const;
const merges = createRoute({
  getParentRoute: () => workspace,
  path: "merges",
  validateSearch: (
    search: Record<string, unknown>,
  ): { state?: (typeof mergeStates)[number]; id?: string } => ({
    state: oneOf(mergeStates, search.state),
    id: text(search.id),
  }),
  component: lazyRouteComponent(() => import("../features/identity/MergesPage"), "MergesPage"),
});

const day = (value: unknown) => (/^\d{4}-\d\d-\d\d$/.test(String(value)) ? String(value) : undefined);
const trail = createRoute({
  getParentRoute: () => workspace,
  path: "trail",
  validateSearch: (search: Record<string, unknown>): TrailSearch => ({
    from: day(search.from),
    to: day(search.to),
    action: text(search.action),
    actor: text(search.actor),
    subject: text(search.subject),
    object: text(search.object),
    org: text(search.org),
  }),
  component: lazyRouteComponent(() => import("../features/trail/TrailPage"), "TrailPage"),
});
const looks = createRoute({
  getParentRoute: () => own,
  path: "/record-views",
  component: lazyRouteComponent(() => import("../features/trail/LooksPage"), "LooksPage"),
});

/** Whose people: one of the organisations one looks after. */
const ofOrg = (search: Record<string, unknown>): { org?: string } => ({ org: text(search.org) });
const staff = createRoute({
  getParentRoute: () => workspace,
  path: "staff",
  validateSearch: ofOrg,
  component: lazyRouteComponent(() => import("../features/roster/StaffPage"), "StaffPage"),
});
const staffImport = createRoute({
  getParentRoute: () => workspace,
  path: "staff/$importId",
  component: lazyRouteComponent(() => import("../features/roster/ImportPage"), "ImportPage"),
});
const assignments = createRoute({
  getParentRoute: () => workspace,
  path: "assignments",
  validateSearch: ofOrg,
  component: lazyRouteComponent(() => import("../features/roster/AssignmentsPage"), "AssignmentsPage"),
});
const join = createRoute({
  getParentRoute: () => learner,
  path: "/join",
  validateSearch: (search: Record<string, unknown>): { token: string } => ({
    token: text(search.token) ?? "",
  }),
  component: lazyRouteComponent(() => import("../features/roster/JoinPage"), "JoinPage"),
});
const signInProvider = createRoute({
  getParentRoute: () => workspace,
  path: "sign-in",
  validateSearch: (search: Record<string, unknown>): { org?: string } => ({ org: text(search.org) }),
  component: lazyRouteComponent(() => import("../features/orgsignin/ProviderPage"), "ProviderPage"),
});

const tree = root.addChildren([
  learner.addChildren([
    catalog,
    course,
    signIn,
    organisationSignIn,
    signUp,
    forgotPassword,
    resetPassword,
    verifyMail,
    verifyForm,
    verify,
    organisation,
    invitation,
    privacy,
    join,
    unsubscribe,
    own.addChildren([
      learning,
      notes,
      hours,
      evidence,
      evidenceOf,
      certificates,
      settings,
      identity,
      myPrivacy,
      security,
      looks,
      access,
      notices,
      noticePreferences,
      learn.addChildren([lesson]),
    ]),
  ]),
  attempt,
  workspace.addChildren([
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
  ]),
]);

export function makeRouter(queries: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: "intent",
    defaultPendingComponent: RoutePending,
    defaultErrorComponent: RouteFailed,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}

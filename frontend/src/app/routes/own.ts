import { createRoute, lazyRouteComponent, Outlet, redirect } from "@tanstack/react-router";
import { enrolmentQuery } from "../../api/queries";
import { learner } from "./learner";
import { root, signedIn } from "./root";
import { type Search, yearOf } from "./search";

/** What is one's own: only for whoever is signed in. */
const own = createRoute({
  getParentRoute: () => learner,
  id: "own",
  beforeLoad: signedIn,
  component: Outlet,
});

const learning = createRoute({
  getParentRoute: () => own,
  path: "/learning",
  component: lazyRouteComponent(() => import("../../features/learning/LearningPage"), "LearningPage"),
});
const notes = createRoute({
  getParentRoute: () => own,
  path: "/notes",
  component: lazyRouteComponent(() => import("../../features/learning/NotesPage"), "NotesPage"),
});
const hours = createRoute({
  getParentRoute: () => own,
  path: "/hours",
  validateSearch: yearOf,
  component: lazyRouteComponent(() => import("../../features/hours/HoursPage"), "HoursPage"),
});
const certificates = createRoute({
  getParentRoute: () => own,
  path: "/certificates",
  component: lazyRouteComponent(
    () => import("../../features/certificates/CertificatesPage"),
    "CertificatesPage",
  ),
});
const settings = createRoute({
  getParentRoute: () => own,
  path: "/settings",
  component: lazyRouteComponent(() => import("../../features/settings/SettingsPage"), "SettingsPage"),
});
const identity = createRoute({
  getParentRoute: () => own,
  path: "/settings/identity",
  component: lazyRouteComponent(() => import("../../features/identity/IdentityPage"), "IdentityPage"),
});
const myPrivacy = createRoute({
  getParentRoute: () => own,
  path: "/settings/privacy",
  component: lazyRouteComponent(() => import("../../features/privacy/PrivacyPage"), "PrivacyPage"),
});
const security = createRoute({
  getParentRoute: () => own,
  path: "/settings/security",
  component: lazyRouteComponent(() => import("../../features/security/SecurityPage"), "SecurityPage"),
});
const access = createRoute({
  getParentRoute: () => own,
  path: "/settings/access",
  component: lazyRouteComponent(() => import("../../features/access/AccessPage"), "AccessPage"),
});
const notices = createRoute({
  getParentRoute: () => own,
  path: "/notices",
  validateSearch: (search: Search): { unread?: boolean } => (search.unread === true ? { unread: true } : {}),
  component: lazyRouteComponent(() => import("../../features/notices/NoticesPage"), "NoticesPage"),
});
const noticePreferences = createRoute({
  getParentRoute: () => own,
  path: "/settings/notices",
  component: lazyRouteComponent(() => import("../../features/notices/PreferencesPage"), "PreferencesPage"),
});
const evidence = createRoute({
  getParentRoute: () => own,
  path: "/evidence",
  component: lazyRouteComponent(() => import("../../features/evidence/SessionsPage"), "SessionsPage"),
});
const evidenceOf = createRoute({
  getParentRoute: () => own,
  path: "/evidence/$sessionId",
  component: lazyRouteComponent(() => import("../../features/evidence/SessionPage"), "SessionPage"),
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
  validateSearch: (search: Search): { at?: number } => {
    const at = Number(search.at);
    return Number.isFinite(at) && at >= 0 && search.at !== undefined ? { at } : {};
  },
  component: lazyRouteComponent(() => import("../../features/player/LessonPage"), "LessonPage"),
});
const looks = createRoute({
  getParentRoute: () => own,
  path: "/record-views",
  component: lazyRouteComponent(() => import("../../features/trail/LooksPage"), "LooksPage"),
});

/** An attempt has the window to itself. */
export const attempt = createRoute({
  getParentRoute: () => root,
  path: "/attempts/$attemptId",
  beforeLoad: signedIn,
  component: lazyRouteComponent(() => import("../../features/quiz/AttemptPage"), "AttemptPage"),
});

export const ownTree = own.addChildren([
  learning,
  notes,
  hours,
  certificates,
  settings,
  identity,
  myPrivacy,
  security,
  access,
  notices,
  noticePreferences,
  evidence,
  evidenceOf,
  looks,
  learn.addChildren([lesson]),
]);

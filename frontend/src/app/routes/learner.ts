import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { readCatalogSearch } from "../../lib/catalogSearch";
import { ownPath } from "../../lib/ownPath";
import { LearnerShell } from "../LearnerShell";
import { NotFound } from "../states";
import { root } from "./root";
import { type Search, text } from "./search";

/** The shell with the top bar. Its pages for everybody are here, those of whoever is signed in in own.ts. */
export const learner = createRoute({
  getParentRoute: () => root,
  id: "learner",
  component: LearnerShell,
  notFoundComponent: NotFound,
});

// Only addresses of our own may be returned to. What is left out here would come
// through from the address as it stands there: the key must be named.
const back = (search: Search): { to?: string } => ({ to: ownPath(search.to) });

type Way = "passkey" | "totp" | "recovery";
/** The ways of a second step, as an organisation's sign-in comes back with them. */
const waysIn = (value: unknown): Way[] | undefined => {
  const given = String(value ?? "").split(",");
  const ways = (["passkey", "totp", "recovery"] as const).filter((way) => given.includes(way));
  return ways.length > 0 ? ways : undefined;
};

/** The proof that a mailed link carries. */
const proof = (search: Search): { token?: string } => ({ token: text(search.token) });

const catalog = createRoute({
  getParentRoute: () => learner,
  path: "/",
  validateSearch: readCatalogSearch,
  component: lazyRouteComponent(() => import("../../features/catalog/CatalogPage"), "CatalogPage"),
});
const course = createRoute({
  getParentRoute: () => learner,
  path: "/courses/$courseId",
  component: lazyRouteComponent(() => import("../../features/course/CoursePage"), "CoursePage"),
});
const signIn = createRoute({
  getParentRoute: () => learner,
  path: "/sign-in",
  validateSearch: (search: Search): { to?: string; step?: Way[] } => ({
    ...back(search),
    step: waysIn(search.step),
  }),
  component: lazyRouteComponent(() => import("../../features/accounts/SignInPage"), "SignInPage"),
});
const organisationSignIn = createRoute({
  getParentRoute: () => learner,
  path: "/sign-in/organisation",
  validateSearch: (
    search: Search,
  ): { to?: string; link?: boolean; problem?: string; org?: string; ref?: string } => ({
    ...back(search),
    link: search.link === true || undefined,
    problem: text(search.problem),
    org: text(search.org),
    ref: /^[\w-]{8,64}$/.test(text(search.ref) ?? "") ? text(search.ref) : undefined,
  }),
  component: lazyRouteComponent(
    () => import("../../features/orgsignin/OrganisationPage"),
    "OrganisationPage",
  ),
});
const signUp = createRoute({
  getParentRoute: () => learner,
  path: "/sign-up",
  validateSearch: back,
  component: lazyRouteComponent(() => import("../../features/accounts/SignUpPage"), "SignUpPage"),
});
const forgotPassword = createRoute({
  getParentRoute: () => learner,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("../../features/accounts/ForgotPage"), "ForgotPage"),
});
const resetPassword = createRoute({
  getParentRoute: () => learner,
  path: "/reset-password",
  validateSearch: proof,
  component: lazyRouteComponent(() => import("../../features/accounts/ResetPage"), "ResetPage"),
});
const verifyMail = createRoute({
  getParentRoute: () => learner,
  path: "/verify-mail",
  validateSearch: proof,
  component: lazyRouteComponent(() => import("../../features/accounts/VerifyMailPage"), "VerifyMailPage"),
});
const verifyForm = createRoute({
  getParentRoute: () => learner,
  path: "/verify",
  component: lazyRouteComponent(() => import("../../features/certificates/VerifyFormPage"), "VerifyFormPage"),
});
const verify = createRoute({
  getParentRoute: () => learner,
  path: "/verify/$serial",
  component: lazyRouteComponent(() => import("../../features/certificates/VerifyPage"), "VerifyPage"),
});
const organisation = createRoute({
  getParentRoute: () => learner,
  path: "/organisations/$orgId",
  component: lazyRouteComponent(() => import("../../features/orgs/OrgPage"), "OrgPage"),
});
const invitation = createRoute({
  getParentRoute: () => learner,
  path: "/invitation",
  validateSearch: proof,
  component: lazyRouteComponent(() => import("../../features/orgs/InvitationPage"), "InvitationPage"),
});
const privacy = createRoute({
  getParentRoute: () => learner,
  path: "/privacy",
  component: lazyRouteComponent(() => import("../../features/privacy/NoticePage"), "NoticePage"),
});
const unsubscribe = createRoute({
  getParentRoute: () => learner,
  path: "/unsubscribe/$kind/$proof",
  component: lazyRouteComponent(() => import("../../features/notices/UnsubscribePage"), "UnsubscribePage"),
});
const join = createRoute({
  getParentRoute: () => learner,
  path: "/join",
  validateSearch: (search: Search): { token: string } => ({
    token: text(search.token) ?? "",
  }),
  component: lazyRouteComponent(() => import("../../features/roster/JoinPage"), "JoinPage"),
});

export const forEverybody = [
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
  unsubscribe,
  join,
] as const;

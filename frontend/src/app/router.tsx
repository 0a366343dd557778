import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from "@tanstack/react-router";
import { readCatalogSearch } from "../lib/catalogSearch";
import { LearnerShell } from "./LearnerShell";
import { NotFound, RouteFailed, RoutePending } from "./states";

interface Context {
  queries: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);

/** Only addresses of our own may be returned to. */
const back = (search: Record<string, unknown>): { to?: string } => {
  const to = text(search.to);
  return to?.startsWith("/") && !to.startsWith("//") ? { to } : {};
};

const learner = createRoute({
  getParentRoute: () => root,
  id: "learner",
  component: LearnerShell,
  notFoundComponent: NotFound,
});

const catalog = createRoute({
  getParentRoute: () => learner,
  path: "/",
  validateSearch: readCatalogSearch,
  component: lazyRouteComponent(() => import("../features/catalog/CatalogPage"), "CatalogPage"),
});
const signIn = createRoute({
  getParentRoute: () => learner,
  path: "/sign-in",
  validateSearch: back,
  component: lazyRouteComponent(() => import("../features/accounts/SignInPage"), "SignInPage"),
});
const signUp = createRoute({
  getParentRoute: () => learner,
  path: "/sign-up",
  validateSearch: back,
  component: lazyRouteComponent(() => import("../features/accounts/SignUpPage"), "SignUpPage"),
});

const tree = root.addChildren([learner.addChildren([catalog, signIn, signUp])]);

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

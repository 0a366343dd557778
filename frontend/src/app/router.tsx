import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { forEverybody, learner } from "./routes/learner";
import { attempt, ownTree } from "./routes/own";
import { root } from "./routes/root";
import { workspaceTree } from "./routes/workspace";
import { NotFound, RouteFailed, RoutePending } from "./states";

const tree = root.addChildren([learner.addChildren([...forEverybody, ownTree]), attempt, workspaceTree]);

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

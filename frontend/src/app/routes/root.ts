import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet, redirect } from "@tanstack/react-router";
import { meQuery } from "../../api/queries";
import { NotFound } from "../states";

interface Context {
  queries: QueryClient;
}

export const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

/** Pages for signed-in people send a visitor to sign in, and back afterwards. */
export async function signedIn({ context, location }: { context: Context; location: { href: string } }) {
  const me = await context.queries.ensureQueryData(meQuery);
  if (!me) throw redirect({ to: "/sign-in", search: { to: location.href } });
}

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Problem } from "./api/problem";
import { makeRouter } from "./app/router";
import { followSystem } from "./lib/theme";
import "./ui/tokens.css";
import "./ui/base.css";

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Only what may pass by itself is tried again; a refusal stays one.
      retry: (failures, error) => failures < 2 && (!(error instanceof Problem) || error.passing),
    },
  },
});

followSystem();
const router = makeRouter(queries);
const mount = document.getElementById("root");
if (mount) {
  createRoot(mount).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

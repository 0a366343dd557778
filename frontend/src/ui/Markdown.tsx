import { lazy, Suspense } from "react";
import { Skeleton } from "./states";

const Rendered = lazy(() => import("./MarkdownRendered"));

/** Text in Markdown; what reads it is only loaded where there is some. */
export function Markdown({ text }: { text: string }) {
  return (
    <Suspense fallback={<Skeleton lines={5} />}>
      <Rendered text={text} />
    </Suspense>
  );
}

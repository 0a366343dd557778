import { type RefObject, useEffect, useState } from "react";

/** The pages, from 1, that are within a window's height of the window. */
export function useNear(pages: RefObject<HTMLElement | null>, count: number): Set<number> {
  const [near, setNear] = useState<Set<number>>(() => new Set());
  // biome-ignore lint/correctness/useExhaustiveDependencies: other pages are watched anew
  useEffect(() => {
    const container = pages.current;
    if (!container) return;
    const watch = new IntersectionObserver(
      (entries) =>
        setNear((before) => {
          const after = new Set(before);
          for (const { target, isIntersecting } of entries) {
            const page = Number((target as HTMLElement).dataset.page);
            if (isIntersecting) after.add(page);
            else after.delete(page);
          }
          return after;
        }),
      { rootMargin: "100% 0px" },
    );
    for (const page of container.children) watch.observe(page);
    return () => watch.disconnect();
  }, [pages, count]);
  return near;
}

import { type RefObject, useEffect, useState } from "react";

/** With less than a card's height below the top of the window, its place counts as out of sight. */
const margin = "-300px 0px 0px 0px";

/** Whether an element's place has been scrolled out of sight, so that what stands in it must float. */
export function useAfloat(place: RefObject<HTMLElement | null>): boolean {
  const [afloat, setAfloat] = useState(false);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const seen: IntersectionObserverCallback = ([entry]) => setAfloat(entry?.isIntersecting === false);
    const watch = new IntersectionObserver(seen, { rootMargin: margin });
    watch.observe(element);
    return () => watch.disconnect();
  }, [place]);
  return afloat;
}

import { type RefObject, useEffect, useState } from "react";

/** An element's inner width in px; 0 until it is known. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const of = element.current;
    if (!of) return;
    const measure = () => setWidth(of.clientWidth);
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(of);
    return () => watch.disconnect();
  }, [element]);
  return width;
}

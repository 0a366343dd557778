import { useEffect } from "react";

const everyMs = 1200;

/** While the page is out of sight, its title says that something waits; moving, if motion is welcome. */
export function useTitleFlash(active: boolean, words: string) {
  useEffect(() => {
    if (!active) return;
    const title = document.title;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let on = false;
    const show = () => {
      on = document.hidden && (still || !on);
      document.title = on ? `${words} · ${title}` : title;
    };
    show();
    const timer = setInterval(show, everyMs);
    document.addEventListener("visibilitychange", show);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", show);
      document.title = title;
    };
  }, [active, words]);
}

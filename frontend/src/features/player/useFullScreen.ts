import { useEffect, useState } from "react";

/** Whether something fills the screen, and how to let an element fill it or not. */
export function useFullScreen(): [boolean, (element: HTMLElement | null) => void] {
  const [full, setFull] = useState(false);
  useEffect(() => {
    const changed = () => setFull(!!document.fullscreenElement);
    document.addEventListener("fullscreenchange", changed);
    return () => document.removeEventListener("fullscreenchange", changed);
  }, []);
  const toggle = (element: HTMLElement | null) => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void element?.requestFullscreen?.();
  };
  return [full, toggle];
}

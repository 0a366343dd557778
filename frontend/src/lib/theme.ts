import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";
const key = "hourglass.theme";
const changed = new EventTarget();

function current(): Theme {
  return document.documentElement.dataset.theme === "dark" ? "dark" : "light";
}

export function setTheme(theme: Theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(key, theme);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  changed.dispatchEvent(new Event("change"));
}

export function useTheme(): Theme {
  return useSyncExternalStore((notify) => {
    changed.addEventListener("change", notify);
    return () => changed.removeEventListener("change", notify);
  }, current);
}

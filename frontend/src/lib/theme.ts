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

function choice(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Whoever has not chosen goes on following the system, as at the start. */
export function followSystem() {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ({ matches }) => {
    if (choice()) return;
    document.documentElement.dataset.theme = matches ? "dark" : "light";
    changed.dispatchEvent(new Event("change"));
  });
}

export function useTheme(): Theme {
  return useSyncExternalStore((notify) => {
    changed.addEventListener("change", notify);
    return () => changed.removeEventListener("change", notify);
  }, current);
}

import type { Locale } from "./i18n";

const steps = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** How long ago, in the largest whole unit: 3 days ago, 5 分钟前. */
export function ago(iso: string, now: number, locale: Locale): string {
  const s = Math.max(0, Math.floor((now - Date.parse(iso)) / 1000));
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  for (const [unit, size] of steps) if (s >= size) return words.format(-Math.floor(s / size), unit);
  return words.format(0, "minute");
}

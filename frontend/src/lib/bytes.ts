import type { Locale } from "./i18n";

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** A file's size as people say it: 12.4 MB. */
export function bytes(n: number, locale: Locale): string {
  const power = n < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log(n) / Math.log(1000)));
  return new Intl.NumberFormat(locale, {
    style: "unit",
    unit: units[power],
    unitDisplay: power === 0 ? "long" : "short",
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(n / 1000 ** power);
}

import type { CatalogSearch } from "../../lib/catalogSearch";

/** One chosen filter value, as a chip that can be taken away shows it. */
export interface Chosen {
  facet: "subject" | "field" | "institution" | "language" | "hours";
  value: string;
}

const many = ["subject", "field", "institution", "language"] as const;

export function chosenIn(search: CatalogSearch): Chosen[] {
  const out: Chosen[] = many.flatMap((facet) => (search[facet] ?? []).map((value) => ({ facet, value })));
  if (search.hours) out.push({ facet: "hours", value: search.hours });
  return out;
}

/** The address with one filter value turned on or off. */
export function toggled(search: CatalogSearch, { facet, value }: Chosen): CatalogSearch {
  if (facet === "hours") return { ...search, hours: search.hours === value ? undefined : value };
  const had: string[] = search[facet] ?? [];
  const now = had.includes(value) ? had.filter((v) => v !== value) : [...had, value];
  return { ...search, [facet]: now.length > 0 ? now : undefined };
}

export function withoutFilters({ q, sort }: CatalogSearch): CatalogSearch {
  return { q, sort };
}

/** A title cut into pieces, those that were searched for marked. */
export function marked(title: string, terms: string[]): { text: string; hit: boolean }[] {
  const wanted = terms.filter((t) => t.length > 0).sort((a, b) => b.length - a.length);
  if (wanted.length === 0) return [{ text: title, hit: false }];
  const escaped = wanted.map((t) => t.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const parts = title.split(new RegExp(`(${escaped.join("|")})`, "gi"));
  return parts.map((text, n) => ({ text, hit: n % 2 === 1 })).filter((p) => p.text !== "");
}

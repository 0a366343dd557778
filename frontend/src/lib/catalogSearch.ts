/** What the catalogue's address says; also what a link to the catalogue may carry. */
export interface CatalogSearch {
  q?: string;
  subject?: ("professional" | "public")[];
  field?: string[];
  institution?: string[];
  language?: ("zh" | "en")[];
  hours?: string;
  sort?: "newest" | "hours" | "-hours" | "title";
}

const sorts = ["newest", "hours", "-hours", "title"] as const;
const bands = /^\d+-\d*$/;

function list<T extends string>(value: unknown, allowed?: readonly T[]): T[] | undefined {
  const all = (Array.isArray(value) ? value : [value]).filter(
    (v): v is T => typeof v === "string" && v !== "",
  );
  const good = allowed ? all.filter((v) => allowed.includes(v)) : all;
  return good.length > 0 ? good : undefined;
}

/** Reads an address somebody may have typed: what makes no sense is left out. */
export function readCatalogSearch(raw: Record<string, unknown>): CatalogSearch {
  const out: CatalogSearch = {};
  if (raw.q !== undefined && String(raw.q).trim()) out.q = String(raw.q).slice(0, 200);
  const subject = list(raw.subject, ["professional", "public"] as const);
  const language = list(raw.language, ["zh", "en"] as const);
  const field = list<string>(raw.field);
  const institution = list<string>(raw.institution);
  if (subject) out.subject = subject;
  if (field) out.field = field;
  if (institution) out.institution = institution;
  if (language) out.language = language;
  if (typeof raw.hours === "string" && bands.test(raw.hours)) out.hours = raw.hours;
  const sort = sorts.find((s) => s === raw.sort);
  if (sort) out.sort = sort;
  return out;
}

/** The band "4-8" as the bounds the server takes; "12-" has no upper one. */
export function hoursBounds(band: string | undefined): { hours_min?: number; hours_max?: number } {
  if (!band) return {};
  const [from, to] = band.split("-");
  return { hours_min: Number(from) || undefined, hours_max: Number(to) || undefined };
}

/** What an address says behind its question mark, before it is read; what is not ours falls away. */
export type Search = Record<string, unknown>;

export const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
export const oneOf = <T extends string>(allowed: readonly T[], value: unknown): T | undefined =>
  allowed.find((a) => a === value);
export const yearOf = (search: Search): { year?: number } => {
  const year = Number(search.year);
  return Number.isInteger(year) && year >= 1995 && year <= 2200 ? { year } : {};
};
export const day = (value: unknown) => (/^\d{4}-\d\d-\d\d$/.test(String(value)) ? String(value) : undefined);

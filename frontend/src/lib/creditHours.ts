/** Credit hours as typed: quarters, more than none and at most 200; undefined for anything else. */
export function readHours(text: string): number | undefined {
  const hours = Number(text.replace(",", "."));
  return text.trim() !== "" && hours > 0 && hours <= 200 && Number.isInteger(hours * 4) ? hours : undefined;
}

/** One quarter more or less, kept within what is allowed. */
export function stepHours(hours: number, quarters: number): number {
  return Math.min(200, Math.max(0.25, (Math.round(hours * 4) + quarters) / 4));
}

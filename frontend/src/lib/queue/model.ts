/** The item a step away from the open one; from none to the first or last. */
export function beside<T>(
  items: T[],
  idOf: (item: T) => string,
  id: string | undefined,
  step: 1 | -1,
): T | undefined {
  const at = items.findIndex((i) => idOf(i) === id);
  if (at < 0) return step === 1 ? items[0] : items.at(-1);
  return items[at + step];
}

/** Where one goes after a decision: on to the next, else back to the one before, else nowhere. */
export function after<T>(items: T[], idOf: (item: T) => string, id: string): T | undefined {
  const known = items.some((i) => idOf(i) === id);
  return beside(items, idOf, id, 1) ?? (known ? beside(items, idOf, id, -1) : undefined);
}

/** Adds a ready-made sentence to a reason, on a line of its own and only once. */
export function withSentence(reason: string, sentence: string): string {
  if (reason.includes(sentence)) return reason;
  return reason.trim() === "" ? sentence : `${reason.trimEnd()}\n${sentence}`;
}

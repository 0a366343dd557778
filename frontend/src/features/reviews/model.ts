interface Item {
  version_id: string;
}

/** The item a step away from the open one; from none to the first or last. */
export function beside<T extends Item>(items: T[], id: string | undefined, step: 1 | -1): T | undefined {
  const at = items.findIndex((i) => i.version_id === id);
  if (at < 0) return step === 1 ? items[0] : items.at(-1);
  return items[at + step];
}

/** Where one goes after a decision: on to the next, else back to the one before, else nowhere. */
export function after<T extends Item>(items: T[], id: string): T | undefined {
  return beside(items, id, 1) ?? (items.some((i) => i.version_id === id) ? beside(items, id, -1) : undefined);
}

/** Adds a ready-made sentence to a reason, on a line of its own and only once. */
export function withSentence(reason: string, sentence: string): string {
  if (reason.includes(sentence)) return reason;
  return reason.trim() === "" ? sentence : `${reason.trimEnd()}\n${sentence}`;
}

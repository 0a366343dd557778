import type { Kept, Store } from "./kept";
import type { Locks } from "./lock";

/** A device's storage, for tests: what is written is copied, as a database would. */
export function memoryStore(): Store & { entries: Map<string, Kept> } {
  const entries = new Map<string, Kept>();
  return {
    entries,
    all: async () => structuredClone([...entries.values()]),
    put: async (kept) => void entries.set(kept.session.id, structuredClone(kept)),
    remove: async (id) => void entries.delete(id),
    clear: async () => entries.clear(),
  };
}

/** A browser's locks, for tests, and how they fall when a tab dies. */
export function memoryLocks(): { ofTab: () => { take: Locks; die: () => void } } {
  const held = new Set<string>();
  return {
    ofTab: () => {
      const own = new Set<string>();
      const free = (name: string) => own.delete(name) && held.delete(name);
      const take: Locks = async (name) => {
        if (held.has(name)) return null;
        held.add(name);
        own.add(name);
        return () => void free(name);
      };
      return { take, die: () => [...own].forEach(free) };
    },
  };
}

import type { Kept, Store } from "./kept";

const name = "hourglass-study";
const table = "sessions";

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: "session.id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

/** Entries in the browser's database: they outlive the tab, a crash and the phone. */
export function databaseStore(): Store {
  let database: Promise<IDBDatabase> | undefined;
  async function run<T>(
    mode: IDBTransactionMode,
    act: (entries: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T> {
    database ??= opened();
    const transaction = (await database).transaction(table, mode, { durability: "relaxed" });
    const request = act(transaction.objectStore(table));
    // A page that is going away does not wait for the commit by itself.
    if (mode === "readwrite") transaction.commit?.();
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }
  return {
    all: () => run<Kept[]>("readonly", (s) => s.getAll()),
    put: async (kept) => void (await run("readwrite", (s) => s.put(kept))),
    remove: async (id) => void (await run("readwrite", (s) => s.delete(id))),
    clear: () => run("readwrite", (s) => s.clear()),
  };
}

/** Entries of this tab alone, where a private window gives no database: they outlive a reload. */
export function tabStore(tab: Storage): Store {
  const key = (id: string) => `${name}.${id}`;
  const keys = () => Object.keys(tab).filter((k) => k.startsWith(`${name}.`));
  return {
    all: async () => keys().map((k) => JSON.parse(tab.getItem(k) ?? "null") as Kept),
    put: async (kept) => tab.setItem(key(kept.session.id), JSON.stringify(kept)),
    remove: async (id) => tab.removeItem(key(id)),
    clear: async () => {
      for (const k of keys()) tab.removeItem(k);
    },
  };
}

/** The first store that works; what fails is passed on to the next, and the last one forgets. */
export function firstOf(stores: (() => Store)[]): Store {
  let at = 0;
  let store: Store | undefined;
  async function tried<T>(act: (s: Store) => Promise<T>, otherwise: T): Promise<T> {
    for (; at < stores.length; at++, store = undefined) {
      try {
        store ??= stores[at]?.();
        if (store) return await act(store);
      } catch {
        // Private windows, a full disk, a blocked database: the next one will do.
      }
    }
    return otherwise;
  }
  return {
    all: () => tried((s) => s.all(), []),
    put: (kept) => tried((s) => s.put(kept), undefined),
    remove: (id) => tried((s) => s.remove(id), undefined),
    clear: () => tried((s) => s.clear(), undefined),
  };
}

export const browserStore: Store = firstOf([databaseStore, () => tabStore(sessionStorage)]);

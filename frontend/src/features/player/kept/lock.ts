/** Gives a lock back. */
export type Release = () => void;

/** Takes the lock of a name, or says (null) that another tab of this browser has it. */
export type Locks = (name: string) => Promise<Release | null>;

/** A reload may ask before the page it replaces has let go. */
const patienceMs = 400;

function webLocks(manager: LockManager): Locks {
  return (name) =>
    new Promise((resolve) => {
      const held = () =>
        new Promise<void>((release) => {
          resolve(release);
        });
      manager
        .request(`hourglass-study.${name}`, { signal: AbortSignal.timeout(patienceMs) }, held)
        .catch(() => resolve(null));
    });
}

/** A mark that is younger than this was left by a tab that lives: hidden ones move their clocks once a minute. */
const livesMs = 75_000;

/** Where the page was not served safely enough for the browser's own locks: a mark that is renewed. */
export function markLocks(storage: Storage, now: () => number = Date.now): Locks {
  return async (name) => {
    const key = `hourglass-lock.${name}`;
    if (now() - Number(storage.getItem(key) ?? 0) < livesMs) return null;
    const mark = () => storage.setItem(key, String(now()));
    mark();
    const renewing = setInterval(mark, 10_000);
    const release = () => {
      clearInterval(renewing);
      storage.removeItem(key);
    };
    globalThis.addEventListener?.("pagehide", release, { once: true });
    return release;
  };
}

/** Nobody else can be asked: the server's lease is what keeps two tabs apart. */
const noLocks: Locks = async () => () => undefined;

export function browserLocks(): Locks {
  if (typeof navigator !== "undefined" && navigator.locks) return webLocks(navigator.locks);
  try {
    return markLocks(localStorage);
  } catch {
    return noLocks;
  }
}

import { browserStore } from "./kept/store";

const studying = new Set<() => Promise<void>>();

/** Registers how the study under way is reported; call the answer when it is over. */
export function whileStudying(flush: () => Promise<void>): () => void {
  studying.add(flush);
  return () => studying.delete(flush);
}

/** Signing out waits no longer than this for the last beat. */
const patienceMs = 3000;

/** Before signing out: what was studied is reported as long as there is somebody to report it for. */
export async function reportStudy(): Promise<void> {
  const late = new Promise<void>((resolve) => setTimeout(resolve, patienceMs));
  await Promise.race([Promise.all([...studying].map((flush) => flush())), late]);
}

/** After signing out: nothing of the person stays on the device. */
export const forgetStudy = (): Promise<void> => browserStore.clear();

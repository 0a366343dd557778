import type { Check } from "../wire";
import { usePresence } from "./messages";

/** What a check asks, in the server's words where it has any. */
export function usePrompt(check: Check, reading: boolean): string {
  const t = usePresence();
  return check.prompt || t(reading ? "confirmReading" : "confirmVideo");
}

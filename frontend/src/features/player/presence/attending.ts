import type { Answer, Check } from "../wire";

/** An outstanding check, with its deadline by the client's clock. */
export interface Attending {
  check: Check;
  /** null: there is no deadline. */
  until: number | null;
  /** An answer to it is on its way. */
  answering: boolean;
}

/** What the person is told of a check. */
export interface Told {
  outcome: "passed" | "wrong" | "missed" | "extended";
  /** Confirmed, or forfeited. */
  seconds: number;
}

/**
 * Follows the server's word on the outstanding check. The client's date may be
 * wrong, so only differences count: a check has its window from the moment it
 * arrives, and a later deadline moves it by as much as the server's moved.
 */
export function attending(before: Attending | null, check: Check | undefined, now: number): Attending | null {
  if (!check) return null;
  return { check, until: untilOf(before, check, now), answering: false };
}

function untilOf(before: Attending | null, check: Check, now: number): number | null {
  if (check.answer_by === undefined) return null;
  const known = before?.check.answer_by;
  if (before?.until != null && known !== undefined)
    return before.until + Date.parse(check.answer_by) - Date.parse(known);
  return now + check.window_s * 1000;
}

/** What an answer says became of the check, with how much was at stake. */
export function toldOf(answer: Answer, before: { verifiedS: number; forfeitedS: number }): Told | null {
  switch (answer.presence_outcome) {
    case undefined:
      return null;
    case "passed":
      return { outcome: "passed", seconds: Math.max(0, answer.verified_s - before.verifiedS) };
    case "missed":
      return { outcome: "missed", seconds: Math.max(0, (answer.forfeited_s ?? 0) - before.forfeitedS) };
    default:
      return { outcome: answer.presence_outcome, seconds: 0 };
  }
}

/** Whole seconds that are left; 0 when the time is up, null when there is no deadline. */
export const leftS = ({ until }: Attending, now: number): number | null =>
  until === null ? null : Math.max(0, Math.ceil((until - now) / 1000));

import type { Problem } from "../../api/problem";
import type { Span } from "./model";
import type { Attending, Told } from "./presence/attending";
import type { Session } from "./wire";

export type Status =
  | { kind: "opening" }
  | { kind: "live" }
  /** The line is back: what was played meanwhile is being sent. */
  | { kind: "catching-up" }
  /** No answer for now: what was played is kept and sent again at `retryAt`. */
  | { kind: "offline"; since: number; retryAt: number }
  /** The person is studying elsewhere: on another device, or in another tab of this browser. */
  | { kind: "held"; device: string; anotherTab: boolean }
  /** Another device took over; its name, where the server says it. */
  | { kind: "fenced"; device: string }
  | { kind: "failed"; error: Problem };

/** Why the server did not count something; the player says so in words. */
export type Why =
  | "too-fast"
  | "not-delivered"
  | "not-visible"
  | "enough"
  /** The session had ended meanwhile. */
  | "closed"
  /** Another device had taken over meanwhile. */
  | "elsewhere"
  /** Study was paused for a presence check. */
  | "presence"
  | "invalid";

export interface Study {
  status: Status;
  session: Session | null;
  /** Confirmed seconds of the lesson, as [from, to). */
  covered: number[][];
  /** Credited, and waiting for the next passed presence check. */
  pending: number[][];
  verifiedS: number;
  pendingS: number;
  /** Lost to missed presence checks in this lesson. */
  forfeitedS: number;
  completed: boolean;
  /** When the server last answered, by the client's clock; null: not yet. */
  confirmedAt: number | null;
  /** Played, and not yet acknowledged. */
  waiting: Span[];
  /** What could not be counted, until somebody has read it. */
  dropped: { seconds: number; why: Why } | null;
  /** The outstanding presence check. */
  check: Attending | null;
  /** What became of the last one, until it has been read. */
  told: Told | null;
}

export const nothingStudied: Study = {
  status: { kind: "opening" },
  session: null,
  covered: [],
  pending: [],
  verifiedS: 0,
  pendingS: 0,
  forfeitedS: 0,
  completed: false,
  confirmedAt: null,
  waiting: [],
  dropped: null,
  check: null,
  told: null,
};

/** Whether this is the session that counts, or will be when the line is back. */
export const studying = ({ status: { kind } }: Study): boolean =>
  kind === "live" || kind === "catching-up" || kind === "offline";

/** Whether nothing counts until a presence check is answered. */
export const pausedForCheck = ({ check }: Study): boolean => check?.check.paused ?? false;

const whys = new Set<string>(["too-fast", "not-delivered", "not-visible", "enough"] satisfies Why[]);

export const whyOf = (code: string): Why => (whys.has(code) ? (code as Why) : "invalid");

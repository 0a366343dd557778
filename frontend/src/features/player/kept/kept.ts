import type { Span } from "../model";
import type { Beat, Session } from "../wire";

/** What a device keeps of a study session until the server has acknowledged it. */
export interface Kept {
  /** Whose it is: it is never sent for anybody else. */
  person: string;
  lessonId: string;
  session: Session;
  token: string;
  seq: number;
  /** Sent and not answered: to be sent again exactly as it was. */
  unanswered: Beat | null;
  /** Played after it. */
  spans: Span[];
  /** Whether it was played in plain sight. */
  visible: boolean;
  /** Where the picture was, in ms. */
  at: number;
  savedAt: number;
}

/** Keeps one entry a session. Nothing here ever throws: without storage, study goes on and only a reload forgets. */
export interface Store {
  all(): Promise<Kept[]>;
  put(kept: Kept): Promise<void>;
  remove(sessionId: string): Promise<void>;
  clear(): Promise<void>;
}

export const keptS = ({ unanswered, spans }: Pick<Kept, "unanswered" | "spans">): number =>
  secondsOf([...(unanswered?.spans ?? []), ...spans]);

export const secondsOf = (spans: Span[]): number =>
  Math.round(spans.reduce((sum, s) => sum + s.to_ms - s.from_ms, 0) / 1000);

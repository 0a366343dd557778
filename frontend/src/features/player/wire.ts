import type { Schemas } from "../../api/client";
import type { Span } from "./model";

/** A presence check that is outstanding. */
export interface Check {
  id: string;
  kind: "confirm" | "question";
  /** None for a confirmation: the player has its own words for it. */
  prompt?: string;
  choices?: string[];
  multiple?: boolean;
  /** By the server's clock; absent: there is no deadline, and study is paused until it is answered. */
  answer_by?: string;
  window_s: number;
  paused: boolean;
  can_extend: boolean;
}

/** What became of the outstanding check. */
export type Outcome = "passed" | "wrong" | "missed" | "extended";

/** What a beat may say about the outstanding check. */
export interface Reply {
  id: string;
  /** Numbers of the chosen choices; none for a confirmation. */
  answer?: number[];
  more_time?: boolean;
}

interface Presence {
  /** Credited, and waiting for the next passed check: seconds of time, and of the lesson. */
  pending_s?: number;
  pending?: number[][];
  /** Lost to missed checks in this lesson so far. */
  forfeited_s?: number;
  presence?: Check;
}

/** A reading lesson's text, and how its time is laid out: page p is [p, p + 1) × page_max_s. */
export interface Reading {
  document_url: string;
  pages: number;
  page_max_s: number;
  page_min_s: number;
}

interface Kind extends Presence {
  kind?: "video" | "reading";
  reading?: Reading;
  policy: Omit<Schemas["StudyPolicy"], "presence_window_s">;
}
interface Judged extends Presence {
  presence_outcome?: Outcome;
}
export type Session = Omit<Schemas["StudySession"], keyof Kind> & Kind;
export type Beat = Schemas["Beat"] & { presence?: Reply };
export type Answer = Omit<Schemas["BeatAnswer"], keyof Judged> & Judged;

/** The study endpoints; every call rejects with a Problem. */
export interface Wire {
  open(lessonId: string, takeOver: boolean): Promise<Session>;
  /** `last`: the page is going away, and the request must outlive it. */
  beat(sessionId: string, beat: Beat, last: boolean): Promise<Answer>;
  close(sessionId: string): Promise<void>;
  /** Has what was played sent to this session once more. */
  redeliver(session: Session, spans: Span[]): Promise<void>;
}

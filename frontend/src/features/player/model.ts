/**
 * What the player reports: media that was really played, as spans of one rate.
 * A pure reducer over what the video element says; the server judges the rest.
 */

export interface Span {
  from_ms: number;
  to_ms: number;
  rate: number;
}

export type PlayState = "playing" | "paused" | "buffering" | "ended";

export interface Play {
  /** Played and not yet claimed, in the order it was played. */
  spans: Span[];
  /** What is being played: from where, up to where it is known, and when that was. */
  open: { from: number; at: number; rate: number; now: number } | null;
  /** Where the picture last stood still: what plays next begins there. */
  rest: number | null;
  state: PlayState;
  visible: boolean;
  /** Something unclaimed was read in plain sight, wherever the page is now. */
  seen: boolean;
}

export type PlayEvent =
  /** A position, with whether the picture really moves. `now` is the client's clock in ms. */
  | { type: "tick"; at: number; rate: number; playing: boolean; now: number }
  | { type: "stop"; state: "paused" | "buffering" | "ended"; at: number; now: number }
  /** Somebody jumped: the position no longer says what was played. */
  | { type: "seek"; to: number }
  /** A stretch of a text's timeline that was read just now. */
  | { type: "read"; from: number; to: number }
  | { type: "visible"; visible: boolean };

/** A beat may carry this many; the rest goes with the next one. */
export const maxSpans = 32;

/** A position may run ahead of the clock by this much before it counts as a jump. */
const slackMs = 1000;

export const nothingPlayed: Play = {
  spans: [],
  open: null,
  rest: null,
  state: "paused",
  visible: true,
  seen: false,
};

const ms = (n: number) => Math.max(0, Math.round(n));
const rateOf = (n: number) => Math.round(n * 100) / 100;

export function play(state: Play, event: PlayEvent): Play {
  switch (event.type) {
    case "tick":
      return event.playing ? moved(state, event) : state.open ? state : { ...state, rest: ms(event.at) };
    case "stop":
      return { ...closed(reached(state, event.at, event.now)), rest: ms(event.at), state: event.state };
    case "seek":
      return { ...closed(state), rest: ms(event.to) };
    case "read":
      return read(state, { from_ms: ms(event.from), to_ms: ms(event.to), rate: 1 });
    case "visible":
      return { ...state, visible: event.visible };
  }
}

function moved(state: Play, { at, rate, now }: { at: number; rate: number; now: number }): Play {
  let next = reached(state, at, now);
  const jumped = next.open !== null && next.open.at !== ms(at);
  if (next.open && (jumped || next.open.rate !== rateOf(rate))) next = closed(next);
  const open = next.open ?? { from: begun(next, ms(at)), at: ms(at), rate: rateOf(rate), now };
  return { ...next, open, rest: null, state: "playing" };
}

/** Nobody reads what cannot be seen. */
function read(state: Play, span: Span): Play {
  if (!state.visible) return state;
  return { ...state, spans: withSpan(state.spans, span), state: "playing", seen: true };
}

/** The first word of a playing picture comes a little late; it began where it had stood still. */
function begun({ rest }: Play, at: number): number {
  return rest !== null && rest <= at && at - rest <= slackMs ? rest : at;
}

/** Extends what is open up to a position, unless nobody could have got there by watching. */
function reached(state: Play, at: number, now: number): Play {
  const { open } = state;
  if (!open) return state;
  const step = ms(at) - open.at;
  if (step < 0 || step > (now - open.now) * open.rate + slackMs) return state;
  return { ...state, open: { ...open, at: ms(at), now } };
}

function closed(state: Play): Play {
  const { open } = state;
  if (!open) return state;
  return {
    ...state,
    spans: withSpan(state.spans, { from_ms: open.from, to_ms: open.at, rate: open.rate }),
    open: null,
  };
}

function withSpan(spans: Span[], span: Span): Span[] {
  if (span.to_ms <= span.from_ms) return spans;
  const last = spans.at(-1);
  if (last && last.to_ms === span.from_ms && last.rate === span.rate)
    return [...spans.slice(0, -1), { ...last, to_ms: span.to_ms }];
  return [...spans, span];
}

/** Takes what can be claimed now; what is being played goes on from where the claim ends. */
export function claim(state: Play): { spans: Span[]; rest: Play } {
  const { open } = state;
  const all = closed(state).spans;
  const spans = all.slice(maxSpans);
  const rest: Play = {
    ...state,
    spans,
    open: open && { ...open, from: open.at },
    seen: state.seen && spans.length > 0,
  };
  return { spans: all.slice(0, maxSpans), rest };
}

/** What was played and not yet claimed. */
export function unclaimed(state: Play): Span[] {
  return closed(state).spans;
}

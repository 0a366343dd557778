import { Problem } from "../../../api/problem";
import { maxSpans } from "../model";
import type { Beat, Wire } from "../wire";
import { type Kept, keptS } from "./kept";

/**
 * Sends what a session of another lesson left behind, and ends it. Answers how
 * many seconds could not be counted; throws while the server is away.
 */
export async function settle(wire: Wire, kept: Kept, note: (kept: Kept) => void): Promise<number> {
  let rest = kept;
  let lostS = 0;
  try {
    while (rest.unanswered || rest.spans.length > 0) {
      if (!rest.unanswered) rest = claimed(rest);
      note(rest);
      const answer = await wire.beat(rest.session.id, rest.unanswered as Beat, false);
      rest = { ...rest, token: answer.token, seq: answer.seq + 1, unanswered: null };
    }
  } catch (error) {
    if (!(error instanceof Problem) || error.passing) throw error;
    lostS = keptS(rest);
  }
  await wire.close(rest.session.id).catch(() => undefined);
  return lostS;
}

function claimed(kept: Kept): Kept {
  const { token, seq, visible, spans } = kept;
  const unanswered: Beat = { token, seq, state: "paused", visible, spans: spans.slice(0, maxSpans) };
  return { ...kept, unanswered, spans: spans.slice(maxSpans) };
}

import { useEffect, useState } from "react";
import { Problem, problemFrom } from "../../../api/problem";

export type Text =
  | { kind: "opening" }
  | { kind: "open"; text: string }
  /** With the status the server refused it with; 0: no answer. */
  | { kind: "failed"; status: number };

/** A session's text: fetched, so that it was sent to this session. `turn` grows to try once more. */
export function useText(url: string, turn: number): Text {
  const [text, setText] = useState<Text>({ kind: "opening" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn means fetching once more
  useEffect(() => {
    const controller = new AbortController();
    setText({ kind: "opening" });
    read(url, controller.signal).then(
      (whole) => setText({ kind: "open", text: whole }),
      (error) => {
        if (controller.signal.aborted) return;
        setText({ kind: "failed", status: error instanceof Problem ? error.status : 0 });
      },
    );
    return () => controller.abort();
  }, [url, turn]);
  return text;
}

async function read(url: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw problemFrom(answer, await answer.json().catch(() => null));
  return answer.text();
}

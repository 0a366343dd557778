import { useCallback, useEffect, useRef, useState } from "react";
import MarkdownRendered from "../../../ui/MarkdownRendered";
import { useReading } from "./messages";
import { OpenFailed, Opening } from "./Opening";
import { type Place, usePlace } from "./place";
import { useText } from "./useText";

export interface DocumentProps {
  url: string;
  place: Place;
  /** Whether there is something to be read. */
  onShown: (shown: boolean) => void;
  onGone: () => void;
}

/** A text, whose pages are equal shares of its height. */
export function TextView({ url, place, onShown, onGone }: DocumentProps) {
  const t = useReading();
  const [turn, setTurn] = useState(0);
  const text = useText(url, turn);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  const body = useRef<HTMLElement>(null);
  const open = text.kind === "open";
  usePlace(body, place, open);
  useEffect(() => {
    onShown(open);
    return () => onShown(false);
  }, [open, onShown]);
  if (text.kind === "failed") return <OpenFailed status={text.status} again={again} onGone={onGone} />;
  if (text.kind === "opening") return <Opening />;
  return (
    <article className="card rdr-text" ref={body} aria-label={t("document")}>
      <MarkdownRendered text={text.text} />
    </article>
  );
}

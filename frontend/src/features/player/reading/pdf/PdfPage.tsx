import { useEffect, useRef, useState } from "react";
import { useReading } from "../messages";
import { draw } from "./draw";
import type { PDFDocumentProxy } from "./open";

interface Props {
  document: PDFDocumentProxy;
  /** From 1. */
  number: number;
  of: number;
  width: number;
  /** Of a page not seen yet. */
  aspect: number;
  /** Close enough to the window to be drawn. */
  near: boolean;
  onDrawn: () => void;
}

/** One page of a PDF: as large as it will be before it is drawn, so that nothing jumps. */
export function PdfPage({ document, number, of, width, aspect, near, onDrawn }: Props) {
  const t = useReading();
  const picture = useRef<HTMLDivElement>(null);
  const text = useRef<HTMLDivElement>(null);
  const drawn = useRef(onDrawn);
  drawn.current = onDrawn;
  const [own, setOwn] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn means drawing once more
  useEffect(() => {
    if (!near || !picture.current || !text.current || width <= 0) return;
    const elements = { picture: picture.current, text: text.current };
    const drawing = draw(document, number, width, elements);
    let gone = false;
    setFailed(false);
    drawing.done.then(
      ({ aspect: seen }) => {
        if (gone) return;
        setOwn(seen);
        drawn.current();
      },
      () => {
        if (!gone) setFailed(true);
      },
    );
    return () => {
      gone = true;
      drawing.stop();
    };
  }, [document, number, width, near, turn]);
  // Far away again: a picture of a long document is given back.
  useEffect(() => {
    if (near) return;
    picture.current?.replaceChildren();
    text.current?.replaceChildren();
  }, [near]);
  const height = Math.round(width * (own ?? aspect));
  return (
    <section
      className="pdf-p"
      data-page={number}
      aria-label={t("pageOf", { page: number, pages: of })}
      style={{ width, height }}
    >
      <div className="pdf-c" ref={picture} aria-hidden="true" />
      <div className="textLayer" ref={text} />
      {failed && (
        <div className="pdf-f" role="alert">
          <p>{t("pageFailed")}</p>
          <button className="btn sm" type="button" onClick={() => setTurn((n) => n + 1)}>
            {t("again")}
          </button>
        </div>
      )}
    </section>
  );
}

import { useRef } from "react";
import type { Place } from "../place";
import { usePlace } from "../place";
import { useWidth } from "../useWidth";
import type { PDFDocumentProxy } from "./open";
import { PdfPage } from "./PdfPage";
import "./pdf.css";
import { useNear } from "./useNear";

interface Props {
  document: PDFDocumentProxy;
  aspect: number;
  /** 1: as wide as there is room. */
  zoom: number;
  place: Place;
  label: string;
  /** A page is to be seen. */
  onSeen: () => void;
}

/** A PDF's pages one below the other; those near the window are drawn. */
export function PdfView({ document, aspect, zoom, place, label, onSeen }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const pages = useRef<HTMLDivElement>(null);
  const width = Math.floor(useWidth(frame) * zoom);
  const count = document.numPages;
  const near = useNear(pages, count);
  usePlace(pages, place, width > 0);
  return (
    // Zoomed in it is wider than the page: it can be moved by keys as well.
    <div
      className={zoom > 1 ? "pdf wide" : "pdf"}
      ref={frame}
      tabIndex={zoom > 1 ? 0 : undefined}
      role="region"
      aria-label={label}
    >
      <div className="pdf-ps" ref={pages}>
        {Array.from({ length: count }, (_, n) => (
          <PdfPage
            key={n}
            document={document}
            number={n + 1}
            of={count}
            width={width}
            aspect={aspect}
            near={near.has(n + 1)}
            onDrawn={onSeen}
          />
        ))}
      </div>
    </div>
  );
}

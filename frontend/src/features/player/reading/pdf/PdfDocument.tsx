import { useCallback, useEffect, useState } from "react";
import { useReading } from "../messages";
import { OpenFailed, Opening } from "../Opening";
import type { DocumentProps } from "../TextView";
import { PdfView } from "./PdfView";
import { usePdf } from "./usePdf";

/** A PDF, page by page. */
export function PdfDocument({ url, place, onShown, onGone, zoom }: DocumentProps & { zoom: number }) {
  const t = useReading();
  const [turn, setTurn] = useState(0);
  const pdf = usePdf(url, turn);
  const again = useCallback(() => setTurn((n) => n + 1), []);
  const seen = useCallback(() => onShown(true), [onShown]);
  useEffect(() => {
    return () => onShown(false);
  }, [onShown]);
  if (pdf.kind === "failed") return <OpenFailed status={pdf.status} again={again} onGone={onGone} />;
  if (pdf.kind === "opening") return <Opening />;
  return (
    <PdfView
      document={pdf.document}
      aspect={pdf.aspect}
      zoom={zoom}
      place={place}
      label={t("document")}
      onSeen={seen}
    />
  );
}

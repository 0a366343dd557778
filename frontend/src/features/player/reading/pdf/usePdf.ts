import { useEffect, useState } from "react";
import { openPdf, type PDFDocumentProxy } from "./open";

export type Pdf =
  | { kind: "opening" }
  | { kind: "open"; document: PDFDocumentProxy /** Height over width of the first page. */; aspect: number }
  /** With the status the server refused it with, where it did. */
  | { kind: "failed"; status: number };

/** The document at an address; `turn` grows to try once more. */
export function usePdf(url: string, turn: number): Pdf {
  const [pdf, setPdf] = useState<Pdf>({ kind: "opening" });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn means opening once more
  useEffect(() => {
    let gone = false;
    setPdf({ kind: "opening" });
    const opening = openPdf(url);
    const open = async () => {
      const document = await opening.document;
      const { width, height } = (await document.getPage(1)).getViewport({ scale: 1 });
      if (!gone) setPdf({ kind: "open", document, aspect: height / width });
    };
    open().catch((error: { status?: number }) => {
      if (!gone) setPdf({ kind: "failed", status: error.status ?? 0 });
    });
    return () => {
      gone = true;
      opening.close();
    };
  }, [url, turn]);
  return pdf;
}

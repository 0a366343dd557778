import type { PDFDocumentProxy } from "pdfjs-dist";
import worker from "pdfjs-dist/legacy/build/pdf.worker.min.mjs?url";

export type { PDFDocumentProxy, PDFPageProxy } from "pdfjs-dist";

/** The build for older browsers: people read on what they have. */
export const pdfjs = () => import("pdfjs-dist/legacy/build/pdf.mjs");

export interface Opening {
  document: Promise<PDFDocumentProxy>;
  close: () => void;
}

/**
 * Opens a PDF from its address. Pages are there before the whole file is. The
 * content policy of the page allows neither eval nor WebAssembly nor styles in
 * the markup; pdf.js is told to do without.
 */
export function openPdf(url: string): Opening {
  let closed = false;
  let close = () => {};
  const document = pdfjs().then(({ getDocument, GlobalWorkerOptions, version }) => {
    GlobalWorkerOptions.workerSrc = worker;
    const data = `/assets/pdfjs-${version}/`;
    const task = getDocument({
      url,
      cMapUrl: `${data}cmaps/`,
      cMapPacked: true,
      standardFontDataUrl: `${data}standard_fonts/`,
      wasmUrl: `${data}wasm/`,
      useWasm: false,
      enableXfa: false,
    });
    close = () => void task.destroy();
    if (closed) close();
    return task.promise;
  });
  return {
    document,
    close: () => {
      closed = true;
      close();
    },
  };
}

import { type PDFDocumentProxy, type PDFPageProxy, pdfjs } from "./open";

/** Phones give a picture no more than this many dots; beyond it there would be none at all. */
const maxDots = 16_000_000;

export interface Drawing {
  /** Resolves when the page is drawn and its text can be selected; rejects when it was given up. */
  done: Promise<{ aspect: number }>;
  stop: () => void;
}

/** Draws a page, numbered from 1, as wide as asked for, into the two elements made for it. */
export function draw(
  document: PDFDocumentProxy,
  number: number,
  width: number,
  into: { picture: HTMLElement; text: HTMLElement },
): Drawing {
  let stopped = false;
  const tasks: { cancel: () => void }[] = [];
  const given = () => {
    if (stopped) throw new Error("stopped");
  };
  const run = async () => {
    const page = await document.getPage(number);
    given();
    const own = page.getViewport({ scale: 1 });
    const viewport = page.getViewport({ scale: width / own.width });
    const canvas = window.document.createElement("canvas");
    const dots = dotsFor(viewport.width * viewport.height);
    canvas.width = Math.floor(viewport.width * dots);
    canvas.height = Math.floor(viewport.height * dots);
    const rendering = page.render({ canvas, viewport, transform: [dots, 0, 0, dots, 0, 0] });
    tasks.push(rendering);
    await rendering.promise;
    given();
    // Only now: what stood there before stays until the new picture is whole.
    into.picture.replaceChildren(canvas);
    await writeText(page, viewport, into.text, tasks, given);
    return { aspect: own.height / own.width };
  };
  return {
    done: run(),
    stop: () => {
      stopped = true;
      for (const task of tasks) task.cancel();
    },
  };
}

function dotsFor(area: number): number {
  const wanted = Math.max(1, window.devicePixelRatio || 1);
  return Math.min(wanted, Math.sqrt(maxDots / area));
}

/** The page's words over their picture, to be selected and read aloud. */
async function writeText(
  page: PDFPageProxy,
  viewport: ReturnType<PDFPageProxy["getViewport"]>,
  container: HTMLElement,
  tasks: { cancel: () => void }[],
  given: () => void,
) {
  const { TextLayer } = await pdfjs();
  given();
  container.replaceChildren();
  container.style.setProperty("--total-scale-factor", String(viewport.scale));
  const layer = new TextLayer({ textContentSource: page.streamTextContent(), container, viewport });
  tasks.push(layer);
  await layer.render();
}

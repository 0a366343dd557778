import { useMemo } from "react";
import { useFormat } from "../../../lib/format";
import { Veil } from "../Banners";
import type { Place } from "../LessonHeader";
import { Opening } from "./Opening";
import { pageAt } from "./pages";
import { PdfDocument } from "./pdf/PdfDocument";
import { TextView } from "./TextView";
import type { Reader } from "./useReader";

/** The text or the PDF of a session; without one, who counts instead, or that it is coming. */
export function Document({ place, reader, declined }: { place: Place; reader: Reader; declined: boolean }) {
  const f = useFormat();
  const { lesson } = place;
  const { study, reporter, layout, counting } = reader;
  const { status, session } = study;
  const open = counting && study.confirmedAt !== null && session?.reading ? session : null;
  // Where one was is asked once a session: what is read afterwards does not scroll the page.
  const start = useMemo(() => (open?.reading ? pageAt(open.reading, open.resume_at_ms) : 0), [open]);
  const shown = {
    place: { pages: layout.pages, start, onSeen: reader.setSeen, jump: reader.jump },
    onShown: reader.setShown,
    onGone: () => reporter.ask(),
  };
  const url = open?.reading?.document_url ?? "";
  return (
    <>
      <div className="rdr-veil">
        <Veil study={study} reporter={reporter} waitingHere={status.kind === "held" && declined} />
      </div>
      {open && lesson.file_url && <PdfDocument key={open.id} url={url} zoom={reader.zoom} {...shown} />}
      {open && !lesson.file_url && (
        <TextView key={open.id} url={`${url}?lang=${f.locale.slice(0, 2)}`} {...shown} />
      )}
      {!open && (counting || status.kind === "opening") && <Opening />}
    </>
  );
}

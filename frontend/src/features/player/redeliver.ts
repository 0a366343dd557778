import { Problem, problemFrom } from "../../api/problem";
import type { Span } from "./model";
import { renditionsOf, segmentsOf } from "./segments";
import type { Session } from "./wire";

/** Past the browser's own copies: the server is to send it, and to note that it did. */
async function fetched(address: string | URL): Promise<Response> {
  const answer = await fetch(address, { cache: "reload" }).catch(() => {
    throw Problem.network();
  });
  if (answer.ok) return answer;
  throw problemFrom(answer, await answer.json().catch(() => null));
}

/** Fetches the text, or the parts of the video that were played, so that they are delivered to this session. */
export async function redeliver(session: Session, spans: Span[]): Promise<void> {
  if (session.reading) return void (await (await fetched(session.reading.document_url)).arrayBuffer());
  const master = new URL(session.playlist_url, location.href);
  // Which rendition a part was sent in makes no difference.
  const [rendition] = renditionsOf(await (await fetched(master)).text());
  if (!rendition) return;
  const media = new URL(rendition, master);
  for (const segment of segmentsOf(await (await fetched(media)).text(), spans))
    await (await fetched(new URL(segment, media))).arrayBuffer();
}

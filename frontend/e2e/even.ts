import { Agent, request } from "node:http";
import type { Page } from "@playwright/test";
import { demo } from "./demo";

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface Opened {
  id: string;
  token: string;
  seq: number;
}

const until = (at: number) => new Promise((r) => setTimeout(r, Math.max(0, at - performance.now())));

function beat(s: Opened, cookie: string, span: { from_ms: number; to_ms: number }): Promise<string> {
  const body = JSON.stringify({
    token: s.token,
    seq: s.seq,
    state: "playing",
    visible: true,
    spans: [{ ...span, rate: 1 }],
  });
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(`/api/v1/study-sessions/${s.id}/beats`, demo.url),
      { method: "POST", agent, headers: { cookie, "content-type": "application/json", origin: demo.url } },
      (answer) => {
        let text = "";
        answer.on("data", (d) => {
          text += d;
        });
        answer.on("end", () =>
          answer.statusCode === 200 ? resolve(JSON.parse(text).token) : reject(new Error(text)),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Reads a document the way a script does: a beat every fifth of a second, on the dot. */
export async function readEvenly(page: Page, lesson: string, beats: number): Promise<string> {
  const opened = await page.request.post("/api/v1/study-sessions", {
    data: { lesson_id: lesson, take_over: true },
  });
  const s: Opened & { reading: { document_url: string } } = await opened.json();
  await page.request.get(s.reading.document_url);
  const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
  const every = 200;
  const start = performance.now();
  for (let n = 1; n <= beats; n++) {
    await until(start + n * every);
    s.token = await beat(s, cookie, { from_ms: (n - 1) * 180, to_ms: n * 180 });
    s.seq++;
  }
  await page.request.delete(`/api/v1/study-sessions/${s.id}`);
  return s.id;
}

import { Problem } from "../../api/problem";
import { completeAsset } from "./api";
import { Uploads } from "./uploads";

function problemOf(xhr: XMLHttpRequest): Problem {
  try {
    return new Problem(
      xhr.status,
      JSON.parse(xhr.responseText),
      Number(xhr.getResponseHeader("Retry-After")) || 0,
    );
  } catch {
    return new Problem(xhr.status, { type: `/problems/http-${xhr.status}` });
  }
}

/** fetch tells nothing of an upload's progress; this older way does. */
function sendPart(asset: string, part: number, data: Blob, progress: (sent: number) => void): Promise<void> {
  return new Promise((done, fail) => {
    const xhr = new XMLHttpRequest();
    xhr.open("PUT", `/api/v1/media/${asset}/parts/${part}`);
    xhr.setRequestHeader("Content-Type", "application/octet-stream");
    xhr.upload.onprogress = (e) => progress(e.loaded);
    xhr.onload = () => (xhr.status < 300 ? done() : fail(problemOf(xhr)));
    xhr.onerror = () => fail(Problem.network());
    xhr.onabort = () => fail(Problem.network());
    xhr.send(data);
  });
}

/** One for the page, so that an upload survives going from lesson to lesson. */
export const uploads = new Uploads({
  part: sendPart,
  complete: completeAsset,
  wait: (ms) => new Promise((done) => setTimeout(done, ms)),
});

addEventListener("beforeunload", (e) => {
  if (uploads.active) e.preventDefault();
});

/**
 * Runs Lighthouse on the pages people meet first, on a phone and on a desk, against the running product that
 * HOURGLASS_E2E names (the file with the line `hourglass demo --json` announces itself with). Arguments are names of
 * pages. Ends in failure when accessibility or best practices are below 100; performance is printed and not judged,
 * because it measures the machine as well.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import lighthouse, { desktopConfig } from "lighthouse";

const { chromium } = createRequire(new URL("../../frontend/package.json", import.meta.url))("@playwright/test");
const port = 9223;
const judged = ["accessibility", "best-practices"];
const categories = ["performance", ...judged];
const demo = JSON.parse(readFileSync(process.env.HOURGLASS_E2E, "utf8"));
const only = process.argv.slice(2);

const browser = await chromium.launchPersistentContext("", {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", `--remote-debugging-port=${port}`, "--disable-background-networking"],
});
const read = async (path) => (await browser.request.get(`${demo.url}/api/v1${path}`)).json();
const post = (path, data) => browser.request.post(`${demo.url}/api/v1${path}`, { data });

const signIn = (role) => {
  const { email, password } = demo.accounts.find((a) => a.role === role);
  return post("/auth/sign-in", { email, password });
};

/** A lecture's address, for whoever is signed in. */
async function lecture(course) {
  const enrolment = await (await post(`/courses/${course.id}/enrolments`)).json();
  const video = enrolment.chapters.flatMap((c) => c.lessons).find((l) => l.kind === "video");
  return `/learn/${enrolment.id}/${video.id}`;
}

/** Name and address of each page, on the phone and on the desk; undefined: not there. People sign in in between. */
async function* pages() {
  const [first] = demo.courses;
  const both = (name, path) => [name, path, path];
  yield both("catalogue", "/");
  yield both("course", `/courses/${first.id}`);
  yield both("sign-in", "/sign-in");
  yield both("check-form", "/verify");
  await signIn("professional");
  const { items } = await read("/me/certificates");
  if (items[0]) yield both("certificate", `/verify/${items[0].serial}`);
  yield both("hours", "/hours");
  yield both("learning", "/learning");
  yield both("notes", "/notes");
  yield ["player", await lecture(first)];
  // One device of a person counts at a time: the other one is somebody else's.
  await signIn("instructor");
  yield ["player", undefined, await lecture(first)];
}

/** What keeps a category from 100, one line each. */
function* complaints({ audits, categories: found }) {
  for (const c of categories)
    for (const { id, weight } of found[c].auditRefs) {
      const { score, title, displayValue = "" } = audits[id];
      if (weight > 0 && score !== null && score < 0.9) yield `    ${c}: ${title} ${displayValue}`;
    }
}

let low = 0;
for await (const [name, phone, desk] of pages()) {
  if (only.length > 0 && !only.includes(name)) continue;
  for (const [size, path, config] of [["phone", phone], ["desktop", desk, desktopConfig]]) {
    if (!path) continue;
    const options = { port, onlyCategories: categories, disableStorageReset: true, logLevel: "error" };
    const { lhr } = await lighthouse(demo.url + path, options, config);
    const score = (c) => Math.round((lhr.categories[c].score ?? 0) * 100);
    low += judged.filter((c) => score(c) < 100).length;
    console.log(name.padEnd(14) + size.padEnd(8) + categories.map((c) => `${c} ${score(c)}`).join("  "));
    for (const line of complaints(lhr)) console.log(line);
  }
}
await browser.close();
process.exitCode = low > 0 ? 1 : 0;

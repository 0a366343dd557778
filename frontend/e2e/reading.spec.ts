import { expect as hope, type Page, test } from "@playwright/test";
import { demo } from "./demo";
import { look, views } from "./look";

/** Time is counted for real here, however busy the machine is. */
const expect = hope.configure({ timeout: 40_000 });

interface Reader {
  text: string;
  pdf: string;
}

/** A fresh person, enrolled in the course that is only read; the addresses of its text and its PDF. */
async function enrolled(page: Page): Promise<Reader> {
  const email = `reader-${Date.now()}-${Math.random().toString(36).slice(2)}@example.org`;
  const account = { name: "夏 雨", email, password: "一句 足够长 的 话 2026", locale: "zh-CN" };
  expect((await page.request.post("/api/v1/auth/sign-up", { data: account })).status()).toBe(201);
  const course = demo.courses.find((c) => c.title === "Writing Quantities and Units");
  const enrolment = await (await page.request.post(`/api/v1/courses/${course?.id}/enrolments`)).json();
  const [text, pdf] = enrolment.chapters[0].lessons;
  return { text: `/learn/${enrolment.id}/${text.id}`, pdf: `/learn/${enrolment.id}/${pdf.id}` };
}

const read = (page: Page) => page.getByTestId("pages-read");
const bar = (page: Page) => page.getByRole("region", { name: "阅读进度" });

/** Seconds that stand in the figures: verified, and on their way. */
async function counted(page: Page): Promise<number> {
  const words = (await page.getByTestId("verified").textContent()) ?? "";
  const verified = Number(/(\d+) 分/.exec(words)?.[1] ?? 0) * 60 + Number(/(\d+) 秒/.exec(words)?.[1] ?? 0);
  const [minutes = 0, seconds = 0] = ((await page.getByTestId("pending").textContent()) ?? "").split(":");
  return verified + Number(minutes) * 60 + Number(seconds);
}

const choice = (page: Page) => bar(page).getByRole("combobox", { name: "页码" });
const isRead = (page: Page, n: number) =>
  choice(page).getByRole("option", { name: new RegExp(`^第 ${n} 页 · (待确认|已核验)$`) });

/** Reads one page after the other, until the lesson is complete. */
async function readOn(page: Page, pages: number) {
  for (let n = 1; n <= pages; n++) {
    await choice(page).selectOption(String(n - 1));
    // Real time has to pass: it is what is counted.
    await expect(isRead(page, n)).toBeAttached();
  }
  await expect(page.getByText("这一课已读完，计入学时。")).toBeVisible();
  await expect(read(page)).toHaveText(`${pages} / ${pages} 页`);
  await expect(page.getByText("每一页都读够了")).toBeVisible();
}

test.describe.configure({ timeout: 240_000 });

test("a text is read page by page, a reload keeps what was read, and the next lesson follows", async ({
  page,
}) => {
  const { text, pdf } = await enrolled(page);
  await page.goto(text);
  await expect(page.getByRole("heading", { name: "一、数和单位之间要留空" })).toBeVisible();
  await expect(isRead(page, 1)).toBeAttached();
  const before = await counted(page);
  await page.reload();
  await expect(isRead(page, 1)).toBeAttached();
  expect(await counted(page)).toBeGreaterThanOrEqual(before);
  await expect(page.getByRole("dialog")).toBeHidden();
  await readOn(page, 3);
  await page.getByRole("link", { name: "下一课" }).first().click();
  await expect(page).toHaveURL(pdf);
});

test("a PDF is drawn from our own origin, enlarged, and read by keyboard to its end", async ({ page }) => {
  const refused: string[] = [];
  page.on("console", (m) => m.text().includes("Content Security Policy") && refused.push(m.text()));
  const elsewhere: string[] = [];
  page.on("request", (r) => !r.url().startsWith(demo.url) && elsewhere.push(r.url()));
  const { pdf } = await enrolled(page);
  await page.goto(pdf);
  const first = page.getByRole("region", { name: "第 1 页，共 2 页" });
  await expect(first.locator("canvas")).toBeVisible();
  await expect(first.getByText("Ties to even, once, at the end.")).toBeAttached();
  expect(page.workers().map((w) => new URL(w.url()).origin)).toEqual([demo.url]);

  const width = async () => (await first.boundingBox())?.width ?? 0;
  const fitting = await width();
  await page.keyboard.press("-");
  await expect.poll(width).toBeLessThan(fitting);
  await page.keyboard.press("0");
  await expect.poll(width).toBe(fitting);
  await page.keyboard.press("ArrowRight");
  await expect(choice(page)).toHaveValue("1");
  await page.keyboard.press("ArrowLeft");
  await expect(choice(page)).toHaveValue("0");
  await readOn(page, 2);

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "下载 PDF" }).click();
  expect((await download).suggestedFilename()).toMatch(/\.pdf$/);
  expect({ refused, elsewhere }).toEqual({ refused: [], elsewhere: [] });
});

test("a page in the background does not count, and says so", async ({ page }) => {
  await page.goto((await enrolled(page)).text);
  await expect.poll(() => counted(page)).toBeGreaterThan(1);
  const turn = (state: "hidden" | "visible") =>
    page.evaluate((to) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => to });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  await turn("hidden");
  await expect(page.getByText("页面不在前台，计时先停一停。")).toBeVisible();
  const before = await counted(page);
  await page.waitForTimeout(4000); // real time has to pass: it must not be counted
  expect(await counted(page)).toBeLessThanOrEqual(before + 1);
  await turn("visible");
  await expect(page.getByText("页面不在前台，计时先停一停。")).toBeHidden();
  await expect.poll(() => counted(page)).toBeGreaterThan(before + 1);
});

test("reading goes on where it is taken over, and is kept while the line is down", async ({
  page,
  browser,
}) => {
  const { text } = await enrolled(page);
  await page.goto(text);
  await expect.poll(() => counted(page)).toBeGreaterThan(1);
  const { cookies } = await page.context().storageState();
  const context = await browser.newContext({ locale: "zh-CN", storageState: { cookies, origins: [] } });
  const other = await context.newPage();
  await other.goto(text);
  await other
    .getByRole("dialog", { name: "您正在另一台设备上学习" })
    .getByRole("button", { name: "转到这里继续" })
    .click();
  await expect(page.getByRole("heading", { name: "已转到另一台设备继续" })).toBeVisible();
  await expect(page.getByRole("article")).toBeHidden();

  const before = await counted(other);
  await other.route("**/beats", (route) => route.abort("connectionreset"));
  await expect(other.getByText("网络已断开。", { exact: true })).toBeVisible();
  await other.unroute("**/beats");
  await expect(other.getByText("网络已断开。", { exact: true })).toBeHidden();
  await expect.poll(() => counted(other)).toBeGreaterThan(before + 3);
  await expect(other.getByText("未计入")).toBeHidden();
  await context.close();
});

for (const { options, suffix } of views) {
  test(`a PDF holds as ${suffix}`, async ({ browser }) => {
    const page = await (await browser.newContext(options)).newPage();
    const { pdf } = await enrolled(page);
    await look(page, { name: "reading-pdf", path: pdf, ready: ".pdf-p canvas" }, suffix);
    await page.context().close();
  });
}

import AxeBuilder from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";
import { demo } from "./demo";

/** What the lecture asks about what it says, with the right answers. */
const right = ["一次", "直接拖到结尾", "看完视频、通过测验之后"];

/** A fresh person in the lecture of a minute; its address. */
async function enrolled(page: Page): Promise<string> {
  const email = `presence-${Date.now()}-${Math.random().toString(36).slice(2)}@example.org`;
  const account = { name: "夏 雨", email, password: "一句 足够长 的 话 2026", locale: "zh-CN" };
  expect((await page.request.post("/api/v1/auth/sign-up", { data: account })).status()).toBe(201);
  const course = demo.courses.find((c) => c.title === "学时是怎样认定的");
  const enrolment = await (await page.request.post(`/api/v1/courses/${course?.id}/enrolments`)).json();
  return `/learn/${enrolment.id}/${enrolment.chapters[0].lessons[0].id}`;
}

async function watching(page: Page, lesson?: string) {
  await page.goto(lesson ?? (await enrolled(page)));
  await expect(page.locator("video")).toHaveJSProperty("readyState", 4, { timeout: 30_000 });
  await page.keyboard.press("k");
}

const card = (page: Page) => page.getByRole("region", { name: /在线检查|Presence check/ });
/** A check opens with the beat after six seconds of study. */
const asked = (page: Page) => expect(card(page)).toBeVisible({ timeout: 30_000 });
const thanks = (page: Page) => expect(page.getByText(/^谢谢，/)).toBeVisible();

/** Answers by the keyboard alone: the number of the right choice, if there are any, and Enter. */
async function answer(page: Page) {
  const choices = await card(page).locator(".op").allTextContents();
  const n = choices.findIndex((text) => right.some((r) => text.endsWith(r)));
  if (choices.length > 0) {
    expect(n, `of ${choices} one is known to be right`).toBeGreaterThanOrEqual(0);
    await page.keyboard.press(String(n + 1));
    await expect(card(page).getByRole("radio").nth(n)).toBeChecked();
  }
  await page.keyboard.press("Enter");
}

async function accessible(page: Page, what: string) {
  const { violations } = await new AxeBuilder({ page })
    .include(".pc")
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
    .analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
  expect.soft(found, what).toEqual([]);
}

/** The card in both languages and themes; the page ends as it began. */
async function lookAtCard(page: Page, name: "open" | "missed") {
  for (const turn of [
    "切换到深色主题",
    "EN：切换到英文",
    "Switch to the light theme",
    "中文: switch to Chinese",
  ]) {
    await page.getByRole("button", { name: turn }).click();
    await expect(card(page)).toBeVisible();
    await accessible(page, `${name} after “${turn}”`);
    await page.screenshot({ path: `../artefacts/screenshots/presence-${name}-${turn.length}.png` });
    await expect(card(page).getByRole("timer")).toHaveCount(name === "open" ? 1 : 0);
  }
}

test("checks are answered by the keyboard, and what was pending is confirmed", async ({ page }) => {
  test.setTimeout(120_000);
  await watching(page);
  await asked(page);
  await expect(card(page)).toBeFocused();
  await expect(page.getByText(/^在线检查：/)).toBeAttached();
  await expect(card(page)).toContainText(/由待确认转为已核验/);
  await answer(page);
  await thanks(page);
  await expect(card(page)).toBeHidden();
  await expect(page.locator("video")).toHaveJSProperty("paused", false);
  const verified = page.getByTestId("verified");
  await expect(verified).toContainText(/0:(0[6-9]|[1-5]\d) \//);
  const before = await verified.textContent();
  await asked(page);
  await answer(page);
  await expect(verified).not.toHaveText(before ?? "", { timeout: 20_000 });
});

test("more time is there for whoever asks, once", async ({ page }) => {
  test.setTimeout(120_000);
  await watching(page);
  await asked(page);
  await card(page).getByRole("button", { name: "需要更多时间" }).press("Enter");
  await expect(card(page).getByText("已为您延长时间。")).toBeVisible({ timeout: 20_000 });
  await expect(card(page).getByRole("button", { name: "需要更多时间" })).toBeHidden();
  await expect(card(page).getByRole("timer")).toContainText(/0:(2[5-9]|3\d)/);
  await page.locator("video").focus();
  await answer(page);
  await thanks(page);
});

test("an open check is for everybody, in both languages and themes", async ({ page }) => {
  test.setTimeout(120_000);
  const lesson = await enrolled(page);
  // Longer than the usual twenty seconds, because a machine has to look at it four times.
  expect((await page.request.put("/api/v1/me/presence-window", { data: { percent: 500 } })).ok()).toBe(true);
  await watching(page, lesson);
  await asked(page);
  await lookAtCard(page, "open");
  await card(page).focus(); // where Enter is not the language's
  await answer(page);
  await thanks(page);
});

test("a missed check says what was lost and how to go on", async ({ page }) => {
  test.setTimeout(300_000);
  await watching(page);
  await asked(page);
  const pausedTitle = card(page).getByRole("heading", { name: "已暂停：您还在吗？" });
  await expect(pausedTitle).toBeVisible({ timeout: 60_000 });
  await expect(page.locator("video")).toHaveJSProperty("paused", true);
  await expect(card(page)).toContainText(/错过了检查，.*未计入，随时可以重学/);
  await expect(card(page).getByRole("button", { name: "我在，继续" })).toBeVisible();
  await lookAtCard(page, "missed");
  await card(page).focus();
  await page.keyboard.press("Enter");
  await expect(card(page)).toBeHidden({ timeout: 20_000 });
  await expect(page.locator("video")).toHaveJSProperty("paused", false);
});

test("who needs longer says so once", async ({ page }) => {
  const lesson = await enrolled(page);
  await page.goto("/settings");
  await expect(page.getByRole("radio", { name: /标准时间/ })).toBeChecked();
  await page.getByRole("radio", { name: /标准时间/ }).press("ArrowDown");
  await page.getByRole("radio", { name: /2 倍时间/ }).press("ArrowDown");
  await expect(page.getByRole("radio", { name: /5 倍时间/ })).toBeChecked();
  await expect(page.getByText(/已保存。从下次打开课时起，每次检查有 2 分钟的作答时间。/)).toBeVisible();
  await page.reload();
  await expect(page.getByRole("radio", { name: /5 倍时间/ })).toBeChecked();
  const opened = page.waitForResponse((r) => r.url().endsWith("/study-sessions") && r.status() === 201);
  await page.goto(lesson);
  expect((await (await opened).json()).policy.presence_window_s).toBe(100);
});

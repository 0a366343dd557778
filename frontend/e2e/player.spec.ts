import { type Browser, expect, type Page, test } from "@playwright/test";
import { creditedIn, demo } from "./demo";

const play = "播放（空格）";

/** A fresh person, enrolled in the course of one minute; the address of its lecture. */
async function enrolled(page: Page): Promise<string> {
  const email = `player-${Date.now()}-${Math.random().toString(36).slice(2)}@example.org`;
  const account = { name: "夏 雨", email, password: "一句 足够长 的 话 2026", locale: "zh-CN" };
  expect((await page.request.post("/api/v1/auth/sign-up", { data: account })).status()).toBe(201);
  const course = demo.courses.find((c) => c.title === "学时是怎样认定的");
  const answer = await page.request.post(`/api/v1/courses/${course?.id}/enrolments`);
  const enrolment = await answer.json();
  return `/learn/${enrolment.id}/${enrolment.chapters[0].lessons[0].id}`;
}

async function sameOn(browser: Browser, page: Page): Promise<Page> {
  const { cookies } = await page.context().storageState();
  const context = await browser.newContext({ locale: "zh-CN", storageState: { cookies, origins: [] } });
  return context.newPage();
}

/** Plays until the server has credited more than it had before. */
async function watch(page: Page) {
  await expect(page.getByTestId("verified")).toContainText(/\d:\d\d \//);
  const before = await creditedIn(page);
  await page.getByRole("button", { name: play }).first().click();
  await expect.poll(() => creditedIn(page), { timeout: 30_000 }).toBeGreaterThan(Math.max(before, 2));
}

test("one device counts at a time, and the count can be brought back", async ({ page, browser }) => {
  test.setTimeout(120_000);
  const lesson = await enrolled(page);
  await page.goto(lesson);
  await watch(page);

  const other = await sameOn(browser, page);
  await other.goto(lesson);
  const question = other.getByRole("dialog", { name: "您正在另一台设备上学习" });
  await expect(question).toContainText("Chrome");
  await question.getByRole("button", { name: "转到这里继续" }).click();
  await expect(question).toBeHidden();
  await watch(other);

  await expect(page.getByRole("heading", { name: "已转到另一台设备继续" })).toBeVisible({ timeout: 20_000 });
  await expect(page.locator("video")).toHaveJSProperty("paused", true);
  await page.getByRole("button", { name: "转回这台设备" }).click();
  await watch(page);
  await expect(other.getByRole("heading", { name: "已转到另一台设备继续" })).toBeVisible({ timeout: 20_000 });
  await other.context().close();
});

test("a lost connection is said, and what was watched meanwhile is counted", async ({ page }) => {
  test.setTimeout(120_000);
  await page.goto(await enrolled(page));
  await watch(page);
  await page.route("**/beats", (route) => route.abort("connectionreset"));
  await expect(page.getByText("网络已断开。", { exact: true })).toBeVisible({ timeout: 20_000 });
  const before = await creditedIn(page);
  await page.waitForTimeout(6000); // real time has to pass: it is what is counted
  expect(await creditedIn(page)).toBe(before);
  await page.unroute("**/beats");
  await page.getByRole("button", { name: "立即重连" }).click();
  await expect(page.getByText("网络已断开。", { exact: true })).toBeHidden({ timeout: 20_000 });
  await expect.poll(() => creditedIn(page), { timeout: 30_000 }).toBeGreaterThanOrEqual(12);
});

test("a reload goes on where one was, without asking about oneself", async ({ page }) => {
  await page.goto(await enrolled(page));
  await watch(page);
  await page.reload();
  await expect(page.getByRole("button", { name: play }).first()).toBeVisible();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(page.locator("video")).not.toHaveJSProperty("currentTime", 0);
});

test("addresses that have expired are asked for anew", async ({ page }) => {
  let refused = 0;
  await page.route("**/segments/**/*.m4s?*", (route) => {
    if (refused > 0) return route.fallback();
    refused++;
    const problem = { type: "about:blank", title: "Gone", status: 410 };
    return route.fulfill({ status: 410, contentType: "application/problem+json", json: problem });
  });
  await page.goto(await enrolled(page));
  await watch(page);
  expect(refused).toBe(1);
});

test("the keyboard is enough", async ({ page }) => {
  await page.goto(await enrolled(page));
  const video = page.locator("video");
  await expect(video).toHaveJSProperty("readyState", 4);
  await page.keyboard.press("k");
  await expect(video).toHaveJSProperty("paused", false);
  await page.keyboard.press("k");
  await expect(video).toHaveJSProperty("paused", true);
  await page.keyboard.press(">");
  await expect(video).toHaveJSProperty("playbackRate", 1.25);
  await page.keyboard.press("c");
  await expect(page.getByRole("button", { name: "字幕（C）: 中文" })).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "键盘快捷键" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toBeHidden();
});

import { expect, type Page, test } from "@playwright/test";
import { demo } from "./demo";
import { lookEverywhere } from "./look";

/** A fresh person's lecture of one minute. */
async function enrolled(page: Page): Promise<string> {
  const email = `notes-${Date.now()}-${Math.random().toString(36).slice(2)}@example.org`;
  const account = { name: "白 露", email, password: "一句 足够长 的 话 2026", locale: "zh-CN" };
  expect((await page.request.post("/api/v1/auth/sign-up", { data: account })).status()).toBe(201);
  const course = demo.courses.find((c) => c.title === "学时是怎样认定的");
  const enrolment = await (await page.request.post(`/api/v1/courses/${course?.id}/enrolments`)).json();
  return `/learn/${enrolment.id}/${enrolment.chapters[0].lessons[0].id}`;
}

const notes = (page: Page) => page.getByRole("list", { name: "笔记" }).getByRole("listitem");
const kept = async (page: Page) =>
  (await (await page.request.get("/api/v1/me/notes")).json()).items.map((n: { text: string }) => n.text);

/** Moves the picture and writes there, by the keyboard alone. */
async function write(page: Page, second: number, text: string) {
  await page.locator("video").evaluate((v: HTMLVideoElement, s) => {
    v.currentTime = s;
  }, second);
  await page.keyboard.press("n");
  const area = page.getByRole("textbox", { name: `0:${String(second).padStart(2, "0")} 处的笔记` });
  await expect(area).toBeFocused();
  await area.fill(text);
  await page.keyboard.press("Control+Enter");
  await expect(notes(page).filter({ hasText: text })).toBeVisible();
}

test("a note keeps its moment, leads back to it, and is changed, deleted and brought back", async ({
  page,
  browser,
}) => {
  test.setTimeout(150_000);
  const lesson = await enrolled(page);
  await page.goto(lesson);
  await expect(page.locator("video")).toHaveJSProperty("readyState", 4, { timeout: 30_000 });

  await test.step("written with one key, listed by time", async () => {
    await write(page, 20, "间隔检查时，服务器只认自己的时钟。");
    await write(page, 5, "一秒只算一遍");
    await expect(notes(page)).toHaveCount(2);
    await expect(notes(page).first()).toContainText("一秒只算一遍");
    await expect.poll(() => kept(page)).toEqual(["一秒只算一遍", "间隔检查时，服务器只认自己的时钟。"]);
    await page.getByRole("button", { name: "跳到 0:20" }).click();
    await expect(page.locator("video")).toHaveJSProperty("currentTime", 20);
  });

  await test.step("changed where it stands", async () => {
    await page.getByRole("button", { name: "修改 0:05 处的笔记" }).click();
    await page.getByRole("textbox", { name: "0:05 处的笔记" }).fill("一秒只算一遍，看两遍也一样");
    await page.getByRole("button", { name: "保存笔记" }).click();
    await expect(notes(page).first()).toContainText("看两遍也一样");
    await expect(page.getByRole("button", { name: "修改 0:05 处的笔记" })).toBeFocused();
  });

  await test.step("deleted, and brought back by the key under the finger", async () => {
    await page.getByRole("button", { name: "删除 0:05 处的笔记" }).click();
    await expect.poll(async () => (await kept(page)).length).toBe(1);
    await expect(page.getByRole("button", { name: "撤销" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await kept(page)).length).toBe(2);
  });

  await test.step("gathered by course, with the way back to the moment", async () => {
    await lookEverywhere(browser, page, [{ name: "notes", path: "/notes" }]);
    await page.goto("/notes");
    const course = page.getByRole("region", { name: "学时是怎样认定的" });
    await expect(course.getByRole("listitem")).toHaveCount(2);
    await course.getByRole("link", { name: "跳到 0:20" }).click();
    await expect(page).toHaveURL(/at=20/);
    await expect(page.locator("video")).toHaveJSProperty("currentTime", 20);
  });
});

test("what is written without a line is kept, and sent when it is back; a draft outlives a reload", async ({
  page,
}) => {
  await page.goto(await enrolled(page));
  await expect(page.locator("video")).toHaveJSProperty("readyState", 4, { timeout: 30_000 });
  await page.route("**/me/notes/**", (route) => route.abort("connectionreset"));
  await write(page, 8, "断网时写的");
  await expect(page.getByText("已存在本机，网络恢复后自动上传")).toBeVisible();
  await page.keyboard.press("n");
  await page.getByRole("textbox", { name: /处的笔记/ }).fill("没写完的");
  await page.reload();
  await page.getByRole("tab", { name: "笔记" }).click();
  await expect(page.getByRole("textbox", { name: /处的笔记/ })).toHaveValue("没写完的");
  await expect(notes(page)).toContainText("断网时写的");
  expect(await kept(page)).toEqual([]);
  await page.unroute("**/me/notes/**");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await expect.poll(() => kept(page)).toEqual(["断网时写的"]);
  await expect(page.getByText("已存在本机，网络恢复后自动上传")).toBeHidden();
});

import { expect, type Page, test } from "@playwright/test";
import { creditedIn } from "./demo";
import { lookEverywhere } from "./look";

const title = "学时是怎样认定的";

/** What the demonstration's quiz holds to be right, by a word of each question; they come in any order. */
const right: [RegExp, string[]][] = [
  [/看了两遍/, ["只算一遍"]],
  [/拖到结尾/, ["错误"]],
  [/需要做到哪些/, ["视频看够规定的比例", "通过测验"]],
];

async function signUp(page: Page) {
  await page.goto("/");
  await page.getByRole("banner").getByRole("link", { name: "注册" }).click();
  await page.getByLabel("姓名").fill("林 澄");
  await page.getByLabel("邮箱").fill(`learner-${Date.now()}@example.org`);
  await page.getByLabel("密码", { exact: true }).fill("一句 足够长 的 话 2026");
  await page.getByRole("main").getByRole("button", { name: "注册账户" }).click();
  await expect(page.getByRole("button", { name: /林 澄/ })).toBeVisible();
}

async function answer(page: Page) {
  const stem = await page.getByRole("heading", { level: 1 }).textContent();
  const choices = right.find(([words]) => words.test(stem ?? ""))?.[1] ?? [];
  expect(choices, stem ?? "").not.toEqual([]);
  for (const choice of choices) await page.getByLabel(choice, { exact: false }).check();
}

test("a learner's road, from signing up to a certificate anyone can check", async ({ page, browser }) => {
  test.setTimeout(480_000);

  let result = "";
  let lesson = "";

  await test.step("sign up", () => signUp(page));

  await test.step("search in Chinese and enrol", async () => {
    await page.getByRole("searchbox", { name: "搜索课程" }).fill("怎样认定");
    await expect(page).toHaveURL(/q=/);
    await page.getByRole("link", { name: title }).click();
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await page.getByRole("button", { name: "免费报名并开始" }).click();
    await expect(page).toHaveURL(/\/learn\//);
    lesson = page.url();
  });

  await test.step("watch to the end; the server's figure follows", async () => {
    await page.getByRole("button", { name: "播放（空格）" }).first().click();
    await expect.poll(() => creditedIn(page), { timeout: 30_000 }).toBeGreaterThanOrEqual(5);
    await expect(page.getByText("本课已完成，计入学时。").first()).toBeVisible({ timeout: 120_000 });
  });

  await test.step("read on and pass the quiz", async () => {
    await page
      .getByRole("complementary", { name: "大纲" })
      .getByRole("link", { name: /三道题/ })
      .click();
    await page.getByRole("button", { name: "开始测验" }).click();
    await expect(page).toHaveURL(/\/attempts\//);
    await lookEverywhere(browser, page, [{ name: "attempt", path: page.url() }]);
    for (let n = 1; n <= right.length; n++) {
      await expect(page.getByText(`第 ${n} 题 / ${right.length}`)).toBeVisible();
      await answer(page);
      await expect(page.getByText(/^已保存/)).toBeVisible();
      if (n < right.length) await page.getByRole("button", { name: "下一题" }).click();
    }
    await page.getByRole("main").getByRole("button", { name: "检查并交卷" }).first().click();
    await page.getByRole("dialog").getByRole("button", { name: "交卷", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1, name: /^合格 · 100%/ })).toBeVisible();
    result = page.url();
  });

  await test.step("see the hours", async () => {
    await page.getByRole("link", { name: "查看我的学时" }).click();
    await expect(async () => {
      await page.reload();
      await expect(page.getByRole("row", { name: new RegExp(title) })).toContainText("已计入", {
        timeout: 2000,
      });
    }).toPass({ timeout: 30_000 });
  });

  await test.step("anyone can check the certificate", async () => {
    const link = page.getByRole("link", { name: `证书：${title}` });
    await expect(link).toBeVisible();
    const href = (await link.getAttribute("href")) ?? "";
    const stranger = await browser.newContext({ locale: "zh-CN" });
    const other = await stranger.newPage();
    await other.goto(href);
    await expect(other.getByRole("heading", { level: 1, name: "这张证书真实有效" })).toBeVisible();
    await expect(other.getByRole("article")).toContainText("林 澄");
    await other.getByRole("button", { name: "在我的浏览器里重新计算" }).click();
    await expect(other.getByText("您的浏览器算出了同一个总指纹，证明成立。")).toBeVisible();
    await stranger.close();
    await lookEverywhere(browser, page, [
      { name: "player-completed", path: lesson },
      { name: "verify", path: href },
      { name: "hours-earned", path: "/hours" },
      { name: "certificates-earned", path: "/certificates" },
      { name: "result", path: result },
    ]);
  });
});

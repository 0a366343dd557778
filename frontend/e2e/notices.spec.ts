import { expect, type Page, test } from "@playwright/test";
import { signUp } from "./demo";
import { lookEverywhere } from "./look";
import { proofOf } from "./proof";

/** The page of notices, when at least so many are there: they are told by a job. */
async function told(page: Page, count: number) {
  await expect(async () => {
    await page.goto("/notices");
    await expect(page.locator(".no-item").nth(count - 1)).toBeVisible({ timeout: 3000 });
  }).toPass({ timeout: 60_000 });
}

test("somebody is told what happened to their account, reads it, and chooses what else to be told", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signUp(page, "沈 知远");
  const bell = page.getByRole("banner").getByRole("link", { name: /^通知/ });

  await test.step("nothing is there at first", async () => {
    await page.goto("/notices");
    await expect(page.getByRole("heading", { name: "还没有通知" })).toBeVisible();
    await expect(bell).toHaveAccessibleName("通知");
    await lookEverywhere(browser, page, [{ name: "notices-empty", path: "/notices" }]);
  });

  await test.step("the bell counts, and a notice leads to what it speaks of", async () => {
    for (const [current, password] of [
      ["a long pass phrase", "another long pass phrase"],
      ["another long pass phrase", "a third long pass phrase"],
    ]) {
      const answer = await page.request.put("/api/v1/me/password", { data: { current, password } });
      expect(answer.ok()).toBe(true);
    }
    await told(page, 2);
    await expect(bell).toHaveAccessibleName("通知，2 条未读");
    await lookEverywhere(browser, page, [
      { name: "notices", path: "/notices", ready: ".no-item" },
      { name: "notice-preferences", path: "/settings/notices", ready: ".no-group li" },
    ]);
    await page.locator(".no-item").first().getByRole("button", { name: "标为已读" }).click();
    await expect(bell).toHaveAccessibleName("通知，1 条未读");
    await page.getByRole("navigation", { name: "显示哪些通知" }).getByRole("link", { name: "未读" }).click();
    await expect(page.locator(".no-item")).toHaveCount(1);
    await page.locator(".no-item a").click();
    await expect(page).toHaveURL(/\/settings\/security/);
    await expect(bell).toHaveAccessibleName("通知");
    await page.goto("/notices?unread=true");
    await expect(page.getByRole("heading", { name: "没有未读的通知" })).toBeVisible();
  });

  const box = page.getByRole("checkbox", { name: "证书签发: 站内" });
  const mail = (name: string) => page.getByRole("combobox", { name: `${name}: 邮件` });

  await test.step("a choice is kept at once; what is binding has none", async () => {
    await page.goto("/settings/notices");
    await box.uncheck();
    await expect(page.getByText("已保存")).toBeVisible();
    await mail("证书签发").selectOption({ label: "每日汇总" });
    await expect(page.getByText("已保存")).toBeVisible();
    await page.reload();
    await expect(box).not.toBeChecked();
    await expect(mail("证书签发")).toHaveValue("digest");
    await expect(mail("密码已修改")).toHaveCount(0);
  });

  await test.step("the link in a mail ends mail of its kind, without a sign-in", async () => {
    const me = await (await page.request.get("/api/v1/me")).json();
    const path = `/unsubscribe/course-assigned/${proofOf("unsubscribe:course-assigned", me.id)}`;
    const visitor = await (await browser.newContext()).newPage();
    await lookEverywhere(browser, visitor, [
      { name: "unsubscribe", path },
      { name: "unsubscribe-broken", path: "/unsubscribe/nothing/zzz" },
    ]);
    await visitor.goto(path);
    await expect(visitor.getByText("这类邮件：单位安排了课程。")).toBeVisible();
    await visitor.getByRole("button", { name: "停止发送" }).click();
    await expect(visitor.getByRole("heading", { name: "已停止" })).toBeVisible();
    await visitor.goto(`${path.slice(0, -4)}AAAA`);
    await visitor.getByRole("button", { name: "停止发送" }).click();
    await expect(visitor.getByRole("heading", { name: "这个链接无效" })).toBeVisible();
    await visitor.context().close();
    await page.goto("/settings/notices");
    await expect(mail("单位安排了课程")).toHaveValue("off");
  });
  await page.context().close();
});

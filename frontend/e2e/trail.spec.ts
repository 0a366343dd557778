import { expect, type Page, test } from "@playwright/test";
import { signIn } from "./demo";
import { look, lookEverywhere } from "./look";

async function take(page: Page, path: string) {
  const answer = await page.request.get(`/api/v1${path}`);
  return { status: answer.status(), text: await answer.text(), headers: answer.headers() };
}

test("an officer finds what was done, narrows it, and takes it along", async ({ page, browser }) => {
  test.setTimeout(180_000);
  await signIn(page, "department_officer");
  await page.goto("/workspace/trail");
  await page.getByRole("combobox", { name: "事项" }).selectOption("course.");
  const deed = page.getByRole("listitem").filter({ hasText: "提交的课程" }).first();
  await deed.locator("summary").click();
  await expect(deed.getByRole("table")).toBeVisible();
  await expect(deed.getByText("published").or(deed.getByText("approved")).first()).toBeVisible();
  await deed.getByRole("link", { name: /只看此人所做/ }).click();
  await expect(page.getByRole("link", { name: /取消筛选：操作人/ })).toBeVisible();
  await expect(page).toHaveURL(/actor=/);
  const address = await page.getByRole("link", { name: "导出表格" }).getAttribute("href");
  const csv = await page.request.get(address ?? "");
  expect(csv.headers()["content-disposition"]).toContain("attachment");
  expect(await csv.text()).toContain("course.publish");
  await page.goto("/workspace/trail?action=audit-trail.");
  await expect(page.getByText("导出了审计日志").first()).toBeVisible();
  await lookEverywhere(browser, page, [{ name: "trail", path: "/workspace/trail?action=course." }]);
  const to = "/workspace/trail?from=2020-01-01&to=2020-02-01";
  await look(page, { name: "trail-empty", path: to }, "desktop-zh");
});

test("the trail is not for everybody, and each sees who looked at their record", async ({
  page,
  browser,
}) => {
  test.setTimeout(180_000);
  await signIn(page, "professional");
  expect((await take(page, "/audit-events")).status).toBe(403);
  expect((await take(page, "/audit-events.csv")).status).toBe(403);
  await page.goto("/record-views");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("谁查看过我的档案");
  await lookEverywhere(browser, page, [{ name: "record-views", path: "/record-views" }]);
});

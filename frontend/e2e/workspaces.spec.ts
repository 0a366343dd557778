import { expect, type Page, test } from "@playwright/test";
import { demo, signIn } from "./demo";
import { lookEverywhere } from "./look";

const password = demo.accounts[0]?.password ?? "";

async function signInAs(page: Page, email: string) {
  const answer = await page.request.post("/api/v1/auth/sign-in", { data: { email, password } });
  if (!answer.ok()) throw new Error(`sign-in as ${email}: ${answer.status()}`);
}

test("every role has a first page with what it needs", async ({ browser }) => {
  test.setTimeout(400_000);
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();

  await test.step("a department: how the duty is met below, and what waits", async () => {
    await signIn(page, "department_officer");
    await page.goto("/workspace");
    await expect(page).toHaveURL(/\/workspace\?ws=department-/);
    await expect(page.getByRole("heading", { name: /年达标率/ })).toBeVisible();
    await expect(page.getByRole("link", { name: /云溪市人力资源和社会保障局/ })).toBeVisible();
    await expect(page.getByRole("heading", { name: "待审核课程" })).toBeVisible();
    await lookEverywhere(browser, page, [{ name: "home-department", path: "/workspace" }]);
  });
  await test.step("an institution: its drafts and its learners", async () => {
    await signIn(page, "institution_manager");
    await page.goto("/workspace");
    await expect(page.getByRole("heading", { name: "待办" })).toBeVisible();
    await expect(page.getByRole("heading", { name: "每月完成人次" })).toBeVisible();
    await lookEverywhere(browser, page, [{ name: "home-institution", path: "/workspace" }]);
  });
  await test.step("an auditor: figures, flags and the trail", async () => {
    await signIn(page, "auditor");
    await page.goto("/workspace");
    await expect(page.getByRole("heading", { name: "最近的审计记录" })).toBeVisible();
    await expect(page.getByRole("heading", { name: "待审核课程" })).toHaveCount(0);
    await lookEverywhere(browser, page, [{ name: "home-auditor", path: "/workspace" }]);
  });
  await page.context().close();
});

test("an employer's officer finds who misses most, and reads their file", async ({ browser }) => {
  test.setTimeout(400_000);
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, "employer_officer");
  await page.goto("/workspace");
  const behind = page.locator(".members li");
  await expect(behind.first()).toContainText("还差 72 学时");
  await page.getByRole("link", { name: "全部人员" }).click();
  await page.getByRole("searchbox", { name: "按姓名搜索" }).fill("韩松");
  await expect(page).toHaveURL(/q=%E9%9F%A9%E6%9D%BE/);
  await expect(behind).toHaveCount(1);
  await expect(behind.first()).toContainText("20 / 72 学时");
  await behind.first().getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "韩松" })).toBeVisible();
  // The figure is the one of the list.
  await expect(page.getByText("还差 52 学时", { exact: false }).first()).toBeVisible();
  await expect(page.getByText("您查看本档案的行为已记录")).toBeVisible();
  const file = new URL(page.url());
  await lookEverywhere(browser, page, [
    { name: "home-employer", path: "/workspace" },
    { name: "staff", path: "/workspace/hours" },
    { name: "study-file", path: file.pathname + file.search },
  ]);

  await test.step("nobody else's staff: the file is not found", async () => {
    await signInAs(page, "employer.instruments@hourglass.example");
    await page.goto(file.pathname);
    await expect(page.getByText("韩松")).toHaveCount(0);
    await expect(page.getByRole("alert")).toBeVisible();
  });
  await page.context().close();
});

test("somebody with several roles switches by keyboard, in each tab for itself", async ({ browser }) => {
  test.setTimeout(240_000);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await signInAs(page, "several@hourglass.example");
  await page.goto("/workspace");
  await expect(page).toHaveURL(/ws=department-/);
  await page.getByRole("button", { name: /切换工作区/ }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("link", { name: /用人单位经办人/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/ws=employer-/);
  await expect(page.getByRole("heading", { name: "差得最多的人" })).toBeVisible();
  await expect(
    page.getByRole("navigation", { name: "工作区" }).getByRole("link", { name: /课程审核/ }),
  ).toHaveCount(0);

  await test.step("what is followed stays in the workspace; another tab has its own", async () => {
    await page.getByRole("link", { name: "人员学时" }).click();
    await expect(page).toHaveURL(/\/workspace\/hours\?.*ws=employer-/);
    const other = await context.newPage();
    await other.goto("/workspace");
    await expect(other).toHaveURL(/ws=department-/);
    await page.reload();
    await expect(page).toHaveURL(/ws=employer-/);
    await other.close();
  });

  await test.step("a link into another workspace says where it opens", async () => {
    const ws = new URL(page.url()).searchParams.get("ws");
    await page.goto(`/workspace/reviews?ws=${ws}`);
    await expect(page.getByText("这个页面在您的另一个工作区")).toBeVisible();
    await page
      .getByRole("main")
      .getByRole("link", { name: /部门工作人员/ })
      .click();
    await expect(page).toHaveURL(/\/workspace\/reviews\?ws=department-/);
    await page.goto("/workspace?ws=employer-00000000-0000-7000-8000-000000000000");
    await expect(page.getByText("这个工作区不属于您")).toBeVisible();
    await lookEverywhere(browser, page, [
      { name: "workspace-not-held", path: "/workspace?ws=employer-00000000-0000-7000-8000-000000000000" },
    ]);
  });
  await context.close();
});

test("one box finds people, courses and organisations, as far as one may see them", async ({ browser }) => {
  test.setTimeout(240_000);
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, "employer_officer");
  await page.goto("/workspace");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  const box = page.getByRole("combobox", { name: "搜索人员、课程和单位" });
  await expect(box).toBeFocused();
  await box.fill("韩松");
  await expect(page.getByRole("option", { name: /韩松/ })).toBeVisible();
  await box.press("ArrowDown");
  await expect(page.getByRole("option", { name: /韩松/ })).toHaveAttribute("aria-selected", "true");
  await page.screenshot({ path: "../artefacts/screenshots/search-desktop-zh-light.png" });
  await box.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: "韩松" })).toBeVisible();

  await test.step("what was opened is offered again", async () => {
    await page.getByRole("button", { name: "搜索人员、课程和单位" }).first().click();
    await expect(page.getByRole("option", { name: /韩松/ })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(box).toHaveCount(0);
  });
  await test.step("somebody who learns finds courses and no people", async () => {
    await signIn(page, "professional");
    await page.goto("/");
    // The shortcut is there as soon as it is known who signed in, and so is the button.
    await expect(page.getByRole("button", { name: "搜索人员、课程和单位" }).first()).toBeVisible();
    await page.keyboard.press("Control+k");
    await box.fill("韩松");
    await expect(page.getByRole("status").filter({ hasText: "没有找到" })).toBeVisible();
    await box.fill("灌溉");
    await expect(page.getByRole("option").first()).toBeVisible();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: "../artefacts/screenshots/search-phone-zh-light.png" });
  });
  await page.context().close();
});

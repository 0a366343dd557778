import { type Browser, expect, type Page, test } from "@playwright/test";
import { signIn, signUp } from "./demo";
import { look, lookEverywhere } from "./look";
import { proofOf } from "./proof";

const run = Date.now() % 1_000_000;
const invited = `roster-${run}@hourglass.example`;

const csv = (lines: string[]) => ({
  name: `第一车间与设备动力部 2026 年新进人员名册（人事处核对稿）-${run}.csv`,
  mimeType: "text/csv",
  buffer: Buffer.from(lines.join("\r\n")),
});

async function signedIn(browser: Browser, role: string): Promise<Page> {
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(page, role);
  return page;
}

/** Chooses a file, and waits for what the server found in it. */
async function send(page: Page, file: ReturnType<typeof csv>) {
  await page.goto("/workspace/staff");
  await page.getByLabel("选择文件").setInputFiles(file);
  await page.waitForURL(/\/workspace\/staff\/[0-9a-f-]+/);
}

test("an employer brings in a list, somebody on it comes, and is assigned a course", async ({ browser }) => {
  test.setTimeout(400_000);
  const boss = await signedIn(browser, "employer_officer");
  const me = await (await boss.request.get("/api/v1/me")).json();
  const works = me.roles.find((r: { role: string }) => r.role === "employer_officer").org.id;

  await test.step("a file whose columns nobody knows asks which is which", async () => {
    await send(boss, csv(["甲,乙,丙", `欧阳 明月,other-${run}@hourglass.example,设备动力部`]));
    await expect(boss.getByRole("heading", { name: "每一列是什么？" })).toBeVisible();
    await lookEverywhere(browser, boss, [
      { name: "roster-columns", path: new URL(boss.url()).pathname, ready: ".ro-cols" },
    ]);
    await boss.getByLabel("姓名").selectOption({ label: "甲" });
    await boss.getByLabel("邮箱").selectOption({ label: "乙" });
    await boss.getByRole("button", { name: "继续检查" }).click();
    await expect(boss.getByText("共 1 行：1 行可以导入，0 行有问题。")).toBeVisible();
  });

  await test.step("a file is checked, every problem named, and what is good is taken in", async () => {
    await send(
      boss,
      csv([
        "姓名,邮箱,工号,部门,职务,分组,入职日期",
        `韩 冰,${invited},R${run},第一车间,高级工程师（流体机械设计与制造方向）,泵组${run},2024-03-01`,
        `Maximiliana Konstantinopolskaya-Featherstonehaugh,Max-${run}@Hourglass.Example,S${run},国际合作与技术引进办公室,Senior Engineer,泵组${run},2019-09-30`,
        `,没有地址,R${run},第一车间,,,2024-13-45`,
        `周 同,zhou-${run}@hourglass.example,=1+1,第一车间,,,`,
      ]),
    );
    await expect(boss.getByText("共 4 行：2 行可以导入，2 行有问题。")).toBeVisible();
    const path = new URL(boss.url()).pathname;
    await lookEverywhere(browser, boss, [{ name: "roster-import", path, ready: ".ro-rows li" }]);
    await boss.getByRole("button", { name: "可以导入", exact: true }).click();
    await expect(boss.getByRole("checkbox", { name: "第 2 行" })).toBeVisible();
    const problems = await boss.request.get(
      (await boss.getByRole("link", { name: "下载问题清单" }).getAttribute("href")) ?? "",
    );
    expect(await problems.text()).toContain("4,A,姓名,不能,缺少姓名");
    await boss.getByRole("button", { name: "导入全部 2 行" }).click();
    await expect(boss.getByText("导入完成：新增 2 人")).toBeVisible();
    await lookEverywhere(browser, boss, [{ name: "roster-import-done", path, ready: ".ro-rows li" }]);
  });

  await test.step("the list has them", async () => {
    await boss.getByRole("link", { name: "返回名册" }).click();
    await boss.getByLabel("按姓名、邮箱、工号或部门查找").fill(`R${run}`);
    await expect(boss.locator(".ro-people li")).toHaveCount(1);
    await expect(boss.locator(".ro-people li")).toContainText("已邀请");
    await lookEverywhere(browser, boss, [
      { name: "roster", path: "/workspace/staff", ready: ".ro-people li" },
    ]);
  });

  const list = await (
    await boss.request.get(`/api/v1/organisations/${works}/staff`, { params: { q: invited } })
  ).json();
  const join = `/join?token=${proofOf("staff-invitation", list.items[0].id)}`;

  await test.step("a visitor is shown what it is, and how to go on", async () => {
    const visitor = await (await browser.newContext()).newPage();
    await look(visitor, { name: "join-visitor", path: join }, "desktop-zh");
    await expect(visitor.getByRole("link", { name: "注册" }).last()).toHaveAttribute("href", /to=.*token/);
    await visitor.goto("/join?token=zzz");
    await expect(visitor.getByRole("main").getByRole("alert")).toBeVisible();
    await visitor.context().close();
  });

  const guest = await (await browser.newContext()).newPage();
  await signUp(guest, "韩 冰", invited);

  await test.step("the invited joins, once", async () => {
    await lookEverywhere(browser, guest, [{ name: "join", path: join }]);
    await guest.goto(join);
    await guest.getByRole("button", { name: "加入单位" }).click();
    await expect(guest.getByRole("heading", { name: /您已加入/ })).toBeVisible();
    await boss.goto("/workspace/staff");
    await boss.getByLabel("按姓名、邮箱、工号或部门查找").fill(invited);
    await expect(boss.locator(".ro-people li")).toContainText("已加入");
  });

  await test.step("a group is assigned a course until a day", async () => {
    await boss.getByRole("link", { name: "课程指派" }).last().click();
    await boss
      .locator("summary")
      .filter({ hasText: `泵组${run}` })
      .click();
    const add = boss.getByRole("textbox", { name: "添加人员" });
    await add.fill(`${invited}，nobody-${run}@hourglass.example`);
    await boss.getByRole("button", { name: "添加", exact: true }).click();
    await expect(boss.getByText("1 项不在本单位名册上，已留在框中。")).toBeVisible();
    await expect(add).toHaveValue(`nobody-${run}@hourglass.example`);
    await boss.getByRole("combobox", { name: "课程", exact: true }).selectOption({ index: 1 });
    await boss.getByRole("combobox", { name: "分组", exact: true }).selectOption({ label: `泵组${run}` });
    await boss.getByLabel("截止日期").fill(`${new Date().getFullYear() + 1}-01-31`);
    await boss.getByLabel("原因").fill("新进人员上岗前必修");
    await boss.getByRole("button", { name: "指派课程" }).click();
    await expect(boss.locator(".ro-given li").first()).toContainText("新进人员上岗前必修");
    await lookEverywhere(browser, boss, [
      { name: "assignments", path: "/workspace/assignments", ready: ".ro-given li" },
    ]);
  });

  await test.step("who joined finds it among their courses", async () => {
    await guest.goto("/learning");
    await expect(guest.getByText("新进人员上岗前必修")).toBeVisible();
  });

  await test.step("another employer sees none of it", async () => {
    const other = await signedIn(browser, "institution_manager");
    const answers = await Promise.all([
      other.request.get(`/api/v1/organisations/${works}/staff`),
      other.request.get(`/api/v1/organisations/${works}/assignments`),
    ]);
    expect(answers.map((a) => a.status())).toEqual([404, 404]);
    await other.context().close();
  });
  await guest.context().close();
  await boss.context().close();
});

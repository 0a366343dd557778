import { type Browser, expect, type Page, test } from "@playwright/test";
import { signIn } from "./demo";
import { look, lookEverywhere } from "./look";
import { proofOf } from "./proof";

const run = Date.now() % 1_000_000;

async function signedIn(browser: Browser, role: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, role);
  return page;
}

async function orgOf(page: Page, role: string): Promise<string> {
  const me = await (await page.request.get("/api/v1/me")).json();
  return me.roles.find((r: { role: string }) => r.role === role).org.id;
}

/** Somebody who has opened an account, signed in in a window of their own. */
async function newcomer(browser: Browser, email: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  const answer = await page.request.post("/api/v1/auth/sign-up", {
    data: { email, password: "a long pass phrase", name: "韩梅梅", locale: "zh-CN" },
  });
  expect(answer.status()).toBe(201);
  return page;
}

const dialog = (page: Page) => page.getByRole("dialog");

test("an employer invites somebody, who comes, and cannot leave itself without anybody", async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const boss = await signedIn(browser, "employer_officer");
  const works = await orgOf(boss, "employer_officer");
  const email = `New-${run}@Hourglass.Example`;

  await test.step("invites by mail", async () => {
    await boss.goto("/workspace/people");
    await boss.getByRole("button", { name: "邀请", exact: true }).click();
    await dialog(boss).getByRole("button", { name: "发出邀请" }).click();
    await expect(boss.getByText("请填写一个邮箱地址。")).toBeVisible();
    await dialog(boss).getByLabel("邮箱").fill(email);
    await dialog(boss).getByRole("button", { name: "发出邀请" }).click();
    await expect(boss.getByText(`已向 ${email} 发出邀请。`)).toBeVisible();
    await boss.getByRole("button", { name: "邀请", exact: true }).click();
    await dialog(boss).getByLabel("邮箱").fill(email.toLowerCase());
    await dialog(boss).getByRole("button", { name: "发出邀请" }).click();
    await expect(dialog(boss).getByRole("alert")).toContainText("已经用这个角色邀请过该邮箱");
    await dialog(boss).getByRole("button", { name: "取消" }).click();
    await boss.getByRole("navigation", { name: "查看" }).getByRole("link", { name: "邀请" }).click();
    await expect(boss.getByRole("row", { name: new RegExp(email) })).toContainText("等待接受");
  });

  const list = await (await boss.request.get(`/api/v1/organisations/${works}/invitations`)).json();
  const sent = list.items.find((i: { email: string }) => i.email === email);
  const path = `/invitation?token=${proofOf("invitation", sent.id)}`;

  await test.step("a visitor is shown what it is and how to go on", async () => {
    const visitor = await (await browser.newContext()).newPage();
    await look(visitor, { name: "invitation-visitor", path }, "desktop-zh");
    await expect(visitor.getByRole("link", { name: "注册账户" })).toHaveAttribute("href", /to=.*token/);
    await visitor.goto("/invitation?token=zzz");
    await expect(visitor.getByText("这个链接不完整")).toBeVisible();
    await visitor.context().close();
  });

  await test.step("another address is told so", async () => {
    const other = await newcomer(browser, `other-${run}@hourglass.example`);
    await other.goto(path);
    await expect(other.getByText("您现在登录的是另一个邮箱")).toBeVisible();
    await expect(other.getByRole("button", { name: "接受邀请" })).toHaveCount(0);
    await other.context().close();
  });

  await test.step("the invited comes, once", async () => {
    const guest = await newcomer(browser, email.toLowerCase());
    await lookEverywhere(browser, guest, [{ name: "invitation", path }]);
    await guest.goto(path);
    await guest.getByRole("button", { name: "接受邀请" }).click();
    await expect(guest.getByRole("heading", { name: /您已加入/ })).toBeVisible();
    await guest.goto(path);
    await expect(guest.getByText("您已经接受过这份邀请")).toBeVisible();
    await guest.context().close();
  });

  await test.step("the list has them, and the last one who looks after it stays", async () => {
    await lookEverywhere(browser, boss, [
      { name: "people", path: "/workspace/people" },
      { name: "people-invited", path: "/workspace/people?tab=invited" },
    ]);
    await boss.goto(`/workspace/people?q=${email.toLowerCase()}`);
    await expect(boss.getByRole("row")).toHaveCount(2);
    await boss.goto("/workspace/people?role=employer_officer");
    await boss.getByRole("button", { name: /结束角色/ }).click();
    await dialog(boss).getByRole("button", { name: "结束角色" }).click();
    await expect(dialog(boss).getByRole("alert")).toContainText("您是这里最后一位管理员");
  });
  await boss.context().close();
});

test("a department plants, moves, merges and accredits in its jurisdiction", async ({ browser }) => {
  test.setTimeout(240_000);
  const officer = await signedIn(browser, "department_officer");
  const province = await orgOf(officer, "department_officer");
  const school = `岚江测试学院${run}`;
  const [first, second] = [`甲厂${run}`, `乙厂🏭${run}`];
  const row = (name: string) => officer.getByRole("row", { name: new RegExp(name) });
  const deed = async (name: string, what: string) => {
    await row(name)
      .getByRole("button", { name: `${name}的操作` })
      .click();
    await officer.locator(".og-menu:popover-open").getByRole("button", { name: what }).click();
  };
  const add = async (kind: string, name: string) => {
    await officer.getByRole("button", { name: "添加机构" }).click();
    await dialog(officer).getByLabel("类型").selectOption({ label: kind });
    await dialog(officer).getByLabel("中文名称").fill(name);
    await dialog(officer).getByRole("button", { name: "添加机构" }).click();
    await expect(dialog(officer)).toHaveCount(0);
    await expect(row(name)).toBeVisible();
  };

  await test.step("adds", async () => {
    await officer.goto("/workspace/organisations");
    await add("施教机构", school);
    await add("用人单位", first);
    await add("用人单位", second);
    await add("人事部门", `测试市局${run}`);
  });

  await test.step("cannot put a department below itself, and moves an employer below it", async () => {
    const { items } = await (
      await officer.request.get(`/api/v1/organisations/${province}/below?q=测试市局${run}`)
    ).json();
    const loop = await officer.request.post(`/api/v1/organisations/${items[0].id}/move`, {
      data: { parent_id: items[0].id },
    });
    expect([loop.status(), (await loop.json()).type]).toEqual([409, "/problems/below-itself"]);
    await deed(first, "移动");
    await dialog(officer).getByLabel("新的上级部门").fill(`测试市局${run}`);
    await dialog(officer)
      .getByRole("radio", { name: new RegExp(`测试市局${run}`) })
      .check();
    await dialog(officer).getByRole("button", { name: "移动" }).click();
    await expect(dialog(officer)).toHaveCount(0);
    await expect(row(first)).toHaveCount(0);
  });

  await test.step("merges one employer into the other", async () => {
    await deed(second, "并入其他单位");
    await dialog(officer).getByLabel("并入").first().fill(first);
    await dialog(officer)
      .getByRole("radio", { name: new RegExp(first) })
      .check();
    await dialog(officer).getByLabel("理由").fill("企业重组");
    await dialog(officer).getByRole("button", { name: "并入其他单位" }).click();
    await expect(dialog(officer)).toHaveCount(0);
    await officer.getByRole("navigation", { name: "查看" }).getByRole("link", { name: "已关闭" }).click();
    await expect(row(second)).toContainText(`并入 ${first}`);
  });

  await test.step("refuses without a reason nothing, and accredits for all to see", async () => {
    await officer.goto("/workspace/organisations");
    await deed(school, "作出决定");
    await dialog(officer).getByRole("button", { name: "予以认定" }).last().click();
    await expect(dialog(officer)).toHaveCount(0);
    await expect(row(school)).toContainText("已认定");
    await deed(school, "作出决定");
    await dialog(officer).getByRole("button", { name: "暂停" }).click();
    await dialog(officer).getByRole("button", { name: "暂停" }).last().click();
    await expect(dialog(officer).getByText("请写明理由。")).toBeVisible();
    await dialog(officer).getByLabel("理由（公开）").fill("抽查发现课时不实");
    await dialog(officer).getByRole("button", { name: "暂停" }).last().click();
    await expect(dialog(officer)).toHaveCount(0);
    await row(school).getByRole("link", { name: school }).click();
    await expect(officer.getByText("抽查发现课时不实")).toBeVisible();
  });

  await test.step("an institution applies, and it waits in the queue", async () => {
    const manager = await signedIn(browser, "institution_manager");
    const own = await orgOf(manager, "institution_manager");
    await manager.goto(`/organisations/${own}`);
    await manager.getByRole("button", { name: "申请延续" }).click();
    await dialog(manager).getByLabel("情况说明").fill("专职教师二十人，去年开班十二期。");
    await dialog(manager).getByRole("button", { name: "提交申请" }).click();
    await expect(manager.getByText("有一份申请等待审批")).toBeVisible();
    await lookEverywhere(browser, manager, [{ name: "organisation", path: `/organisations/${own}` }]);
    await lookEverywhere(browser, officer, [
      { name: "organisations", path: "/workspace/organisations" },
      { name: "accreditation-queue", path: "/workspace/organisations?tab=queue" },
    ]);
    await officer.goto("/workspace/organisations?tab=queue");
    await expect(officer.getByText("专职教师二十人")).toBeVisible();
    await officer.getByRole("button", { name: "作出决定" }).first().click();
    await dialog(officer).getByRole("button", { name: "不予认定" }).first().click();
    await dialog(officer).getByLabel("理由（公开）").fill("材料不全，请补交后再申请。");
    await dialog(officer).getByRole("button", { name: "不予认定" }).last().click();
    await expect(dialog(officer)).toHaveCount(0);
    await manager.reload();
    await expect(manager.getByText("已认定", { exact: true })).toBeVisible(); // what held still holds
    await manager.context().close();
  });

  await test.step("another jurisdiction is not there", async () => {
    const boss = await signedIn(browser, "employer_officer");
    const answers = await Promise.all([
      boss.request.get(`/api/v1/organisations/${province}/members`),
      boss.request.get(`/api/v1/organisations/${province}/below`),
      boss.request.post("/api/v1/organisations", {
        data: { kind: "employer", name_zh: "x", parent_id: province },
      }),
    ]);
    expect(answers.map((a) => a.status())).toEqual([404, 403, 403]);
    await boss.context().close();
  });
  await officer.context().close();
});

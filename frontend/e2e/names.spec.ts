import { type Browser, expect, type Page, test } from "@playwright/test";
import { signIn } from "./demo";
import { look, lookEverywhere } from "./look";

/** A resident number that is nobody's: of a district, a day and a sequence of this run. */
function residentNumber(sequence: number): string {
  const digits = `110105${19500101 + (Date.now() % 27)}${String(sequence % 1000).padStart(3, "0")}`;
  const sum = [...digits].reduce((s, d, i) => s + Number(d) * (2 ** (17 - i) % 11), 0);
  return digits + "10X98765432"[sum % 11];
}

const run = Date.now() % 100_000;

async function newPerson(browser: Browser, name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  const answer = await page.request.post("/api/v1/auth/sign-up", {
    data: {
      email: `n${run}-${name.length}-${Date.now()}@hourglass.example`,
      password: "a long pass phrase",
      name,
    },
  });
  expect(answer.status()).toBe(201);
  return page;
}

async function enter(page: Page, name: string, number: string) {
  await page.goto("/settings/identity");
  await page.getByRole("textbox", { name: "姓名" }).fill(name);
  await page.getByLabel("证件号码", { exact: true }).fill(number);
  await page.getByRole("checkbox").check();
  await page.getByRole("button", { name: "保存" }).click();
}

test("a number is one person's: entered, masked, asked for again, and the files put together", async ({
  browser,
}) => {
  test.setTimeout(600_000);
  const number = residentNumber(run);
  const first = await newPerson(browser, `欧阳测${run}`);
  await test.step("what is wrong is said in words", async () => {
    await first.goto("/settings/identity");
    await first.getByRole("button", { name: "保存" }).click();
    await expect(first.getByText("请填写姓名。")).toBeVisible();
    await expect(first.getByText("同意后才能保存证件信息。")).toBeVisible();
    const wrong = number.slice(0, 17) + (number[17] === "1" ? "2" : "1");
    await enter(first, "欧阳测😀", wrong);
    await expect(first.getByText("请照证件填写姓名")).toBeVisible();
    await expect(first.getByText("这不是有效的居民身份证号码")).toBeVisible();
    await lookEverywhere(browser, first, [{ name: "identity-empty", path: "/settings/identity" }]);
  });
  await test.step("it is shown masked, and in full to its owner who asks", async () => {
    await enter(first, "欧阳测", number);
    const masked = `${number.slice(0, 5)}*********${number.slice(14)}`;
    await expect(first.getByText(masked)).toBeVisible();
    await expect(first.getByText("欧*测")).toBeVisible();
    await expect(first.getByText(number)).toHaveCount(0);
    await first.getByRole("button", { name: "查看完整内容" }).click();
    await expect(first.getByText(number)).toBeVisible();
    await expect(first.getByText("这次查看已记入操作记录。")).toBeVisible();
    await lookEverywhere(browser, first, [{ name: "identity", path: "/settings/identity", ready: ".id-dl" }]);
  });
  const second = await newPerson(browser, `欧阳测二${run}`);
  await test.step("who enters it again learns nothing of the first", async () => {
    await enter(second, "欧阳测", number);
    await expect(second.getByRole("heading", { name: "正在审核" })).toBeVisible();
    const told = JSON.stringify(await (await second.request.get("/api/v1/me/identity")).json());
    const me = await (await first.request.get("/api/v1/me")).json();
    expect(told).not.toContain(me.id);
    await look(second, { name: "identity-waits", path: "/settings/identity" }, "desktop-zh");
  });
  await test.step("an officer sees both masked, and decides with a reason", async () => {
    const officer = await (await browser.newContext()).newPage();
    await signIn(officer, "department_officer");
    await officer.goto("/workspace/merges");
    await officer.getByRole("main").getByRole("listitem").last().getByRole("link").click();
    await expect(officer.getByRole("heading", { name: "这两份档案是同一个人的吗？" })).toBeVisible();
    await expect(officer.getByRole("cell", { name: /110105|11010\*/ })).toHaveCount(2);
    await expect(officer.getByText("两份档案填写的姓名完全一致。")).toBeVisible();
    const id = new URL(officer.url()).searchParams.get("id");
    await lookEverywhere(browser, officer, [
      { name: "merge", path: `/workspace/merges?id=${id}`, ready: ".mg" },
    ]);
    await officer.keyboard.press("m");
    await expect(officer.getByText("请写明理由。")).toBeVisible();
    await officer.getByRole("button", { name: "已核实为同一人。" }).click();
    await officer.getByRole("button", { name: "合并", exact: true }).click();
    await expect(officer).not.toHaveURL(new RegExp(id ?? "-"));
    await officer.goto(`/workspace/merges?state=merged&id=${id}`);
    await expect(officer.getByText("已核实为同一人。")).toBeVisible();
    await officer.context().close();
  });
  await test.step("the second account has ended, the first goes on", async () => {
    const answers = await Promise.all([second, first].map((p) => p.request.get("/api/v1/me")));
    expect(answers.map((a) => a.status())).toEqual([401, 200]);
  });
});

test("a person takes their data once, takes a consent back, and asks to be deleted", async ({ browser }) => {
  test.setTimeout(600_000);
  const page = await newPerson(browser, `隐私测试${run}`);
  await test.step("anybody reads what is kept", async () => {
    await lookEverywhere(browser, page, [{ name: "privacy-notice", path: "/privacy", ready: ".pv-h" }]);
  });
  await enter(page, "王小明", residentNumber(run + 500));
  await expect(page.getByText("王*明")).toBeVisible();
  await test.step("an export is put together and downloaded once", async () => {
    await page.goto("/settings/privacy");
    await page.getByRole("button", { name: "整理一份导出文件" }).click();
    const link = page.getByRole("link", { name: "下载" });
    await expect(link).toBeVisible({ timeout: 40_000 });
    await lookEverywhere(browser, page, [
      { name: "privacy", path: "/settings/privacy", ready: ".pv-list a" },
    ]);
    const address = (await link.getAttribute("href")) ?? "";
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    expect(download.suggestedFilename()).toBe("hourglass-my-data.zip");
    expect(await download.failure()).toBeNull();
    await expect(page.getByText("已下载")).toBeVisible();
    expect((await page.request.get(address)).status()).toBe(410);
  });
  await test.step("a consent that is taken back takes the document with it", async () => {
    await page.getByRole("button", { name: "撤回" }).click();
    await expect(page.getByText(/撤回$/).last()).toBeVisible();
    await page.goto("/settings/identity");
    await expect(page.getByRole("heading", { name: "填写证件" })).toBeVisible();
  });
  await test.step("a deletion is meant, waits, and can be taken back", async () => {
    await page.goto("/settings/privacy");
    await page.getByRole("button", { name: "申请注销" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "申请注销" }).click();
    await expect(dialog.getByText("输入的内容不一致。")).toBeVisible();
    await dialog.getByRole("textbox").fill("注销");
    await dialog.getByRole("button", { name: "申请注销" }).click();
    await expect(page.getByText(/账号将于 .* 注销/)).toBeVisible();
    await look(page, { name: "privacy-leaving", path: "/settings/privacy", ready: ".note.p" }, "desktop-zh");
    await page.getByRole("button", { name: "撤销注销，保留账号" }).click();
    await expect(page.getByRole("button", { name: "申请注销" })).toBeVisible();
  });
});

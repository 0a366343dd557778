import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, type Page, test } from "@playwright/test";
import { demo, signIn } from "./demo";
import { lookEverywhere } from "./look";

let provider: ChildProcess | undefined;
test.afterEach(() => provider?.stdin?.end());

/** A certified provider that signs everybody in as one person. */
async function providerFor(callback: string, person: object): Promise<string> {
  const given = {
    clients: [{ client_id: "hourglass", client_secret: "long enough a secret", redirect_uris: [callback] }],
    person,
  };
  provider = spawn("node", ["server.mjs", JSON.stringify(given)], {
    cwd: "../tools/oidc-provider",
    stdio: ["pipe", "pipe", "ignore"],
  });
  const [line] = await once(createInterface({ input: provider.stdout as NodeJS.ReadableStream }), "line");
  return JSON.parse(line).issuer;
}

async function newcomer(page: Page) {
  const email = `access-${Date.now()}-${Math.random().toString(36).slice(2)}@example.org`;
  const account = { name: "白 露", email, password: "一句 足够长 的 话 2026", locale: "zh-CN" };
  expect((await page.request.post("/api/v1/auth/sign-up", { data: account })).status()).toBe(201);
}

test("a token is shown once, calls what was ticked, and ends when it is revoked", async ({
  page,
  playwright,
}) => {
  await newcomer(page);
  await page.goto("/settings/access");
  await page.getByRole("button", { name: "创建令牌" }).click();
  await page.getByLabel("用途").fill("每晚导出学时");
  await page.getByLabel("查看学习、学时和证书").check();
  await page.getByRole("button", { name: "创建", exact: true }).click();
  const token = await page.getByLabel("令牌", { exact: true }).inputValue();
  const program = await playwright.request.newContext({
    baseURL: demo.url,
    extraHTTPHeaders: { Authorization: `Bearer ${token}` },
  });
  expect((await program.get("/api/v1/me/hours")).status()).toBe(200);
  expect((await program.get("/api/v1/me")).status()).toBe(403);
  expect((await program.post("/api/v1/me/access-tokens", { data: {} })).status()).toBe(403);
  await page.reload();
  await expect(page.getByText(token)).toHaveCount(0);
  await page.getByRole("button", { name: "撤销“每晚导出学时”" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "撤销" }).click();
  await expect(page.getByText("已撤销")).toBeVisible();
  expect((await program.get("/api/v1/me/hours")).status()).toBe(401);
});

test("a manager sets up the organisation's sign-in, and somebody links their account and signs in with it", async ({
  page,
  browser,
}) => {
  await signIn(page, "institution_manager");
  await page.goto("/workspace/sign-in");
  const callback = await page.locator(".prv-address").innerText();
  const issuer = await providerFor(callback, { sub: "17", email: "bai@example.org", email_verified: true });
  const name = await page.locator(".prv h2").first().innerText();
  await page.getByLabel("登录系统的地址").fill(issuer);
  await page.getByLabel("客户端编号").fill("hourglass");
  await page.getByLabel("客户端密钥").fill("long enough a secret");
  await page.getByLabel("开通单位登录").check();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存。", { exact: true })).toBeVisible();

  const person = await browser.newPage();
  const choose = async () => {
    await person.getByLabel("单位名称").fill(name.slice(0, 6));
    await person.getByRole("button", { name: `前往“${name}”登录` }).click();
  };
  await person.goto("/sign-in");
  await person.getByRole("link", { name: "用单位账号登录" }).click();
  await choose();
  await expect(person.getByRole("alert")).toContainText("请先用邮箱和密码登录");
  await newcomer(person);
  await person.goto("/settings/access");
  await person.getByRole("link", { name: "关联单位账号" }).click();
  await choose();
  await expect(person.getByRole("button", { name: "解除关联" })).toBeVisible();
  await person.request.post("/api/v1/auth/sign-out");
  await person.goto("/sign-in/organisation");
  await choose();
  await person.waitForURL(`${demo.url}/`);
  expect((await (await person.request.get("/api/v1/me")).json()).name).toBe("白 露");
});

test("the pages look as they should", async ({ browser, page }) => {
  test.setTimeout(150_000);
  await lookEverywhere(browser, page, [
    { name: "sign-in-organisation", path: "/sign-in/organisation" },
    { name: "sign-in-trouble", path: "/sign-in/organisation?problem=membership-ended&ref=0123abcd4567" },
  ]);
});

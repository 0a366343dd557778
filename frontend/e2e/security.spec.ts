import { createHmac } from "node:crypto";
import { expect, type Page, test } from "@playwright/test";
import { demo } from "./demo";
import { lookEverywhere, settled } from "./look";

const password = "vier Tomaten im Garten";
// Passkeys belong to a domain: the demonstration is reached by its name for them.
const home = demo.url.replace("127.0.0.1", "localhost");

/** Opens an account of this test's own; which is then signed in as `page`. */
async function member(page: Page, base: string) {
  const email = `guard-${Date.now()}-${Math.floor(Math.random() * 1e6)}@hourglass.example`;
  const data = { email, password, name: "顾安", locale: "zh-CN" };
  const answer = await page.request.post(`${base}/api/v1/auth/sign-up`, { data });
  expect(answer.status()).toBe(201);
  return email;
}

async function fillSignIn(page: Page, base: string, email: string) {
  await page.goto(`${base}/sign-in`);
  await page.getByLabel("邮箱").fill(email);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
}

/** The code an authenticator app shows (RFC 6238), so many steps from now. */
function totp(key: string, steps = 0) {
  const bits = [...key.replace(/\s/g, "")]
    .map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"))
    .join("");
  const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((b) => Number.parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const at = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

test("an authenticator app becomes the second step, and a recovery code stands in for it", async ({
  page,
  browser,
}) => {
  test.setTimeout(360_000);
  const email = await member(page, demo.url);
  await page.goto("/settings/security");
  await page.getByRole("button", { name: "设置", exact: true }).click();
  const key = (await page.getByTestId("totp-key").textContent()) ?? "";
  const code = page.getByLabel("应用当前显示的验证码");
  // A clock ten minutes off is told, and nothing is lost.
  await code.fill(totp(key, -20));
  await page.getByRole("button", { name: "确认", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("时钟不准");
  await code.fill(totp(key, -1));
  await page.getByRole("button", { name: "确认", exact: true }).click();
  const codes = page.getByRole("dialog").getByRole("listitem");
  await expect(codes).toHaveCount(10);
  const spare = (await codes.first().textContent()) ?? "";
  await page.getByRole("button", { name: "我已保存好" }).click();
  await expect(page.getByText("还剩 10 个")).toBeVisible();

  const other = await (await browser.newContext({ locale: "zh-CN" })).newPage();
  await fillSignIn(other, demo.url, email);
  await expect(other.getByRole("heading", { name: "第二步验证" })).toBeVisible();
  await other.getByLabel("验证器应用中的验证码").fill(totp(key, -1));
  await other.getByRole("button", { name: "继续" }).click();
  await expect(other.getByRole("alert")).toContainText("已经用过");
  await other.getByRole("button", { name: "改用恢复码" }).click();
  await other.getByLabel("恢复码").fill(spare.toUpperCase());
  await other.getByRole("button", { name: "继续" }).click();
  await expect(other.getByRole("button", { name: /顾安/ })).toBeVisible();

  // The first device sees the second, and ends it.
  await page.reload();
  await expect(page.getByText("还剩 9 个")).toBeVisible();
  await page.getByRole("button", { name: /让 .* 退出登录/ }).click();
  await expect(page.getByRole("button", { name: /让 .* 退出登录/ })).toHaveCount(0);
  await other.goto(`${demo.url}/settings/security`);
  await expect(other).toHaveURL(/sign-in/);
  await lookEverywhere(browser, page, [{ name: "security-settings", path: "/settings/security" }]);
});

test("a passkey signs in, alone and as the second step", async ({ page }) => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const email = await member(page, home);
  await page.goto(`${home}/settings/security`);
  await page.getByRole("button", { name: "添加通行密钥" }).click();
  await page.getByLabel("通行密钥的名称").fill("我的电脑");
  await page.getByRole("button", { name: "添加通行密钥" }).click();
  await page.getByRole("button", { name: "我已保存好" }).click();
  await expect(page.getByText("我的电脑")).toBeVisible();

  const leave = () => page.request.post(`${home}/api/v1/auth/sign-out`);
  await leave();
  await page.goto(`${home}/sign-in`);
  await page.getByRole("button", { name: "用通行密钥登录" }).click();
  await expect(page.getByRole("button", { name: /顾安/ })).toBeVisible();
  await leave();
  await fillSignIn(page, home, email);
  await page.getByRole("button", { name: "使用通行密钥" }).click();
  await expect(page.getByRole("button", { name: /顾安/ })).toBeVisible();
});

test("a change of what guards the account asks for the password when signing in is long ago", async ({
  page,
}) => {
  await member(page, demo.url);
  let old = true;
  // As the server answers after a quarter of an hour.
  await page.route("**/api/v1/me/totp", async (route) => {
    if (!old) return route.continue();
    old = false;
    const body = { type: "/problems/confirm-first", title: "Forbidden", status: 403 };
    await route.fulfill({ status: 403, contentType: "application/problem+json", json: body });
  });
  await page.goto("/settings/security");
  await page.getByRole("button", { name: "设置", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("密码", { exact: true }).fill("not the password");
  await dialog.getByRole("button", { name: "继续" }).click();
  await expect(dialog.getByText("当前密码不对")).toBeVisible();
  await dialog.getByLabel("密码", { exact: true }).fill(password);
  await dialog.getByRole("button", { name: "继续" }).click();
  await expect(page.getByTestId("totp-key")).toBeVisible();
});

test("a forgotten password is answered alike for everybody, and a bad link says where to get another", async ({
  page,
  browser,
}) => {
  test.setTimeout(360_000);
  await page.goto("/sign-in");
  await page.getByRole("link", { name: "忘记密码？" }).click();
  await expect(page.getByRole("heading", { name: "重置密码" })).toBeVisible();
  await page.getByLabel("邮箱").fill("nobody@hourglass.example");
  await page.getByRole("button", { name: "发送链接" }).click();
  await expect(page.getByRole("status")).toContainText("如果这个邮箱有对应的账户");
  await page.goto("/reset-password?token=nonsense");
  await page.getByLabel("新密码", { exact: true }).fill("eine ganz neue Wendung");
  await page.getByRole("button", { name: /保存/ }).click();
  await expect(page.getByRole("heading", { name: "这个链接无效" })).toBeVisible();
  await page.goto("/verify-mail?token=nonsense");
  await page.getByRole("button", { name: "确认这个邮箱" }).click();
  await expect(page.getByRole("heading", { name: "这个链接无效" })).toBeVisible();
  await settled(page);
  await lookEverywhere(browser, page, [
    { name: "forgot-password", path: "/forgot-password" },
    { name: "reset-password", path: "/reset-password?token=x" },
    { name: "verify-mail", path: "/verify-mail?token=x" },
  ]);
});

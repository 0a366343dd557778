import { expect, test } from "@playwright/test";
import { accountOf, signIn } from "./demo";

const pages = ["/", "/sign-in", "/verify", "/hours", "/settings", "/record-views", "/nothing-here"];

test("every page stands under a strict policy, and no page breaks it", async ({ page }) => {
  const broken: string[] = [];
  page.on("console", (m) => {
    if (/content security policy/i.test(m.text())) broken.push(m.text());
  });
  await signIn(page, "professional");
  for (const path of pages) {
    const answer = await page.goto(path);
    await expect(page.locator("main#main")).toBeVisible();
    const headers = answer?.headers() ?? {};
    const policy = headers["content-security-policy"] ?? "";
    expect(policy, path).toContain("default-src 'none'");
    expect(policy, path).toMatch(/script-src 'self'(;|$)/);
    expect(policy, path).toMatch(/style-src 'self'( 'nonce-[^']+')?(;|$)/);
    expect(policy, path).toContain("frame-ancestors 'none'");
    expect(policy, path).toContain("base-uri 'none'");
    expect(policy, path).not.toContain("unsafe-");
    expect(headers, path).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "referrer-policy": "strict-origin-when-cross-origin",
    });
  }
  expect(broken).toEqual([]);
});

test("the sign-in is out of a script's reach, and nothing secret lies in the browser's stores", async ({
  page,
}) => {
  await signIn(page, "professional");
  await page.goto("/hours");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const cookie = (await page.context().cookies()).find((c) => c.name === "hourglass_session");
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: "Lax", path: "/" });
  const seen = await page.evaluate(
    () => document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage),
  );
  expect(seen).not.toContain(cookie?.value);
  expect(seen).not.toContain("hourglass_session");
});

test("signing in leads nowhere but to our own pages", async ({ page }) => {
  const { email, password } = accountOf("professional");
  for (const to of [
    "https://evil.example/",
    "//evil.example/",
    "javascript:alert(1)",
    "/\\evil.example",
    "/\t/evil.example",
  ]) {
    await page.context().clearCookies();
    await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
    await page.getByLabel("邮箱").fill(email);
    await page.getByLabel("密码", { exact: true }).fill(password);
    await page.getByRole("main").getByRole("button", { name: "登录", exact: true }).click();
    await expect(page).not.toHaveURL(/sign-in/);
    expect(new URL(page.url()).origin, to).toBe(new URL(test.info().project.use.baseURL ?? "").origin);
  }
});

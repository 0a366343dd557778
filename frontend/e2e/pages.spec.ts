import { expect, type Page, test } from "@playwright/test";
import { accountOf, demo, signIn } from "./demo";
import { look, type Place, settled, views } from "./look";

interface Swept extends Place {
  visitor?: boolean;
}

/** Walks to what the pages need: an enrolment and its lessons. */
async function places(page: Page): Promise<Swept[]> {
  const post = async (path: string) => (await page.request.post(`/api/v1${path}`)).json();
  const course = demo.courses.find((c) => c.title === "滴灌系统的灌溉制度设计") ?? demo.courses[0];
  const enrolment = await post(`/courses/${course?.id}/enrolments`);
  const lessons: { id: string; kind: string }[] = enrolment.chapters.flatMap(
    (c: { lessons: unknown[] }) => c.lessons,
  );
  const learn = (kind: string) => `/learn/${enrolment.id}/${lessons.find((l) => l.kind === kind)?.id}`;
  return [
    { name: "catalogue-visitor", path: "/", visitor: true },
    { name: "sign-in", path: "/sign-in", visitor: true },
    { name: "sign-up", path: "/sign-up", visitor: true },
    { name: "verify-form", path: "/verify", visitor: true },
    { name: "verify-unknown", path: "/verify/HG-2026-0000-0000-0", visitor: true },
    { name: "not-found", path: "/nowhere", visitor: true },
    { name: "catalogue", path: "/" },
    { name: "catalogue-empty", path: "/?q=zzzzqqqq" },
    { name: "course", path: `/courses/${course?.id}` },
    { name: "learning", path: "/learning" },
    { name: "player", path: learn("video") },
    { name: "reading", path: learn("document") },
    { name: "quiz", path: learn("quiz") },
    { name: "hours", path: "/hours" },
    { name: "certificates", path: "/certificates" },
    { name: "settings", path: "/settings" },
  ];
}

for (const { options, suffix } of views) {
  test(`every page holds as ${suffix}`, async ({ browser }) => {
    test.setTimeout(360_000);
    const member = await (await browser.newContext(options)).newPage();
    await signIn(member, "professional");
    const stranger = await (await browser.newContext(options)).newPage();
    const broken: string[] = [];
    for (const page of [member, stranger]) {
      page.on("pageerror", (e) => broken.push(`${page.url()}: ${e.message}`));
    }
    for (const place of await places(member)) await look(place.visitor ? stranger : member, place, suffix);
    expect(broken).toEqual([]);
    await member.context().close();
    await stranger.context().close();
  });
}

test("pages of one's own ask a visitor to sign in, and lead back", async ({ page }) => {
  await page.goto("/hours");
  await expect(page).toHaveURL(/\/sign-in\?to=/);
  const { email, password } = accountOf("professional");
  await page.getByLabel("邮箱").fill(email);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("main").getByRole("button", { name: "登录" }).click();
  await expect(page).toHaveURL(/\/hours$/);
  await expect(page.getByRole("heading", { level: 1, name: "我的学时" })).toBeVisible();
});

test("the language can be switched and stays", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("button", { name: "EN：切换到英文" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Find a course worth your hours" })).toBeVisible();
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
});

test("the first load of the catalogue stays small, and the content policy is kept", async ({ page }) => {
  let script = 0;
  const refused: string[] = [];
  page.on("console", (m) => {
    if (/Content.Security.Policy/i.test(m.text())) refused.push(m.text());
  });
  page.on("response", async (r) => {
    if (r.request().resourceType() === "script") script += (await r.request().sizes()).responseBodySize;
  });
  await page.goto("/");
  await settled(page);
  expect(script).toBeGreaterThan(0);
  expect(script).toBeLessThan(200_000);
  expect(refused).toEqual([]);
});

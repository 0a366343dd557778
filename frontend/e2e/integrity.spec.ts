import { type Browser, expect, type Page, test } from "@playwright/test";
import { demo, signIn } from "./demo";
import { readEvenly } from "./even";
import { look, lookEverywhere } from "./look";

/** Of this run alone: the queue may hold others. */
const name = `林予安${Date.now() % 100_000}`;

async function newLearner(page: Page) {
  const email = `even-${Date.now()}@hourglass.example`;
  const answer = await page.request.post("/api/v1/auth/sign-up", {
    data: { email, password: "a long pass phrase", name, locale: "zh-CN" },
  });
  expect(answer.status()).toBe(201);
}

/** A document of the demonstration, in a course the person is enrolled in. */
async function documentLesson(page: Page): Promise<string> {
  for (const course of demo.courses) {
    const enrolled = await (await page.request.post(`/api/v1/courses/${course.id}/enrolments`)).json();
    const lessons: { id: string; kind: string }[] = enrolled.chapters.flatMap(
      (c: { lessons: unknown[] }) => c.lessons,
    );
    const found = lessons.find((l) => l.kind === "document");
    if (found) return found.id;
  }
  throw new Error("no course has a document");
}

async function signedIn(browser: Browser, role: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, role);
  return page;
}

test("study like a script's is flagged, looked at with its evidence, and decided by keyboard", async ({
  page,
  browser,
}) => {
  test.setTimeout(400_000);
  await newLearner(page);
  const session = await readEvenly(page, await documentLesson(page), 60);

  await test.step("the learner sees their own evidence", async () => {
    await page.goto("/hours");
    await page.getByRole("link", { name: "学习依据" }).click();
    await page.getByRole("main").getByRole("listitem").first().getByRole("link").click();
    await expect(page.getByRole("img", { name: /60 次心跳/ })).toBeVisible();
    await expect(page.getByText("已从头重新计算")).toBeVisible();
    await page.getByText("全部 60 次心跳").click();
    await expect(page.getByRole("row")).toHaveCount(51);
    await page.getByRole("button", { name: "显示更多" }).click();
    await expect(page.getByRole("row")).toHaveCount(61);
    await look(page, { name: "evidence-sessions", path: "/evidence" }, "desktop-zh");
    await lookEverywhere(browser, page, [{ name: "evidence-session", path: `/evidence/${session}` }]);
  });

  const officer = await signedIn(browser, "department_officer");
  let flag = "";
  await test.step("it waits in the officer's queue", async () => {
    await expect
      .poll(
        async () => {
          const { items } = await (
            await officer.request.get("/api/v1/integrity-flags?kind=metronome&limit=100")
          ).json();
          flag = items.find((i: { person: { name: string } }) => i.person.name === name)?.id ?? "";
          return flag;
        },
        { timeout: 40_000 },
      )
      .not.toBe("");
    await look(officer, { name: "flags", path: "/workspace/integrity" }, "desktop-zh");
    await lookEverywhere(browser, officer, [{ name: "flag", path: `/workspace/integrity?id=${flag}` }]);
  });

  await test.step("others may not decide, or not even look", async () => {
    const auditor = await signedIn(browser, "auditor");
    await auditor.goto(`/workspace/integrity?id=${flag}`);
    await expect(auditor.getByText("您可以查看，但不能作出决定。")).toBeVisible();
    await expect(auditor.getByRole("button", { name: "情况属实" })).toHaveCount(0);
    const answers = await Promise.all([
      auditor.request.post(`/api/v1/integrity-flags/${flag}/decision`, {
        data: { decision: "uphold", reason: "x" },
      }),
      page.request.get(`/api/v1/integrity-flags/${flag}`),
      page.request.get("/api/v1/me/study-sessions/00000000-0000-7000-8000-000000000000/evidence"),
    ]);
    expect(answers.map((a) => a.status())).toEqual([403, 403, 404]);
    await auditor.context().close();
  });

  await test.step("the officer decides by keyboard, with a reason", async () => {
    await officer.goto("/workspace/integrity?kind=metronome");
    const row = officer.getByRole("link", { name: new RegExp(name) });
    await row.click();
    await expect(officer.getByRole("heading", { level: 2, name: new RegExp(name) })).toBeVisible();
    await expect(officer.getByRole("img", { name: /60 次心跳/ })).toBeVisible();
    await expect(officer.getByText(/连续 41 个心跳/)).toBeVisible();
    await officer.getByRole("heading", { level: 2, name: new RegExp(name) }).click();
    await officer.keyboard.press("u");
    await expect(officer.getByText("请写明理由。")).toBeVisible();
    await expect(officer.locator("#reason")).toBeFocused();
    await officer.keyboard.type("已向本人核实，用脚本学习。");
    await officer.getByRole("button", { name: /^情况属实/ }).click();
    await expect(officer).not.toHaveURL(new RegExp(flag));
    await officer.goto(`/workspace/integrity?state=upheld&id=${flag}`);
    await expect(officer.getByText("已向本人核实，用脚本学习。")).toBeVisible();
    await expect(officer.getByRole("button", { name: /^没有问题/ })).toHaveCount(0);
  });

  await test.step("a second decision comes too late, and no credit was taken", async () => {
    const again = await officer.request.post(`/api/v1/integrity-flags/${flag}/decision`, {
      data: { decision: "dismiss", reason: "x" },
    });
    expect(again.status()).toBe(409);
    const evidence = await (await page.request.get(`/api/v1/me/study-sessions/${session}/evidence`)).json();
    expect(evidence.confirmed_s + evidence.pending_s).toBe(10);
  });
  await officer.context().close();
});

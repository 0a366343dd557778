import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";

interface Demo {
  url: string;
  accounts: { role: string; email: string; password: string }[];
  courses: { id: string; title: string }[];
}

const file = process.env.HOURGLASS_E2E;
if (!file)
  throw new Error(
    "HOURGLASS_E2E must name the file with the line that `hourglass demo --json` announces itself with",
  );

/** The running product these tests are against. */
export const demo: Demo = JSON.parse(readFileSync(file, "utf8"));

export function accountOf(role: string): { email: string; password: string } {
  const account = demo.accounts.find((a) => a.role === role);
  if (!account) throw new Error(`the demonstration has no ${role}`);
  return account;
}

/** Signs in without the form, for tests that are about something else. */
export async function signIn(page: Page, role: string) {
  const { email, password } = accountOf(role);
  const answer = await page.request.post("/api/v1/auth/sign-in", { data: { email, password } });
  if (!answer.ok()) throw new Error(`sign-in as ${role}: ${answer.status()}`);
}

/** Opens an account for somebody new, who is then signed in; tells their address. */
export async function signUp(page: Page, name: string, email = freshEmail()): Promise<string> {
  const data = { email, password: "a long pass phrase", name, locale: "zh-CN" };
  const answer = await page.request.post("/api/v1/auth/sign-up", { data });
  if (answer.status() !== 201) throw new Error(`sign-up of ${email}: ${answer.status()}`);
  return email;
}

const freshEmail = () => `e2e-${Date.now()}-${Math.random().toString(36).slice(2)}@hourglass.example`;

/** Seconds of the player's lesson that the server has credited: verified, or pending until the next check. */
export async function creditedIn(page: Page): Promise<number> {
  const verified = /(\d+):(\d\d) \//.exec((await page.getByTestId("verified").textContent()) ?? "");
  const pending = await page.getByTestId("pending").getAttribute("data-credited");
  return Number(verified?.[1] ?? 0) * 60 + Number(verified?.[2] ?? 0) + Number(pending ?? 0);
}

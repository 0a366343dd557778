import { defineConfig } from "@playwright/test";
import { demo } from "./e2e/demo";

/** The browser is the system's own; the flags keep it from talking to anybody but the server under test. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export default defineConfig({
  testDir: "e2e",
  // A demonstration that asks for presence every few seconds is for that test alone; see tools/e2e.sh.
  testIgnore: process.env.HOURGLASS_PRESENCE_GAP ? undefined : "**/presence.spec.ts",
  outputDir: "test-results",
  workers: 2, // some tests wait for the clock while others draw
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL: demo.url,
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    trace: "retain-on-failure",
    actionTimeout: 15_000,
    launchOptions: { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: quiet },
  },
});

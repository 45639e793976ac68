import { defineConfig, devices } from "@playwright/test";

import { chromiumPath } from "./e2e/chromium";

/** The production build that is tested: `npm run build` first. */
const PORT = Number(process.env.E2E_PORT ?? 3111);
export const baseURL = `http://localhost:${PORT}`;

/** A browser without a sound card that hears and is heard on this machine alone. */
const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--use-fake-ui-for-media-stream",
  "--use-fake-device-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--allow-loopback-in-peer-connection",
];

/** Those with nothing faked but the microphone; `playwright.real.config.ts` runs them. */
export const REAL_CALLS = ["real-call.spec.ts", "barge-in-call.spec.ts", "noisy-call.spec.ts"];

export default defineConfig({
  testDir: "e2e",
  testIgnore: REAL_CALLS,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  workers: 2,
  // A shared machine may stand still for a while; what passes the second time only is reported as flaky.
  retries: process.env.CI ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  reporter: process.env.CI ? [["list"], ["html", { open: "never" }]] : "list",
  use: {
    ...devices["Desktop Chrome"],
    baseURL,
    channel: undefined,
    locale: "en-GB",
    timezoneId: "UTC",
    contextOptions: { reducedMotion: "reduce" },
    // Recorded for the second try only: a picture of every change takes twice as long as the test.
    trace: process.env.CI ? "on-first-retry" : "retain-on-failure",
    launchOptions: {
      executablePath: chromiumPath(),
      args: CHROMIUM_FLAGS,
    },
  },
  webServer: {
    command: "npm start",
    url: baseURL,
    env: { PORT: String(PORT), HOSTNAME: "localhost" },
    reuseExistingServer: !process.env.CI,
    timeout: 60_000,
  },
});

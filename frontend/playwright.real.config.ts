import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { defineConfig } from "@playwright/test";

import screens, { baseURL, REAL_CALLS } from "./playwright.config";

/** Where the build expects its back end (`just build` and this file agree). */
const BACKEND_PORT = Number(process.env.E2E_BACKEND_PORT ?? 8111);

/** Where the calls are recorded. The processes that run the tests read this file too, and get the first one's answer. */
const recordings = (process.env.E2E_RECORDINGS ??= mkdtempSync(path.join(tmpdir(), "parley-recordings-")));

/**
 * The calls with nothing faked but the microphone have the machine to itself: real models, a real server with a database
 * of its own, one browser at a time. A machine that stands still for a moment loses sound as a bad line does, so it may try again.
 */
export default defineConfig(screens, {
  testIgnore: [],
  testMatch: REAL_CALLS,
  workers: 1,
  retries: process.env.CI ? 2 : 0,
  // A picture of every change would take the processor from the models, too.
  use: { trace: { mode: "retain-on-failure", screenshots: false } },
  // Joined to the pages' own server, which `screens` starts.
  webServer: {
    command:
      `.venv/bin/python -m tests.e2e.serve --port ${BACKEND_PORT} --frontend-origin ${baseURL} --storyteller` +
      ` --recordings ${recordings}`,
    cwd: "../backend",
    url: `http://localhost:${BACKEND_PORT}/ready/`,
    reuseExistingServer: !process.env.CI,
    timeout: 180_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
  },
});

// Pictures of the pages in both themes and two widths, from a server that runs: npm run screenshots -- [address] [folder]
// PARLEY_USER and PARLEY_PASSWORD sign in; without them only the sign-in page is taken.
import { mkdir } from "node:fs/promises";

import { chromium } from "@playwright/test";

const [address = "http://localhost:3000", folder = "../docs/screenshots"] = process.argv.slice(2);
const { PARLEY_USER: username, PARLEY_PASSWORD: password } = process.env;

const PAGES = username
  ? { dashboard: "/dashboard", preflight: "/preflight", calls: "/calls" }
  : { "sign-in": "/" };
const SIZES = { desktop: { width: 1280, height: 800 }, mobile: { width: 390, height: 844 } };

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
  ],
});
await mkdir(folder, { recursive: true });
for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({
      viewport,
      colorScheme,
      reducedMotion: "reduce",
      baseURL: address,
    });
    const page = await context.newPage();
    if (username) await signIn(page);
    for (const [name, path] of Object.entries(PAGES)) {
      await page.goto(path);
      await page.waitForLoadState("networkidle");
      const file = `${folder}/${name}-${size}-${colorScheme}.png`;
      await page.screenshot({ path: file });
      console.log(file);
    }
    await context.close();
  }
}
await browser.close();

async function signIn(page) {
  await page.goto("/");
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/dashboard");
}

/** Which Chromium do the browser tests start? CHROMIUM_PATH, else the first that this machine has. */

import { existsSync } from "node:fs";

const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

export function chromiumPath(
  wanted = process.env.CHROMIUM_PATH,
  isThere: (path: string) => boolean = existsSync,
): string {
  if (wanted) return wanted;
  const found = USUAL_PLACES.find(isThere);
  if (!found) throw new Error("No Chromium was found. Install it, or set CHROMIUM_PATH to its program.");
  return found;
}

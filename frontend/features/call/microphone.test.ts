import { describe, expect, it } from "vitest";

import { browserOf, browserSoundWords, problemWords } from "./microphone";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0";
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const LINUX = "Mozilla/5.0 (X11; Linux x86_64)";

describe("the way out of a blocked microphone", () => {
  it.each([
    ["Chrome", `${LINUX} AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36`, "chrome"],
    ["Edge", `${LINUX} AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36 Edg/141.0`, "chrome"],
    ["Firefox", `${LINUX} Gecko/20100101 Firefox/143.0`, "firefox"],
    ["Safari", `${MAC} Version/18.0 Safari/605.1.15`, "safari"],
    ["an iPhone", `${IPHONE} Mobile/15E148 Safari/604.1`, "ios"],
    ["Chrome on an iPhone", `${IPHONE} CriOS/141.0 Mobile/15E148 Safari/604.1`, "other"],
    ["Chrome on Android", "Mozilla/5.0 (Linux; Android 15) Chrome/141.0.0.0 Mobile Safari/537.36", "android"],
    ["Firefox on Android", "Mozilla/5.0 (Android 15; Mobile) Gecko/143.0 Firefox/143.0", "android"],
    ["none that we know", "jsdom", "other"],
  ])("knows %s", (_name, userAgent, browser) => {
    expect(browserOf(userAgent)).toBe(browser);
  });

  it("takes an iPad that says it is a Mac for what it is", () => {
    expect(browserOf(`${MAC} Version/18.0 Safari/605.1.15`, 5)).toBe("ios");
  });

  it("leads to where that browser keeps it", () => {
    expect(problemWords("NotAllowedError", "chrome").wayOut).toMatch(/icon left of the address/);
    expect(problemWords("NotAllowedError", "firefox").wayOut).toMatch(/crossed-out microphone/);
    expect(problemWords("NotAllowedError", "safari").wayOut).toMatch(/menu bar/);
    expect(problemWords("NotAllowedError", "ios").wayOut).toMatch(/Website Settings/);
    expect(problemWords("NotFoundError", "safari")).toEqual(problemWords("NotFoundError", "chrome"));
  });
});

describe("what the browser does to the sound itself", () => {
  it.each([
    [{ noiseSuppression: false, autoGainControl: false }, null],
    [{}, null],
    [{ noiseSuppression: true }, "Your browser removes noise itself; ours stands aside."],
    [{ autoGainControl: true }, "Your browser sets your level itself; ours stands aside."],
    [
      { noiseSuppression: true, autoGainControl: true },
      "Your browser removes noise and sets your level itself; ours stands aside.",
    ],
  ])("%o", (settings, words) => {
    expect(browserSoundWords(settings)).toBe(words);
  });
});

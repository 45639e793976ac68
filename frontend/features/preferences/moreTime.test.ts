import { readFileSync } from "node:fs";
import path from "node:path";

import { expect, it } from "vitest";

import { timeOf, timeOptions, timeValue, USUAL } from "./moreTime";

it("offers the persona's own time first, then more", () => {
  expect(timeOptions(null).map(({ label }) => label)).toEqual([
    "As the persona has it",
    "More time: 4 s",
    "More time: 6 s",
    "More time: 10 s",
  ]);
});

it("shows a time that was set elsewhere", () => {
  expect(timeOptions(7_500).map(({ value }) => value)).toEqual([USUAL, "4000", "6000", "7500", "10000"]);
});

it.each([null, 4_000, 10_000])("keeps %s as it is", (ms) => {
  expect(timeOf(timeValue(ms))).toBe(ms);
});

it("offers only what the server takes", () => {
  const schema = path.resolve(import.meta.dirname, "../../../contracts/openapi.json");
  const { components } = JSON.parse(readFileSync(schema, "utf8")) as {
    components: {
      schemas: Record<
        string,
        { properties: Record<string, { anyOf?: { minimum?: number; maximum?: number }[] }> }
      >;
    };
  };
  const limits = components.schemas.PreferencesChange?.properties.silence_duration_ms?.anyOf?.[0];
  const { minimum = NaN, maximum = NaN } = limits ?? {};
  for (const ms of timeOptions(null).flatMap(({ value }) => timeOf(value) ?? [])) {
    expect(ms).toBeGreaterThanOrEqual(minimum);
    expect(ms).toBeLessThanOrEqual(maximum);
  }
});

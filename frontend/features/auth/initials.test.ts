import { expect, it } from "vitest";

import { initials } from "./initials";

it.each([
  ["Priya Raman", "PR"],
  ["priya", "PR"],
  ["Anna Maria de Vries", "AV"],
  ["  ", ""],
  ["É", "É"],
])("%j is shown as %j", (name, letters) => {
  expect(initials(name)).toBe(letters);
});

import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import type { PersonaCard as Persona } from "@/lib/api/queries";

import { mannerName } from "./mannerName";
import { PersonaCard } from "./PersonaCard";

const mira: Persona = {
  slug: "technical-interviewer",
  name: "Mira",
  role: "Technical interviewer",
  description: "Ten questions.",
  shape: "mira",
  manner: "balanced",
  manner_words: "Lets “okay” pass",
  adjusted: true,
  voice_words: "Bright, even",
  kind: "interview",
  version: 1,
  language: "en",
  silence_duration_ms: 2_500,
};

it("says who the persona is, how it yields, and starts with one click", async () => {
  const onCall = vi.fn();
  render(<PersonaCard persona={mira} isCalling={false} onCall={onCall} />);
  expect(screen.getByRole("heading", { name: "Mira" })).toBeVisible();
  expect(screen.getByText("Balanced, adjusted")).toBeVisible();
  expect(screen.getByText("Scored")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Start the interview with Mira" }));
  expect(onCall).toHaveBeenCalledExactlyOnceWith(mira);
});

it("makes no second call while the first is being made", async () => {
  const onCall = vi.fn();
  render(<PersonaCard persona={mira} isCalling onCall={onCall} />);
  const button = screen.getByRole("button");
  expect(button).toHaveTextContent("Calling");
  await userEvent.click(button, { pointerEventsCheck: 0 });
  expect(onCall).not.toHaveBeenCalled();
});

it("reads a manner as words", () => {
  expect(mannerName("stop-words-only", { adjusted: false })).toBe("Stop words only");
});

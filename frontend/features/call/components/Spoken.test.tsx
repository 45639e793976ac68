import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { viewOf } from "../callViews";
import { serverExample } from "../testing/contracts";
import { live, speaking, type Story } from "../testing/story";
import { Spoken } from "./Spoken";

/** What the phase's status reads after each part of a story, without what it repeats. */
function said(story: Story, ...parts: ((story: Story) => void)[]): string[] {
  const spoken = () => <Spoken state={story.state} view={viewOf(story.state)} />;
  const { rerender } = render(spoken());
  const readings = [screen.getByRole("status").textContent];
  for (const part of parts) {
    part(story);
    rerender(spoken());
    readings.push(screen.getByRole("status").textContent);
  }
  return readings.filter((reading, index) => reading !== readings[index - 1]);
}

it("says nothing of a click", () => {
  const click = said(
    speaking(),
    (story) => story.bid("suspected"),
    (story) => story.hear(serverExample<"barge_in">("barge_in.rejected_click")),
  );
  expect(click).toEqual(["Speaking"]);
});

it("says nothing of an “mm-hm” for which the persona pauses for a moment", () => {
  const murmur = said(
    speaking(),
    (story) => story.bid("suspected").bid("held"),
    (story) => story.tick(500),
    (story) => story.bid("rejected"),
    (story) => story.tick(3_000),
  );
  expect(murmur).toEqual(["Speaking"]);
});

it("says that the persona has paused once that lasts, and who has the floor then", () => {
  const paused = said(
    speaking(),
    (story) => story.bid("suspected").bid("held"),
    (story) => story.tick(750),
    (story) => story.bid("accepted").phase("WAIT_FOR_USER"),
  );
  expect(paused).toEqual(["Speaking", "Holding", "Go ahead"]);
});

it("says once that there is time to think, and not how it runs out", () => {
  const thinking = said(
    live(),
    (story) => story.thinks(30),
    (story) => story.tick(10_000),
    (story) => story.tick(10_000),
    (story) => story.thinks(null),
  );
  expect(thinking).toEqual(["Your turn", "Take your time", "Your turn"]);
});

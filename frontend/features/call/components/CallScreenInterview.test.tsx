import { screen, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { callLive, say, sentTypes, standInForTheBrowser } from "../testing/callScreen";
import { serverExample } from "../testing/contracts";

// A whole screen in jsdom is slow where the machine is busy with other tests.
vi.setConfig({ testTimeout: 30_000 });

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined }) }));

beforeEach(standInForTheBrowser);

async function interviewLive() {
  const call = await callLive();
  const persona = { ...serverExample<"ready">("ready").persona, kind: "interview" };
  await say(
    call.browser,
    serverExample<"ready">("ready", { persona, resumed: true }),
    serverExample<"interview">("interview", {
      index: 5,
      stage: "moderate",
      status: "await_1",
      hint_given: false,
    }),
  );
  return call;
}

it("tells the question to the eye and, politely, to the ear", async () => {
  const { browser } = await interviewLive();
  expect(within(screen.getByRole("banner")).getByText("Question 5 of 10")).toBeVisible();
  const status = screen.getByRole("status", { name: "Question" });
  expect(status).toHaveTextContent("Question 5 of 10, moderate");
  expect(status).toHaveAttribute("aria-live", "polite");
  await say(
    browser,
    serverExample<"interview">("interview", {
      index: 5,
      stage: "moderate",
      status: "hinting",
      hint_given: true,
    }),
  );
  expect(status).toHaveTextContent("Question 5 of 10, moderate, hint given");
});

it("asks before it ends, and ends only when told so", async () => {
  const { browser, user } = await interviewLive();
  await user.click(screen.getByRole("button", { name: "End call" }));
  const dialog = screen.getByRole("dialog", { name: "End the interview?" });
  await user.click(within(dialog).getByRole("button", { name: "Keep talking" }));
  expect(sentTypes(browser)).not.toContain("end_call");
  await user.click(screen.getByRole("button", { name: "End call" }));
  await user.click(screen.getByRole("button", { name: "End for now" }));
  expect(sentTypes(browser)).toContain("end_call");
});

it("asks nothing more once the last question is done", async () => {
  const { browser, user } = await interviewLive();
  await say(
    browser,
    serverExample<"interview">("interview.scored", { index: 10, stage: "advanced", score: 4 }),
  );
  await user.click(screen.getByRole("button", { name: "End call" }));
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(sentTypes(browser)).toContain("end_call");
});

it("leads to the report, or back into the interview", async () => {
  const interviewId = "5f3c2b1a-7d84-4a6e-9b10-3f2a8c6d7e90";
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ id: "r", interview_id: interviewId })));
  const { browser } = await interviewLive();
  await say(browser, serverExample<"call_ended">("call_ended", { reason: "interview_paused" }));
  expect(await screen.findByRole("link", { name: "Report so far" })).toHaveAttribute(
    "href",
    `/interviews/${interviewId}`,
  );
  expect(screen.getByRole("button", { name: "Go on with the interview" })).toBeVisible();
});

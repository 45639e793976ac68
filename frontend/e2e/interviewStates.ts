/** What a call looks like where the persona holds an interview: each state, and how the page comes there. */

import { expect, type Page } from "@playwright/test";

import { example, type CallServer } from "./callServer";
import { beLive, start, type State } from "./inCall";
import { json, openReport, personas, report, room } from "./restFixtures";

const QUESTION = "What does a database index speed up, and what does it cost?";
const HINT = "Think about what has to happen when a row is written.";

const mira = personas.find(({ kind }) => kind === "interview");

/** The room as it is once its interview has begun. */
const interviewRoom = { ...room, persona: "technical-interviewer", persona_name: "Mira" };
const answers = { [`GET /api/v1/rooms/${room.id}/`]: json(interviewRoom) };
const finishedAnswers = {
  [`GET /api/v1/rooms/${room.id}/`]: json({ ...interviewRoom, interview_id: report.id }),
};

const tell = (server: CallServer, fields: Record<string, unknown>) =>
  server.say("interview", { index: 5, stage: "moderate", hint_given: false, ...fields });

/** The fifth question is asked, and its first answer awaited. */
export async function beAsked(page: Page, server: CallServer): Promise<void> {
  server.onOpen = () => server.say("ready", { persona: mira });
  await beLive(page, server);
  for (const [index, score] of [9, 9, 7, 9].entries()) {
    server.say("interview.scored", { index: index + 1, score });
  }
  tell(server, { status: "asking" });
  await server.ask(`Question five: ${QUESTION}`);
  tell(server, { status: "await_1" });
  await expect(page.locator(".callbar .qprog b")).toHaveText("Question 5 of 10");
}

/** Its second answer, after a hint. */
async function beHinted(page: Page, server: CallServer): Promise<void> {
  await beAsked(page, server);
  server.say("transcript.user", {
    turn_id: "2",
    text: "It makes looking up rows faster, because you don’t read the whole table.",
  });
  tell(server, { status: "hinting", hint_given: true });
  await server.ask(`That is the first half. ${HINT}`);
  tell(server, { status: "await_2", hint_given: true });
  await expect(page.getByText("Second attempt. Say only what was missing.")).toBeVisible();
}

async function ends(server: CallServer, reason: string): Promise<void> {
  server.say("call_ended", { reason });
  await server.drop(1000);
}

export const INTERVIEW_STATES: State[] = [
  { name: "interview, question five", sees: "Your turn", answers, act: beAsked },
  {
    name: "interview, second attempt",
    sees: "Listening",
    answers,
    act: async (page, server) => {
      await beHinted(page, server);
      server.user(true);
    },
  },
  {
    name: "interview, in numbers",
    sees: "Your turn",
    answers,
    act: async (page, server) => {
      await beAsked(page, server);
      await page.getByRole("tab", { name: "Stats" }).click();
      await expect(page.getByRole("heading", { name: "Interview" })).toBeVisible();
      await expect(page.getByText("34 of 36")).toBeHidden();
      await expect(page.locator(".phase")).toHaveText("Your turn");
    },
  },
  {
    name: "interview, end asked",
    sees: "Your turn",
    answers,
    act: async (page, server) => {
      await beAsked(page, server);
      await page.getByRole("button", { name: "End call" }).click();
      await expect(page.getByRole("dialog", { name: "End the interview?" })).toBeVisible();
    },
  },
  {
    name: "interview, finished",
    sees: "The interview is over",
    answers: finishedAnswers,
    act: async (page, server) => {
      await beAsked(page, server);
      server.say("interview.scored", { index: 10, stage: "advanced", score: 4 });
      await ends(server, "interview_finished");
      await expect(page.getByRole("link", { name: "See the report" })).toBeVisible();
    },
  },
  {
    name: "interview, paused",
    sees: "The interview is paused",
    answers: { [`GET /api/v1/rooms/${room.id}/`]: json({ ...interviewRoom, interview_id: openReport.id }) },
    act: async (page, server) => {
      await beHinted(page, server);
      await ends(server, "interview_paused");
      await expect(page.getByRole("link", { name: "Report so far" })).toBeVisible();
    },
  },
  {
    name: "interview, over already",
    sees: "This interview is over",
    answers,
    act: async (page, server) => {
      server.onOpen = () => {
        server.say("error.interview_over");
        void server.drop(4404);
      };
      await start(page);
      await expect(page.getByRole("link", { name: "See the report" })).toHaveAttribute(
        "href",
        /\/interviews\/5f3c2b1a-7d84-4a6e-9b10-3f2a8c6d7e90$/,
      );
    },
  },
  {
    name: "interview, cannot be held",
    sees: "This interview cannot be held",
    answers,
    act: async (page, server) => {
      server.onOpen = () => {
        server.say("error.interview_unavailable");
        void server.drop(4500);
      };
      await start(page);
      await expect(
        page.getByText(String(example("error.interview_unavailable").message)).first(),
      ).toBeVisible();
    },
  },
];

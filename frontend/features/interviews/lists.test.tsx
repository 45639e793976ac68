import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { InterviewSummary } from "@/lib/api/queries";

import { InterviewsPage } from "./InterviewsPage";
import { openUntilWords } from "./openUntil";
import { listExample } from "./testing/examples";
import { UnfinishedInterview } from "./UnfinishedInterview";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined }) }));

/** The page over a server that answers so; gives the addresses of what was asked of it. */
function show(page: React.ReactNode, body: unknown, status = 200): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", (request: Request) => {
    asked.push(request.url);
    const answer: unknown = typeof body === "function" ? (body as (of: Request) => unknown)(request) : body;
    return Promise.resolve(Response.json(request.url.includes("/interviews/") ? answer : [], { status }));
  });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(<QueryClientProvider client={client}>{page}</QueryClientProvider>);
  return asked;
}

const { items, count } = listExample();
const [waiting] = items as [InterviewSummary];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-23T10:00:00Z") });
  Element.prototype.hasPointerCapture = () => false;
  Element.prototype.scrollIntoView = () => undefined;
});

describe("the list", () => {
  it("has a row an interview with its points, and the scores over time", async () => {
    show(<InterviewsPage />, { items, count });
    expect(await screen.findAllByLabelText(/of 90 points/)).toHaveLength(5);
    expect(screen.getByText("Good · 9 of 10 questions scored · 60 of 81, 74 %")).toBeVisible();
    expect(screen.getByRole("img", { name: /From 42 % to 74 % in 3 interviews/ })).toBeVisible();
    expect(screen.getByRole("link", { name: /Go on with the interview with Mira/ })).toBeVisible();
    expect(screen.getByText("Not finished")).toBeVisible();
  });

  it("draws no line through one interview", async () => {
    show(<InterviewsPage />, { items: items.slice(0, 2), count: 2 });
    await screen.findAllByLabelText(/of 90 points/);
    expect(screen.queryByText("Scores over time")).toBeNull();
  });

  it("shows the interviews of one persona, once two have held some", async () => {
    const [first, ...others] = items as [InterviewSummary, ...InterviewSummary[]];
    const byNora = { ...first, id: "nora-1", persona: "nora", persona_name: "Nora" };
    const asked = show(<InterviewsPage />, (request: Request) =>
      new URL(request.url).searchParams.get("persona") === "nora"
        ? { items: [byNora], count: 1 }
        : { items: [byNora, ...others], count: items.length },
    );
    const user = userEvent.setup();
    await user.click(await screen.findByRole("combobox", { name: "Interviewer" }));
    await user.click(await screen.findByRole("option", { name: "Nora" }));
    await waitFor(() => expect(screen.getAllByLabelText(/of 90 points/)).toHaveLength(1));
    expect(screen.getByText("1 interview.")).toBeVisible();
    expect(asked.filter((url) => url.includes("persona=nora"))).toHaveLength(1);
    await user.click(screen.getByRole("combobox", { name: "Interviewer" }));
    await user.click(await screen.findByRole("option", { name: "Everyone" }));
    await waitFor(() => expect(screen.getAllByLabelText(/of 90 points/)).toHaveLength(items.length));
  });

  it("asks for no choice while one persona has held them all", async () => {
    show(<InterviewsPage />, { items, count });
    await screen.findAllByLabelText(/of 90 points/);
    expect(screen.queryByRole("combobox")).toBeNull();
  });

  it("says what will be here, and that nothing is lost where it did not load", async () => {
    show(<InterviewsPage />, { items: [], count: 0 });
    expect(await screen.findByText("No interviews yet")).toBeVisible();
    show(<InterviewsPage />, { detail: "Out of order." }, 400);
    expect(await screen.findByText("Your interviews did not load")).toBeVisible();
  });
});

describe("the unfinished interview", () => {
  it("says where it stopped and until when it waits, and opens the same room", async () => {
    show(<UnfinishedInterview />, { items: [waiting], count: 1 });
    expect(await screen.findByText(/Stopped at question 4 of 10/)).toHaveTextContent("Mira goes on there");
    expect(screen.getByRole("link", { name: /Go on with the interview/ })).toHaveAttribute(
      "href",
      `/call/${waiting.room_id}`,
    );
    expect(document.querySelectorAll(".qprog li.done")).toHaveLength(3);
  });

  it("is not shown where there is none", async () => {
    show(<UnfinishedInterview />, { items: items.slice(1), count: 4 });
    await vi.waitFor(() => expect(screen.queryByText("Unfinished interview")).toBeNull());
  });

  it("waits until a time of today, tomorrow, or a day by its name", () => {
    const at = (day: number) => new Date(2026, 10, day, 8, 30);
    const until = (day: number) => openUntilWords({ open_until: at(day).toISOString() }, at(22));
    expect(until(22)).toMatch(/ today, /);
    expect(until(23)).toMatch(/ tomorrow, /);
    expect(until(25)).toMatch(/25/);
    expect(openUntilWords({ open_until: null })).toBe("");
  });
});

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";

import type { InterviewSummary } from "@/lib/api/queries";

import { InterviewsPage } from "./InterviewsPage";
import { openUntilWords } from "./openUntil";
import { listExample } from "./testing/examples";
import { UnfinishedInterview } from "./UnfinishedInterview";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined }) }));

function show(page: React.ReactNode, body: unknown, status = 200) {
  vi.stubGlobal("fetch", (request: Request) =>
    Promise.resolve(Response.json(request.url.includes("/interviews/") ? body : [], { status })),
  );
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(<QueryClientProvider client={client}>{page}</QueryClientProvider>);
}

const { items, count } = listExample();
const [waiting] = items as [InterviewSummary];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-23T10:00:00Z") });
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

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { ToastProvider } from "@/components/ui/toast";
import type { InterviewBody } from "@/lib/api/queries";

import { ReportPage } from "./ReportPage";
import { interviewExample, practiceExample } from "./testing/examples";

vi.setConfig({ testTimeout: 30_000 });
vi.mock("next/navigation", () => ({ useRouter: () => ({ push: () => undefined }) }));

const report = interviewExample("report");
const [played] = report.questions.flatMap(({ attempts }) => attempts.flatMap(({ parts }) => parts));

/** Every request by "METHOD path", with its answer; what was sent is kept. */
function serve(answers: Record<string, { status?: number; body: unknown }>) {
  const sent: { key: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const key = `${request.method} ${new URL(request.url).pathname}`;
    if (request.method !== "GET") sent.push({ key, body: await request.json() });
    const answer = answers[key] ?? { status: 404, body: { detail: "Not found.", code: "not_found" } };
    return Response.json(answer.body, { status: answer.status ?? 200 });
  });
  return sent;
}

const at = (interview: InterviewBody) => `/api/v1/interviews/${interview.id}/`;
const basics = {
  "GET /api/v1/personas/": { body: [] },
};

async function open(interview: InterviewBody, answers: Parameters<typeof serve>[0] = {}) {
  const sent = serve({ ...basics, [`GET ${at(interview)}`]: { body: interview }, ...answers });
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={client}>
      <ToastProvider>
        <ReportPage interviewId={interview.id} />
      </ToastProvider>
    </QueryClientProvider>,
  );
  await screen.findByRole("heading", { name: "Interview report" });
  await screen.findByRole("meter");
  return { sent, user: userEvent.setup() };
}

const row = (number: number) => {
  const found = document.querySelector<HTMLDetailsElement>(`#question-${number}`);
  if (!found) throw new Error(`no question ${number}`);
  found.open = true;
  return within(found);
};

beforeEach(() => {
  document.cookie = "csrftoken=t";
  Element.prototype.hasPointerCapture = () => false;
});

describe("a report", () => {
  it("gives the points of ninety, how many were scored, and why", async () => {
    await open(report);
    const gauge = screen.getByRole("meter");
    expect(gauge).toHaveAttribute("aria-valuetext", "60 of 90 points");
    expect(screen.getByText(/9 of 10 questions scored/)).toHaveTextContent("60 of 81, 74 %");
    expect(screen.getByText("How the points come about")).toBeVisible();
    expect(screen.getByText("partial, then correct; or correct after a hint")).toBeInTheDocument();
    expect(screen.getByText(report.evaluator_words)).toBeInTheDocument();
  });

  it("shows for a question both answers, the hint between them, and each point with its quote", async () => {
    await open(report);
    const question = row(6);
    const words = question.getByText("First attempt").closest("details")?.textContent ?? "";
    const order = [
      "First attempt",
      "What happens to the others",
      "Second attempt",
      "Key points",
      "Model answer",
    ];
    expect(order.map((part) => words.indexOf(part))).toEqual(
      order.map((part) => words.indexOf(part)).toSorted((one, other) => one - other),
    );
    expect(question.getAllByText("Missed")).toHaveLength(2);
    expect(question.getByText("Contradicted")).toBeInTheDocument();
    expect(question.getByText("“Switching between threads costs more”")).toBeInTheDocument();
    expect(question.getByText("Partial twice: 5 points.")).toBeInTheDocument();
  });

  it("shows every hint where it was given, and which one was asked for", async () => {
    await open(report);
    const hints = row(8).getAllByText(/^Hint/, { selector: "b" });
    expect(hints.map(({ parentElement }) => parentElement?.textContent)).toEqual([
      "Hint“Think about what twice does.”",
      "Hint, which you asked for“Think of pressing the same button twice.”",
    ]);
  });

  it("says of a quote that it came after the hint only where it did", async () => {
    const [early, late] = [1, 2].map((attempt) => {
      const told = structuredClone(report);
      const point = told.questions[2]?.key_points.find(({ id }) => id === "unique");
      if (point?.quote) point.quote.attempt = attempt;
      return told;
    });
    if (!early || !late) throw new Error("two reports");
    await open(late);
    expect(row(3).getByText("“can’t be empty” (after the hint)")).toBeInTheDocument();
    cleanup();
    await open(early);
    expect(row(3).getByText("“can’t be empty”")).toBeInTheDocument();
  });

  it("says what could not be scored, and shows what was heard of it", async () => {
    await open(report);
    const question = row(9);
    expect(question.getByText("Not scored")).toBeInTheDocument();
    expect(question.getByText(/It is left out of the maximum/)).toBeInTheDocument();
    expect(question.getByText("It locks the")).toBeInTheDocument();
    expect(question.queryByText(/That is not what I said/)).toBeNull();
  });

  it("plays the candidate’s own words at their place, and stops them", async () => {
    const play = vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
    const pause = vi.spyOn(HTMLMediaElement.prototype, "pause").mockReturnValue();
    const { user } = await open(report);
    await user.click(row(1).getByRole("button", { name: "Play your answer at 0:52" }));
    expect((play.mock.instances[0] as HTMLAudioElement | undefined)?.src).toContain(played?.audio_url);
    await user.click(row(1).getByRole("button", { name: "Stop your answer at 0:52" }));
    expect(pause).toHaveBeenCalled();
    expect(row(1).getByRole("button", { name: "Play your answer at 0:52" })).toBeVisible();
  });

  it("says so where the sound does not load", async () => {
    vi.spyOn(HTMLMediaElement.prototype, "play").mockRejectedValue(new DOMException("", "NotSupportedError"));
    vi.spyOn(HTMLMediaElement.prototype, "pause").mockReturnValue();
    const { user } = await open(report);
    await user.click(row(1).getByRole("button", { name: "Play your answer at 0:52" }));
    expect(await row(1).findByRole("alert")).toHaveTextContent("The sound did not load.");
  });

  it("hides the questions of an open interview that were not asked, and leads back into its room", async () => {
    const unfinished = interviewExample("report.open");
    await open(unfinished);
    expect(screen.getAllByText("Not asked yet")).toHaveLength(7);
    expect(screen.getByText(/At question 4 of 10/)).toBeVisible();
    expect(screen.getByRole("link", { name: "Go on with the interview with Mira" })).toHaveAttribute(
      "href",
      `/call/${unfinished.room_id}`,
    );
    expect(screen.queryByRole("button", { name: "Delete interview" })).toBeNull();
  });

  it("is not there for somebody else", async () => {
    serve(basics);
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    render(
      <QueryClientProvider client={client}>
        <ReportPage interviewId={report.id} />
      </QueryClientProvider>,
    );
    expect(await screen.findByRole("heading", { name: "There is no such interview" })).toBeVisible();
  });
});

describe("answers that were compared by words alone", () => {
  it("are told of before the points are believed", async () => {
    const lexical = { ...report, evaluator: "lexical" as const, evaluator_words: "By words alone." };
    await open(lexical);
    expect(screen.getByText(/^By words alone\. The same answers/)).toBeVisible();
  });
});

describe("“That is not what I said”", () => {
  const path = `${at(report)}questions/6/correction/`;
  const corrected =
    "Threads live in the same memory of one program. Switching between processes costs more, I think.";

  it("sends the candidate’s words, and then shows both versions, marked", async () => {
    const { sent, user } = await open(report, {
      [`POST ${path}`]: { status: 201, body: interviewExample("report.corrected") },
    });
    const [first] = row(6).getAllByRole("button", { name: /That is not what I said/ });
    if (first) await user.click(first);
    const field = screen.getByRole("textbox", { name: "Your words" });
    expect(field).toHaveValue(report.questions[5]?.attempts[0]?.transcript);
    await user.clear(field);
    await user.type(field, corrected);
    await user.click(screen.getByRole("button", { name: "Correct it" }));
    const corrected6 = await row(6).findByText("Corrected by you");
    await waitFor(() => expect(document.activeElement).toContainElement(corrected6));
    expect(row(6).getByText(/Heard as:/)).toHaveTextContent("Switching between threads costs more");
    expect(row(6).getByText(/As heard, without the correction/)).toHaveTextContent("5 points");
    expect(row(6).getByText("“Switching between processes costs more” (corrected)")).toBeInTheDocument();
    expect(screen.getByRole("meter")).toHaveAttribute("aria-valuetext", "64 of 90 points");
    expect(sent).toEqual([{ key: `POST ${path}`, body: { attempt: 1, transcript: corrected } }]);
  });

  it("keeps the words where they were refused, and says why", async () => {
    const { user } = await open(report, {
      [`POST ${path}`]: {
        status: 409,
        body: { detail: "This answer was corrected already.", code: "corrected" },
      },
    });
    const [first] = row(6).getAllByRole("button", { name: /That is not what I said/ });
    if (first) await user.click(first);
    await user.type(screen.getByRole("textbox", { name: "Your words" }), " Or not.");
    await user.click(screen.getByRole("button", { name: "Correct it" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("This answer was corrected already.");
    expect(screen.getByRole("textbox", { name: "Your words" })).toHaveDisplayValue(/Or not\.$/);
  });
});

describe("a question once more", () => {
  it("is compared with the same points, and counts for nothing", async () => {
    const path = `${at(report)}questions/6/retry/`;
    const practice = practiceExample();
    const { sent, user } = await open(report, { [`POST ${path}`]: { status: 201, body: practice } });
    await user.click(row(6).getByRole("button", { name: "Try this question again" }));
    await user.type(row(6).getByRole("textbox", { name: /Your new answer to question 6/ }), practice.answer);
    await user.click(row(6).getByRole("button", { name: "Compare" }));
    const result = await row(6).findByRole("region", { name: "Practised, not counted" });
    expect(result).toHaveTextContent("2 of 4 key points, not counted");
    expect(screen.getByRole("meter")).toHaveAttribute("aria-valuetext", "60 of 90 points");
    expect(sent).toEqual([{ key: `POST ${path}`, body: { answer: practice.answer } }]);
  });
});

describe("on paper", () => {
  it("everything is open, and folded again afterwards", async () => {
    await open(report);
    const folded = () => document.querySelectorAll("details:not([open])").length;
    const before = folded();
    expect(before).toBeGreaterThan(10);
    window.dispatchEvent(new Event("beforeprint"));
    expect(folded()).toBe(0);
    window.dispatchEvent(new Event("afterprint"));
    expect(folded()).toBe(before);
  });
});

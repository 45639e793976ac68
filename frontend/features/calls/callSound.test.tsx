import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { beforeEach, expect, it, vi } from "vitest";

import { ToastProvider } from "@/components/ui/toast";
import { type CallBody, callQuery } from "@/lib/api/queries";

import { DeleteCall } from "./DeleteCall";
import { RecordingCard } from "./RecordingCard";

vi.setConfig({ testTimeout: 30_000 });

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));

const call: CallBody = {
  id: "b7d4a1f0-52a1-4c36-8f0a-3a1f0f1c7d21",
  room_id: "2f6c1c1a-8a0f-4f0e-9d4b-0a4b7c3d9e55",
  persona: "technical-expert",
  persona_name: "Anselm",
  persona_version: 1,
  status: "ended",
  end_reason: "user_ended",
  started_at: "2026-11-23T09:12:00Z",
  ended_at: "2026-11-23T09:18:04Z",
  duration_seconds: 364,
  turn_count: 0,
  recording: true,
  turns: [],
  barge_ins: [],
  barge_in_counts: { suspected: 0, held: 0, accepted: 0, rejected: {}, ducked_ms: 0, lost_ms: 0 },
  sound: "ready",
};

let queryClient: QueryClient;
/** What the server was asked, and what it answers. */
let asked: Request[];
let answer: () => Response;

beforeEach(() => {
  push.mockReset();
  asked = [];
  answer = () => new Response(null, { status: 204 });
  queryClient = new QueryClient();
  vi.stubGlobal("fetch", (request: Request | string) => {
    if (!(request instanceof Request)) return Promise.resolve(Response.json({ csrf_token: "token" }));
    asked.push(request);
    return Promise.resolve(answer());
  });
});

function show(children: ReactNode) {
  render(
    <QueryClientProvider client={queryClient}>
      <ToastProvider>{children}</ToastProvider>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

async function askToDelete(user: ReturnType<typeof userEvent.setup>) {
  await user.click(screen.getByRole("button", { name: "Delete call" }));
  return within(await screen.findByRole("dialog", { name: "Delete this call?" }));
}

it("a recorded call is heard from its stereo track", () => {
  show(<RecordingCard call={call} />);
  const player = screen.getByLabelText("Recording of the call with Anselm");
  expect(player).toHaveAttribute("src", `/api/v1/calls/${call.id}/recording/?track=stereo`);
  expect(player).toHaveAccessibleDescription("You are on the left, Anselm on the right.");
});

it.each([
  ["deleted", "The sound was deleted; the words stay."],
  ["unfinished", "The recording is being put together. It appears here in a moment."],
] as const)("a recording that is %s is told in words", (sound, words) => {
  show(<RecordingCard call={{ ...call, sound }} />);
  expect(screen.getByText(words)).toBeVisible();
  expect(document.querySelector("audio")).toBeNull();
});

it.each([
  { sound: "none" },
  { sound: "unfinished", status: "live" },
  { sound: "unfinished", status: "lost" },
] as const)("nothing is shown where nothing was recorded or the call goes on: %j", (difference) => {
  show(<RecordingCard call={{ ...call, ...difference }} />);
  expect(screen.queryByRole("heading", { name: "Recording" })).toBeNull();
});

it("a call is deleted after a question, and the list comes next", async () => {
  queryClient.setQueryData(callQuery(call.id).queryKey, call);
  const user = show(<DeleteCall call={call} />);
  const dialog = await askToDelete(user);
  expect(asked).toEqual([]);
  await user.click(dialog.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(push).toHaveBeenCalledWith("/calls"));
  expect(asked.map(({ method, url }) => [method, new URL(url).pathname])).toEqual([
    ["DELETE", `/api/v1/calls/${call.id}/`],
  ]);
  expect(queryClient.getQueryData(callQuery(call.id).queryKey)).toBeUndefined();
});

it("a call that is kept leaves the focus where it was", async () => {
  const user = show(<DeleteCall call={call} />);
  await askToDelete(user);
  await user.keyboard("{Escape}");
  await waitFor(() => expect(screen.getByRole("button", { name: "Delete call" })).toHaveFocus());
  expect(asked).toEqual([]);
});

it.each([
  [409, "call_is_live", "This call is still going on. End it first."],
  [500, "internal", "The call was not deleted. Try again."],
])("a refusal (%i) is told in the dialog, and it can be tried again", async (status, code, words) => {
  answer = () => Response.json({ code, detail: "This call is still going on. End it first." }, { status });
  const user = show(<DeleteCall call={call} />);
  const dialog = await askToDelete(user);
  await user.click(dialog.getByRole("button", { name: "Delete" }));
  expect(await dialog.findByRole("alert")).toHaveTextContent(words);
  expect(push).not.toHaveBeenCalled();
  expect(dialog.getByRole("button", { name: "Delete" })).not.toHaveAttribute("aria-disabled");
});

it("a call that is gone already counts as deleted", async () => {
  answer = () => Response.json({ code: "not_found", detail: "No." }, { status: 404 });
  const user = show(<DeleteCall call={call} />);
  const dialog = await askToDelete(user);
  await user.click(dialog.getByRole("button", { name: "Delete" }));
  await waitFor(() => expect(push).toHaveBeenCalledWith("/calls"));
});

it("a call that goes on has no button to delete it", () => {
  show(<DeleteCall call={{ ...call, status: "live" }} />);
  expect(screen.queryByRole("button", { name: "Delete call" })).toBeNull();
});

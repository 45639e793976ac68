/** What does the page know of the server, and under which key? One line a question. */

import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { api } from "./client";
import { unwrap } from "./errors";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type PersonaCard = Schemas["PersonaCard"];
export type CallSummary = Schemas["CallSummary"];
export type CallBody = Schemas["CallBody"];
export type BargeInBody = Schemas["BargeInBody"];
export type TurnBody = Schemas["TurnBody"];
export type TurnTimes = Schemas["TurnTimes"];
export type RoomBody = Schemas["RoomBody"];
export type InterviewSummary = Schemas["InterviewSummary"];
export type InterviewBody = Schemas["InterviewBody"];
export type QuestionBody = Schemas["QuestionBody"];
export type AttemptBody = Schemas["AttemptBody"];
export type PointBody = Schemas["PointBody"];
export type QuoteBody = Schemas["QuoteBody"];
export type PracticeBody = Schemas["PracticeBody"];
export type TrendBody = Schemas["TrendBody"];
export type Me = Schemas["Me"];
export type Preferences = Schemas["Preferences"];
export type PreferencesChange = Schemas["PreferencesChange"];

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => unwrap(api.GET("/api/v1/me/")),
});

export const personasQuery = queryOptions({
  queryKey: ["personas"],
  queryFn: () => unwrap(api.GET("/api/v1/personas/")),
});

const CALLS_A_PAGE = 50;

export const callsQuery = infiniteQueryOptions({
  queryKey: ["calls", "pages"],
  queryFn: ({ pageParam }) =>
    unwrap(api.GET("/api/v1/calls/", { params: { query: { limit: CALLS_A_PAGE, offset: pageParam } } })),
  initialPageParam: 0,
  getNextPageParam: (last, pages) => {
    const loaded = pages.reduce((sum, page) => sum + page.items.length, 0);
    return loaded < last.count ? loaded : undefined;
  },
});

export const recentCallsQuery = queryOptions({
  queryKey: ["calls", "recent"],
  queryFn: () => unwrap(api.GET("/api/v1/calls/", { params: { query: { limit: 4 } } })),
});

export const callQuery = (callId: string) =>
  queryOptions({
    queryKey: ["calls", "one", callId],
    queryFn: () => unwrap(api.GET("/api/v1/calls/{call_id}/", { params: { path: { call_id: callId } } })),
  });

export const roomQuery = (roomId: string) =>
  queryOptions({
    queryKey: ["rooms", roomId],
    queryFn: () => unwrap(api.GET("/api/v1/rooms/{room_id}/", { params: { path: { room_id: roomId } } })),
    staleTime: Infinity,
  });

const INTERVIEWS_A_PAGE = 50;

/** Those with one persona, by its slug, or all. */
export const interviewsQuery = (persona: string | null) =>
  infiniteQueryOptions({
    queryKey: ["interviews", "pages", persona],
    queryFn: ({ pageParam }) => {
      const query = { limit: INTERVIEWS_A_PAGE, offset: pageParam, ...(persona ? { persona } : {}) };
      return unwrap(api.GET("/api/v1/interviews/", { params: { query } }));
    },
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const loaded = pages.reduce((sum, page) => sum + page.items.length, 0);
      return loaded < last.count ? loaded : undefined;
    },
  });

export const openInterviewsQuery = queryOptions({
  queryKey: ["interviews", "open"],
  queryFn: () =>
    unwrap(api.GET("/api/v1/interviews/", { params: { query: { status: "open" as const, limit: 3 } } })),
});

export const interviewQuery = (interviewId: string) =>
  queryOptions({
    queryKey: ["interviews", "one", interviewId],
    queryFn: () =>
      unwrap(
        api.GET("/api/v1/interviews/{interview_id}/", { params: { path: { interview_id: interviewId } } }),
      ),
  });

/** What does the page know of the server, and under which key? One line a question. */

import { queryOptions } from "@tanstack/react-query";

import { api } from "./client";
import { unwrap } from "./errors";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type PersonaCard = Schemas["PersonaCard"];
export type CallSummary = Schemas["CallSummary"];
export type CallDetail = Schemas["CallDetail"];
export type CallTurn = Schemas["TurnOut"];
export type TurnLatencies = Schemas["TurnLatencies"];
export type Me = Schemas["Me"];
export type Preferences = Schemas["Preferences"];

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: () => unwrap(api.GET("/api/v1/me/")),
});

export const personasQuery = queryOptions({
  queryKey: ["personas"],
  queryFn: () => unwrap(api.GET("/api/v1/personas/")),
});

export const callsQuery = queryOptions({
  queryKey: ["calls"],
  queryFn: () => unwrap(api.GET("/api/v1/calls/")),
});

export const callQuery = (callId: string) =>
  queryOptions({
    queryKey: ["calls", callId],
    queryFn: () => unwrap(api.GET("/api/v1/calls/{call_id}/", { params: { path: { call_id: callId } } })),
  });

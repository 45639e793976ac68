/** Which stage may follow which? The machine's table, and what the stages have in common. */

import type { CallStage, CallState } from "./callState";

export type Move = "ask" | "dial" | "line_up" | "line_lost" | "ended" | "failed" | "left";

/** From stage, by move, to stage. No row: nothing moves. */
export const TRANSITIONS: { readonly [S in CallStage]: { readonly [M in Move]?: CallStage } } = {
  idle: { ask: "preflight", dial: "connecting" },
  preflight: { ask: "preflight", dial: "connecting", left: "idle" },
  connecting: { line_up: "live", ended: "ended", failed: "error", left: "idle" },
  live: { line_lost: "reconnecting", ended: "ended", failed: "error", left: "idle" },
  reconnecting: { line_up: "live", ended: "ended", failed: "error", left: "idle" },
  ended: { ask: "preflight", dial: "connecting", left: "idle" },
  error: { ask: "preflight", dial: "connecting", left: "idle" },
};

/** The state after `move`, or `null` where the table has no such row. */
export function moved(state: CallState, move: Move): CallState | null {
  const stage = TRANSITIONS[state.stage][move];
  return stage === undefined ? null : { ...state, stage };
}

/** From the first dial to the end. */
export const isRunning = (state: Pick<CallState, "stage">) => isOnLine(state) || state.stage === "connecting";
export const isOnLine = (state: Pick<CallState, "stage">) =>
  state.stage === "live" || state.stage === "reconnecting";
export const isDialling = (state: CallState) =>
  state.stage === "connecting" || state.stage === "reconnecting";

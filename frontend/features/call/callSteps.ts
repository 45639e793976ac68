/** A step of the machine: the next state, and what is asked for. */

import type { CallEffect, CallState, Step } from "./callState";

/** Nothing is asked for. */
export const still = (state: CallState): Step => ({ state, effects: [] });

export const send = (message: Extract<CallEffect, { type: "send" }>["message"]): CallEffect => ({
  type: "send",
  message,
});

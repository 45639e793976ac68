/**
 * Who wants the floor? A bid for it while the persona speaks, from the first sound to the decision. Pure.
 *
 * The server decides. Until its lowered voice has come through the browser's own buffer, the page lowers what it plays.
 */

import { INTERRUPTED_MS, type CallEffect, type CallState } from "./callState";
import type { BargeIn } from "./signaling";

/** How long the page says that something short was heard, and that the persona went on. */
export const CARRIED_ON_MS = 2_000;

/** Sound over the persona's voice that is not decided yet. */
export interface Bid {
  candidateId: string;
  /** Suspected: the persona speaks more quietly. Held: it has paused. */
  decision: "suspected" | "held";
  /** On the page's clock: when it came so far. */
  since: number;
}

/** What was said over a reply and took no floor: "mm-hm", too little, or not the words that this persona heeds. */
export type MurmurKind = "backchannel" | "short" | "unheeded";

export interface Murmur {
  candidateId: string;
  /** The reply over which it came. */
  turnId: string | null;
  kind: MurmurKind;
}

/** Reasons of a rejection that are talk. A click, a noise, an echo or somebody else leaves nothing behind. */
const KINDS: Readonly<Record<string, MurmurKind>> = {
  backchannel: "backchannel",
  few_words: "short",
  exclamation: "short",
  answer: "short",
  stop_words_only: "unheeded",
};

/** `null`: it was no talk of the user's. */
export function murmurKind(reason: string): MurmurKind | null {
  return Object.hasOwn(KINDS, reason) ? (KINDS[reason] ?? null) : null;
}

/** The reason of a bid that the reply outran: it was heard to its end, and what was said over it is the next turn. */
export const HEARD_OUT = "agent_finished";

export function onBargeIn(state: CallState, message: BargeIn): CallState {
  switch (message.decision) {
    case "suspected":
    case "held":
      return canBid(state) ? bidding(state, message.candidate_id, message.decision) : state;
    case "accepted":
      return message.reason === HEARD_OUT
        ? decided(state, message)
        : { ...decided(state, message), interruptedUntil: state.now + INTERRUPTED_MS };
    case "rejected":
      return carriedOn(decided(state, message), message);
  }
}

const canBid = ({ stage, phase }: CallState) => stage === "live" && phase === "AI_SPEAKING";

function bidding(before: CallState, candidateId: string, decision: Bid["decision"]): CallState {
  const state = before.bid?.candidateId === candidateId ? before : withoutBid(before);
  return { ...state, bid: { candidateId, decision, since: state.now }, carriedOn: null };
}

/** A decision about another candidate comes late: it ends no bid of now. */
function decided(state: CallState, { candidate_id }: BargeIn): CallState {
  return state.bid?.candidateId === candidate_id ? withoutBid(state) : state;
}

/** The persona goes on where it paused: what it says does not come sooner for it. */
export function withoutBid(state: CallState): CallState {
  if (!state.bid) return state;
  return { ...state, bid: null, phaseAt: state.phaseAt + heldMs(state) };
}

function heldMs({ bid, now }: CallState): number {
  return bid?.decision === "held" ? now - bid.since : 0;
}

/** How long the reply of now has been spoken; the clock stands while it is held. */
export function spokenMs(state: CallState): number {
  return state.now - state.phaseAt - heldMs(state);
}

function carriedOn(state: CallState, { candidate_id, reason, turn_id }: BargeIn): CallState {
  const kind = murmurKind(reason);
  const isKnown = state.murmurs.some(({ candidateId }) => candidateId === candidate_id);
  if (kind === null || isKnown) return state;
  const reply = state.lines.findLast(({ role }) => role === "assistant");
  const murmur = { candidateId: candidate_id, turnId: turn_id ?? reply?.turnId ?? null, kind };
  return {
    ...state,
    murmurs: [...state.murmurs, murmur],
    carriedOn: { until: state.now + CARRIED_ON_MS, kind },
  };
}

/** What the loudspeaker does about a bid that is new, or over however it ended. */
export function duckEffects(before: CallState, after: CallState): CallEffect[] {
  const [was, is] = [before.bid?.candidateId ?? null, after.bid?.candidateId ?? null];
  return was === is ? [] : [{ type: "duck", on: is !== null }];
}

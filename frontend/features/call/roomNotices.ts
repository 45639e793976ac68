/** What does the server say of the room and of the voice in it, in words for the page, and until when? Pure. */

import type { Banner } from "./callState";

/** Long enough to read it twice; the server says again what has not changed after two minutes. */
export const ROOM_NOTICE_MS = 12_000;

/** The trouble that was told last is over. */
export const ROOM_OK = "room_ok";

interface Words {
  title: string;
  detail: string;
}

const QUIETER_PLACE = "A quieter place or a headset helps.";
const COME_CLOSER = "Come closer to the microphone, or raise its level.";

/** They last: the voice is judged while the person speaks on. */
const ROOM_WORDS: Readonly<Record<string, Words>> = {
  loud_room: { title: "It is loud around you.", detail: QUIETER_PLACE },
  too_quiet: { title: "You are hard to hear.", detail: COME_CLOSER },
  clipping: {
    title: "You are too loud for the microphone.",
    detail: "Move back a little, or lower its level.",
  },
};

/** They go like any other: once the person speaks again. */
const UNCLEAR_WORDS: Readonly<Record<string, Words>> = {
  not_understood_loud_room: {
    title: "I could not make out any words.",
    detail: `It is loud around you. ${QUIETER_PLACE}`,
  },
  not_understood_too_quiet: {
    title: "I could not make out any words.",
    detail: `You are hard to hear. ${COME_CLOSER}`,
  },
};

/** `null`: this is about something else. */
export function roomBanner(code: string, now: number): Banner | null {
  const room = wordsOf(ROOM_WORDS, code);
  if (room) return { tone: "warn", code, ...room, until: now + ROOM_NOTICE_MS };
  const unclear = wordsOf(UNCLEAR_WORDS, code);
  return unclear && { tone: "warn", code, ...unclear };
}

export function isOfRoom(code: string): boolean {
  return wordsOf(ROOM_WORDS, code) !== null;
}

/** What stays when the turn goes on: a notice about the room has its own time. */
export function staying(banner: Banner | null): Banner | null {
  return banner && isOfRoom(banner.code) ? banner : null;
}

/** What stays when the room is well again, or the microphone is off. */
export function withoutRoom(banner: Banner | null): Banner | null {
  return banner && isOfRoom(banner.code) ? null : banner;
}

function wordsOf(table: Readonly<Record<string, Words>>, code: string): Words | null {
  return Object.hasOwn(table, code) ? (table[code] ?? null) : null;
}

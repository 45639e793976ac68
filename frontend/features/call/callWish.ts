/**
 * Did a click ask for this call? A wish is for one room, and for once: a page that is come back to with Back or Forward,
 * or loaded again, opens no microphone by itself.
 */

let wished: string | null = null;

export function wishForCall(roomId: string): void {
  wished = roomId;
}

export function isCallWished(roomId: string): boolean {
  return wished === roomId;
}

export function forgetCallWish(): void {
  wished = null;
}

/** Where do the wires end? In this browser's own socket, peer, microphone and clock. */

import { api } from "@/lib/api/client";
import { unwrap } from "@/lib/api/errors";

import type { CallPorts } from "./callClient";
import { needsTicket, signalingUrl } from "./signaling";

/** Where the browser finds the WebSocket. Empty: the page's own origin. */
const API_URL = process.env.NEXT_PUBLIC_API_URL ?? "http://localhost:8000";

export function browserPorts(roomId: string): CallPorts {
  return {
    openSocket: (url) => new WebSocket(url),
    address: () => addressOf(roomId),
    createPeer: (configuration) => new RTCPeerConnection(configuration),
    openMicrophone,
    createAudioContext: () => (typeof AudioContext === "undefined" ? null : new AudioContext()),
  };
}

async function addressOf(roomId: string): Promise<string> {
  const pageOrigin = window.location.origin;
  if (!needsTicket(API_URL, pageOrigin)) return signalingUrl(API_URL, roomId, pageOrigin);
  const { ticket } = await unwrap(
    api.POST("/api/v1/rooms/{room_id}/ticket/", { params: { path: { room_id: roomId } } }),
  );
  return signalingUrl(API_URL, roomId, pageOrigin, ticket);
}

/** On plain http a browser shows no `mediaDevices` at all. */
async function openMicrophone(constraints: MediaStreamConstraints): Promise<MediaStream> {
  if (!window.isSecureContext) throw new DOMException("not a secure address", "SecurityError");
  return navigator.mediaDevices.getUserMedia(constraints);
}

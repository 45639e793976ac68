"use client";

import { useCallback, useEffect, useMemo, useState, useSyncExternalStore, type RefCallback } from "react";

import { browserPorts } from "@/features/call/browserPorts";
import { CallClient, type CallPorts } from "@/features/call/callClient";
import type { CallState } from "@/features/call/callState";
import type { Levels } from "@/features/call/levels";
import type { PersonaCard } from "@/features/call/signaling";

interface CallOptions {
  roomId: string;
  persona: PersonaCard | null;
  /** Begin as soon as the page is there: the click that led here was the wish to call. */
  autostart: { speaking: boolean; deviceId: string | null } | null;
  /** The microphone is open only while the person holds something. */
  isPushToTalk?: boolean;
  /** Other wires, for tests. */
  ports?: CallPorts;
}

export interface CallActions {
  start: (speaking: boolean, deviceId: string | null) => void;
  mute: () => void;
  /** Push-to-talk: something is held, or let go. */
  hold: (isHeld: boolean) => void;
  done: () => void;
  think: () => void;
  stop: () => void;
  sendText: (text: string) => void;
  end: () => void;
  tryNow: () => void;
  turnSoundOn: () => void;
  chooseMicrophone: (deviceId: string | null) => void;
  chooseVolume: (volume: number) => void;
  closeBanner: () => void;
}

export interface Call {
  state: CallState;
  actions: CallActions;
  levels: Levels;
  /** For the `<audio>` element that plays the persona. */
  audioRef: RefCallback<HTMLAudioElement>;
}

/**
 * One call of one room: binds the pure machine and its wires to a component.
 *
 * Nothing is opened before `start` (or `autostart`), and everything is closed when the component goes.
 */
export function useWebRTC({ roomId, persona, autostart, isPushToTalk = false, ports }: CallOptions): Call {
  const [client] = useState(() => new CallClient(ports ?? browserPorts(roomId), persona));
  const readState = useCallback(() => client.state, [client]);
  const state = useSyncExternalStore(client.subscribe, readState, readState);
  const actions = useMemo(() => actionsOf(client), [client]);

  // Before the call may begin: a microphone that opens is closed at once.
  useEffect(() => client.tell({ type: "push_to_talk_chosen", on: isPushToTalk }), [client, isPushToTalk]);
  const isAuto = autostart !== null;
  const speaking = autostart?.speaking ?? false;
  const deviceId = autostart?.deviceId ?? null;
  useEffect(() => {
    if (isAuto) client.tell({ type: "start_pressed", speaking, deviceId });
    return () => client.tell({ type: "left" });
  }, [client, isAuto, speaking, deviceId]);

  const audioRef = useCallback<RefCallback<HTMLAudioElement>>(
    (audio) => client.media.attachAudio(audio),
    [client],
  );
  return { state, actions, levels: client.media.levels, audioRef };
}

function actionsOf({ tell, media }: CallClient): CallActions {
  return {
    start: (speaking, deviceId) => tell({ type: "start_pressed", speaking, deviceId }),
    mute: () => tell({ type: "mute_pressed" }),
    hold: (isHeld) => tell({ type: isHeld ? "talk_pressed" : "talk_released" }),
    done: () => tell({ type: "done_pressed" }),
    think: () => tell({ type: "think_pressed" }),
    stop: () => tell({ type: "stop_pressed" }),
    sendText: (text) => tell({ type: "text_sent", text }),
    end: () => tell({ type: "end_pressed" }),
    tryNow: () => tell({ type: "try_now_pressed" }),
    turnSoundOn: () => tell({ type: "sound_pressed" }),
    chooseMicrophone: (deviceId) => tell({ type: "microphone_chosen", deviceId }),
    chooseVolume: media.volume.choose,
    closeBanner: () => tell({ type: "banner_closed" }),
  };
}

"""What does the browser want of a running call? Each of its messages as a fact, or as something for the line."""

from __future__ import annotations

from collections.abc import Callable

from ai_agent import log_markers, signaling
from ai_agent.call_log import CallLog
from ai_agent.call_media import CallMedia


class CallWishes:
    """The browser's side of one call. Every method returns at once."""

    def __init__(
        self,
        media: CallMedia,
        log: CallLog,
        *,
        tell: Callable[..., None],
        samples_sent: Callable[[], int],
        is_agent_speaking: Callable[[], bool],
    ) -> None:
        """`tell(fact, **arguments)` gives one fact to the engine; `samples_sent` is the playhead of its reply."""
        self._media = media
        self._log = log
        self._tell = tell
        self._samples_sent = samples_sent
        self._is_agent_speaking = is_agent_speaking

    def take(self, message: signaling.ClientMessage) -> None:
        """Do what one message asks for; the door's own kinds have been seen to."""
        match message:
            case signaling.Offer():
                self._media.take_offer(message.sdp)
            case signaling.IceCandidate():
                self._media.add_candidate(message)
            case signaling.CancelTts():
                self._cancel_speech()
            case signaling.EndTurn():
                self._tell("end_turn")
            case signaling.Thinking():
                self._tell("on_thinking", seconds=message.seconds)
            case signaling.UserText():
                self._take_text(message.text)
            case signaling.Playback():
                self._take_playback(message)
            case signaling.MediaSettings():
                self._take_media_settings(message)
            case signaling.EndCallRequest():
                self._tell("end_call", reason="user_ended")

    def _cancel_speech(self) -> None:
        self._tell("cancel_tts", samples_sent=self._samples_sent())

    def _take_text(self, text: str) -> None:
        if self._is_agent_speaking():
            self._cancel_speech()
        self._tell("on_user_text", transcript=text)

    def _take_media_settings(self, media: signaling.MediaSettings) -> None:
        self._tell(
            "on_media_settings",
            muted=media.muted,
            noise_suppression=media.noise_suppression,
            auto_gain_control=media.auto_gain_control,
            push_to_talk=media.push_to_talk,
        )

    def _take_playback(self, playback: signaling.Playback) -> None:
        if playback.playout_delay_ms is not None:
            self._tell("on_playout_delay", delay_ms=playback.playout_delay_ms)
        if playback.state == "blocked":
            self._log.write(log_markers.FAILURE, "the browser blocks its sound")

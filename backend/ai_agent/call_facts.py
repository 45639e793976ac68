"""What can happen in a call? The names of all facts that its engine is told."""

from __future__ import annotations

from typing import Final

FACTS: Final = frozenset(
    {
        "on_media_connected",
        "on_audio_frame",
        "on_probe_transcribed",
        "on_probe_failed",
        "process_user_utterance",
        "on_transcription_failed",
        "on_answer_evaluated",
        "on_evaluation_failed",
        "on_first_token",
        "on_sentence_started",
        "on_sound_queued",
        "on_sentence_queued",
        "on_reply_started",
        "on_reply_complete",
        "on_reply_failed",
        "on_playback_finished",
        "cancel_tts",
        "end_turn",
        "on_thinking",
        "on_end_of_turn_predicted",
        "on_user_text",
        "on_playout_delay",
        "on_media_settings",
        "end_call",
        "handle_timer",
    }
)
"""A journal records them, and a replay calls them by name."""

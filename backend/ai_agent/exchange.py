"""What belongs to one turn? The utterance with its ids and times, and the reply with its sound and its times."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Final

from ai_agent.audio_format import SAMPLE_RATE_HZ
from ai_agent.commands import CloseReply, LineName, ReportTurn, SupersedeUtterance, TurnSound
from ai_agent.heard_cursor import HeardCursor
from ai_agent.spoken_pauses import Pause

INITIAL_PLAYOUT_DELAY_MS: Final = 120.0
"""Between a sent sample and the listener's ear, until the browser reports it."""


QUESTION_END: Final = re.compile(r"[?？][!?…]*[\"'”’»)\s]*$")
QUESTION_END_MS: Final = 1_000
"""Who speaks in so much of the end of a question may be answering it."""
SAMPLES_PER_MS: Final = SAMPLE_RATE_HZ // 1000


@dataclass(slots=True)
class Utterance:
    """What the user says in one turn. Times are seconds of the call."""

    utterance_id: str
    turn_id: str
    replaces: Utterance | None = None
    """The utterance that this one goes on from, and holds."""
    follows: Utterance | None = None
    """The one before, which was too long to be joined: its words stand by themselves."""
    is_typed: bool = False
    started_at: float = 0.0
    certain_at: float = 0.0
    """From here on it is certain to be speech; a doubted word may come before."""
    speech_ended_at: float = 0.0
    ended_at: float = 0.0
    transcribed_at: float | None = None
    transcript: str = ""
    is_doubtful: bool = False
    """The recogniser does not believe its own words."""
    sound: TurnSound | None = None
    """What was measured of it; None for what was typed, or was heard before a resume."""

    def supersede(self) -> list[SupersedeUtterance]:
        """The row of the utterance before, where there was one, now points here."""
        before = self.replaces
        if before is None:
            return []
        return [SupersedeUtterance(before.utterance_id, superseded_by=self.utterance_id, turn_id=before.turn_id)]

    def report(self, **reply_times_ms: float | None) -> ReportTurn:
        """The turn's times and sound, with the times of its reply where it had one."""
        spoke = not self.is_typed
        sound = asdict(self.sound) if self.sound else {}
        return ReportTurn(
            turn_id=self.turn_id,
            end_of_turn_ms=_ms(self.speech_ended_at, self.ended_at) if spoke else None,
            stt_ms=_ms(self.ended_at, self.transcribed_at) if spoke else None,
            **reply_times_ms,
            **sound,
        )


@dataclass(slots=True)
class Reply:
    """What the agent says in one turn: an answer, or one of the persona's lines."""

    turn_id: str
    requested_at: float
    utterance: Utterance | None = None
    """What it answers; None for a line."""
    line: LineName | None = None
    first_token_at: float | None = None
    first_audio_at: float | None = None
    started_at: float | None = None
    has_failed: bool = False
    cursor: HeardCursor = field(default_factory=HeardCursor)
    _sound_ends_at: float = 0.0
    _last_progress_at: float = 0.0
    _held_at: float | None = None

    def note_first_token(self, *, now: float) -> None:
        self.first_token_at = now if self.first_token_at is None else self.first_token_at

    def note_first_audio(self, *, now: float) -> None:
        self.first_audio_at = now if self.first_audio_at is None else self.first_audio_at

    def begin_sentence(self, sentence: str, *, now: float) -> None:
        """A sentence's sound begins to come."""
        self.cursor.begin_sentence(sentence)
        self._last_progress_at = now

    def add_sound(self, *, samples: int, now: float) -> None:
        """A piece of the sentence's sound was queued; it is played after what is queued already."""
        self.note_first_audio(now=now)
        self.cursor.add_sound(samples)
        self._lengthen(samples, now=now)

    def add_sentence(self, sentence: str, *, samples: int, pauses: Iterable[Pause] = (), now: float) -> None:
        """All of a sentence's sound was queued; `samples` is how much it is in all, `pauses` where it is silent."""
        queued = self.cursor.planned_samples
        self.cursor.add_sentence(sentence, samples, pauses)
        self._lengthen(self.cursor.planned_samples - queued, now=now)

    def _lengthen(self, samples: int, *, now: float) -> None:
        if samples:
            self._sound_ends_at = max(self._sound_ends_at, now) + samples / SAMPLE_RATE_HZ
        self._last_progress_at = now

    def start(self, *, now: float) -> None:
        """The first frame left."""
        self.started_at = now
        self._sound_ends_at = max(self._sound_ends_at, now)
        self._last_progress_at = now

    def hold(self, *, now: float) -> None:
        """Its playhead stands still."""
        self._held_at = now

    def go_on(self, *, rewind_ms: int, now: float) -> None:
        """Its playhead moves again, from at most so far back."""
        if self._held_at is not None:
            self._sound_ends_at += now - self._held_at + rewind_ms / 1000
            self._held_at = None

    # ── what the barge-in machine asks of it ──────────────────────────────────────────────────────

    def words_around(self, samples_sent: int, *, before: int, after: int) -> tuple[str, ...]:
        return self.cursor.words_around(samples_sent, before=before, after=after)

    def words_between(self, start: int, end: int) -> tuple[str, ...]:
        return self.cursor.words_between(start, end)

    def sentence_at(self, samples_sent: int) -> str:
        sentence, _ = self.cursor.sentence_at(samples_sent)
        return sentence

    def closes_question(self, samples_sent: int) -> bool:
        sentence, samples_left = self.cursor.sentence_at(samples_sent)
        return QUESTION_END.search(sentence) is not None and samples_left <= QUESTION_END_MS * SAMPLES_PER_MS

    def stalls_at(self, patience_seconds: float) -> float:
        """When nothing will have come for `patience_seconds` after all that was queued has been played."""
        return max(self._sound_ends_at, self._last_progress_at) + patience_seconds

    def samples_played(self, *, now: float) -> int:
        """An estimate for when nobody asked the playhead: the time since the first frame, and never more than all."""
        if self.started_at is None:
            return 0
        return min(self.cursor.planned_samples, round((now - self.started_at) * SAMPLE_RATE_HZ))

    def close(self, *, samples_heard: int | None, now: float) -> CloseReply:
        """The reply is over; None: nobody came in, and all that was queued was heard."""
        cursor, planned = self.cursor, self.cursor.planned_text
        if samples_heard is not None:
            return CloseReply(self.turn_id, planned, cursor.heard_text(samples_heard), interrupted=True, at=now)
        heard = cursor.heard_text(cursor.planned_samples)
        return CloseReply(self.turn_id, heard or planned, heard, interrupted=False, at=now)

    def report(self) -> list[ReportTurn]:
        """The turn's times, where the reply answered the user and was heard at all."""
        utterance = self.utterance
        if utterance is None or self.started_at is None:
            return []
        return [
            utterance.report(
                llm_first_token_ms=_ms(self.requested_at, self.first_token_at),
                tts_first_audio_ms=_ms(self.first_token_at, self.first_audio_at),
                first_sound_ms=_ms(utterance.ended_at, self.started_at),
                reply_latency_ms=_ms(utterance.ended_at, self.started_at),
                voice_to_voice_ms=None if utterance.is_typed else _ms(utterance.speech_ended_at, self.started_at),
            )
        ]


def _ms(since: float | None, until: float | None) -> float | None:
    if since is None or until is None:
        return None
    return round((until - since) * 1000, 1)

"""Has the user begun, paused, gone on, finished? Nothing about what was said, nothing about whose move it is.

    user      . . s s s s s s . . . . . . . k . . . . . . . . .
    events    opened ┘ └ started  └ silence began      ended ┘      (k: a key, too short to be speech)

`process` is for the user's move, `watch` for the time in which the turn's work is pending and speech that goes on
reopens it. A turn that was as long as a turn may be is not reopened: what goes on is an utterance of its own.

Who thinks is not silent: while that lasts, the count stands still, and what only is silence is not kept. A turn that
may be over early is one that sounded finished to somebody who was asked; see `early_ending`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from ai_agent.audio_format import FRAME_MS, frames_in
from ai_agent.capture import PRE_ROLL_MS, STOP_MS, Belief, Capture, MicrophoneRing
from ai_agent.earlier_word import EarlierWord
from ai_agent.early_ending import PREDICTED_SOUND_MS, EarlyEnding
from ai_agent.persona_behaviors import TurnPolicy
from ai_agent.voice_activity import CallerLevel, VoiceFrame

OPENS: Final = Belief(sure_ms=160, unsure_ms=240)
"""What it takes to begin a turn."""

RESUMES: Final = Belief(sure_ms=120, unsure_ms=200)
"""What it takes to start the silence count again: a burst under 120 ms resets nothing."""

REOPENS: Final = Belief(sure_ms=240, unsure_ms=240)
"""What it takes to reopen a turn that was over."""

USUAL_CREST_DB: Final = 3.0
"""The mean power of speech lies so far over the median of its frames, as long as the caller's own is not known."""

UNJUDGED_MS: Final = 80
"""The VAD is so late: a sound that has just begun to stand out may still become a word, and ends no turn."""


SILENCE_SHOWN_MS: Final = 240
"""A gap this long is silence that the page may draw."""

EndReason = Literal["silence", "predicted", "end_turn", "max_turn"]


@dataclass(frozen=True, slots=True)
class UtteranceOpened:
    """Somebody may have begun to speak: from here on sound is kept."""


@dataclass(frozen=True, slots=True)
class UtteranceStarted:
    """It is speech. `at` is when it began."""

    at: float


@dataclass(frozen=True, slots=True)
class UtteranceDropped:
    """It was a click, a key, a cough: nothing is kept."""


@dataclass(frozen=True, slots=True)
class SilenceBegan:
    at: float


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    at: float


@dataclass(frozen=True, slots=True)
class EndWanted:
    """Somebody should say whether this sounds finished."""

    audio: bytes
    """The last seconds of the utterance, the silence included."""


@dataclass(frozen=True, slots=True)
class UtteranceEnded:
    reason: EndReason


@dataclass(frozen=True, slots=True)
class SpeechContinued:
    """The user went on after the turn was over."""

    at: float
    joins: bool
    """Whether there is a closed utterance that it goes on from."""


EndpointEvent = (
    UtteranceOpened | UtteranceStarted | UtteranceDropped | SilenceBegan | SpeechResumed | EndWanted | UtteranceEnded
)


class Endpointer:
    """Frames and what the VAD says of them → the beginning and the end of utterances."""

    def __init__(self, policy: TurnPolicy, *, ring: MicrophoneRing, caller: CallerLevel) -> None:
        self._silence_frames = frames_in(policy.silence_duration_ms)
        self._max_turn_frames = frames_in(policy.max_turn_seconds * 1000)
        self._snr_db = policy.snr_db
        self._ring = ring
        self._caller = caller
        self._early = EarlyEnding(policy)
        self._earlier = EarlierWord()
        self._followed = 0
        """The ring's count at the last frame before a turn: the one before the next, or it is another turn's."""
        self._is_own = True
        """Whether the capture was begun here: another listener's has its own beginning."""
        self._unjudged_frames = 0
        """So many frames in a row stand out of the room, and nobody says yet what they are."""
        self.pauses = self._early.pauses
        self.capture: Capture | None = None
        self.is_speech = False
        """Whether the capture is an utterance that goes on."""
        self.is_silent = True
        """Whether the user is silent, as far as the page should show it."""
        self._is_closed = False
        self._is_full = False
        """Whether it was closed because it was as long as a turn may be."""
        self._closed_dbfs: float | None = None
        self._closed_crest_db = self._crest_db = USUAL_CREST_DB
        """The caller's level is a median, a burst's is not: so far the caller's speech has one over the other."""
        self._uncounted_frames = 0
        """Of the present silence: those in which the user was thinking."""

    def process(
        self, frame: bytes, voice: VoiceFrame, *, is_thinking: bool = False, now: float
    ) -> EndpointEvent | None:
        """One frame of the user's move. The frame is already in the ring. `is_thinking`: silence does not count."""
        self._follow(voice, now=now)
        if self.capture is None:
            return self._process_quiet(frame, voice, now=now)
        self.capture.add(frame, voice, now=now)
        if self.is_speech:
            return self._process_utterance(self.capture, is_thinking=is_thinking, now=now)
        return self._process_candidate(self.capture, now=now)

    def watch(self, frame: bytes, voice: VoiceFrame, *, now: float) -> SpeechContinued | None:
        """One frame while the work on the turn is pending."""
        if self.capture is None:
            self._process_quiet(frame, voice, now=now)
            return None
        self.capture.add(frame, voice, now=now)
        if self.is_speech:
            self._believe_burst(self.capture)
            return None
        if self._is_callers_speech(self.capture, REOPENS):
            return self._reopen(self.capture, now=now)
        if self._is_closed:
            self.capture.wait_for_more()
        elif self.capture.burst is None:
            self.drop()
        return None

    def end_now(self) -> UtteranceEnded | None:
        """The user says "I'm done"; None where nothing was said that could be over."""
        if self.is_speech:
            return UtteranceEnded("end_turn")
        if self.capture and self.capture.burst and self.capture.burst.voiced_ms >= RESUMES.sure_ms:
            self._add_earlier_word(self.capture)
            self.capture.believe()
            return UtteranceEnded("end_turn")
        return None

    def take_prediction(self, probability: float) -> bool:
        """How likely the utterance sounded finished; False where nobody waits for that any more."""
        return self.is_speech and self.capture is not None and self._early.take(probability, since=self._since)

    def end_early(self) -> UtteranceEnded | None:
        """The utterance is over before the whole silence has passed, where everything speaks for it."""
        capture = self.capture
        if capture is None or not self.is_speech or self._may_go_on(capture):
            return None
        return UtteranceEnded("predicted") if self._early.is_over(self._silence_ms, since=self._since) else None

    def close(self, *, in_gap: bool = False) -> bytes:
        """The utterance is over: its sound. It stays at hand, should the user go on.

        `in_gap`: it is over because it is too long, and ends in its last gap between two words.
        """
        if self.capture is None:
            raise ValueError("there is no utterance to close")
        self.is_speech, self.is_silent, self._is_closed, self._is_full = False, True, True, in_gap
        self._uncounted_frames = 0
        sound, self._closed_crest_db = self.capture.measured.sound, self.capture.measured.crest_db
        self._closed_dbfs = sound.energy_dbfs if sound else None
        return self.capture.close(in_gap=in_gap)

    def learn_caller(self) -> None:
        """There were words in the utterance that was closed: so loud is this caller."""
        if self._closed_dbfs is not None:
            self._caller.add_turn(self._closed_dbfs)
            self._closed_dbfs, self._crest_db = None, self._closed_crest_db

    def hand_over(self) -> Capture | None:
        """Let go of everything; what is sounding just now, and was not transcribed, goes to the next listener."""
        sounding = self.capture.split_burst() if self.capture else None
        self.drop()
        return sounding

    def forget_closed(self) -> None:
        """Speech that goes on will join nothing; what is sounding just now stays at hand."""
        self.capture = self.hand_over()

    def adopt(self, capture: Capture, *, is_speech: bool = False, now: float) -> UtteranceStarted | None:
        """Go on with what another listener has begun to hear; `is_speech`: it has been believed already."""
        self.drop()
        self.capture, self._is_own = capture, False
        if is_speech:
            return self._begin(capture)
        event = self._process_candidate(capture, now=now)
        return event if isinstance(event, UtteranceStarted) else None

    def drop(self) -> None:
        """Keep nothing."""
        self.capture, self._unjudged_frames = None, 0
        self.is_speech, self.is_silent, self._is_closed, self._is_full = False, True, False, False
        self._uncounted_frames = 0

    def _follow(self, voice: VoiceFrame, *, now: float) -> None:
        """What is not speech yet, and may turn out to be."""
        stands_out = voice.stands_out(self._snr_db)
        is_unjudged = stands_out and not (voice.is_near_end or voice.is_tail)
        self._unjudged_frames = self._unjudged_frames + 1 if is_unjudged else 0
        if self.is_speech:
            return
        if self._ring.count != self._followed + 1:
            self._earlier.reset()
        self._followed = self._ring.count
        may_be_word = stands_out and not self._caller.is_somebody_else(voice.level_dbfs)
        self._earlier.follow(probability=voice.probability, may_be_word=may_be_word, now=now)

    def _process_quiet(self, frame: bytes, voice: VoiceFrame, *, now: float) -> UtteranceOpened | None:
        if not voice.is_near_end:
            return None
        self._is_own = True
        self.capture = Capture(self._ring.last(frames_in(PRE_ROLL_MS) + 1)[:-1], now=now)
        self.capture.add(frame, voice, now=now)
        return UtteranceOpened()

    def _process_candidate(self, capture: Capture, *, now: float) -> UtteranceStarted | UtteranceDropped | None:
        if capture.burst is None:
            self.drop()
            return UtteranceDropped()
        return self._begin(capture) if capture.burst.is_speech(OPENS) else None

    def _begin(self, capture: Capture) -> UtteranceStarted:
        self._add_earlier_word(capture)
        capture.believe()
        self.is_speech, self.is_silent = True, False
        return UtteranceStarted(at=capture.started_at)

    def _add_earlier_word(self, capture: Capture) -> None:
        """What sounded like a word before this one is a part of the turn, with its own pre-roll."""
        back = self._earlier.frames_back
        if back and self._is_own:
            wanted = self._ring.last(back + frames_in(PRE_ROLL_MS))
            if before := wanted[: max(0, len(wanted) - len(capture.frames))]:
                capture.begin_earlier(before, started_at=self._earlier.began_at)

    def _process_utterance(self, capture: Capture, *, is_thinking: bool, now: float) -> EndpointEvent | None:
        self._believe_burst(capture)
        if capture.duration_frames >= self._max_turn_frames:
            return UtteranceEnded("max_turn")
        if is_thinking:
            self._stand_still(capture)
        elif ended := self._find_end(capture):
            return ended
        return self._show_silence(capture, now=now)

    def _find_end(self, capture: Capture) -> UtteranceEnded | EndWanted | None:
        if self._may_go_on(capture):
            return None
        if self._silence_ms >= self._silence_frames * FRAME_MS:
            return UtteranceEnded("silence")
        if self._early.is_due(self._silence_ms, since=self._since):
            self._early.ask(since=self._since)
            return EndWanted(b"".join(capture.frames[-frames_in(PREDICTED_SOUND_MS) :]))
        return self.end_early()

    def _may_go_on(self, capture: Capture) -> bool:
        """Whether the user may have begun to speak again, and nobody can tell yet."""
        return _may_become_speech(capture) or 0 < self._unjudged_frames <= frames_in(UNJUDGED_MS)

    def _stand_still(self, capture: Capture) -> None:
        """One more frame in which the silence does not count, and is not kept."""
        if capture.silence_frames > 0:
            self._uncounted_frames += 1 - capture.forget_silence()
            self._early.rule_out(since=self._since)

    @property
    def _silence_ms(self) -> int:
        """How long the user has been silent, as far as it counts."""
        frames = self.capture.silence_frames - self._uncounted_frames if self.capture else 0
        return frames * FRAME_MS

    @property
    def _since(self) -> float:
        return self.capture.speech_ended_at if self.capture else 0.0

    def _believe_burst(self, capture: Capture) -> None:
        if not self._is_callers_speech(capture, RESUMES):
            return
        since = capture.speech_ended_at
        self._note_pause(capture)
        capture.believe()
        if capture.speech_ended_at != since:
            self._uncounted_frames = 0

    def _note_pause(self, capture: Capture) -> None:
        """The present burst is the user's again, after some silence."""
        if capture.burst:
            self._early.go_on(capture.burst.began_at, since=capture.speech_ended_at)

    def _show_silence(self, capture: Capture, *, now: float) -> SilenceBegan | SpeechResumed | None:
        was_silent = self.is_silent
        self.is_silent = capture.silence_frames >= frames_in(SILENCE_SHOWN_MS)
        if self.is_silent and not was_silent:
            return SilenceBegan(at=capture.speech_ended_at)
        if was_silent and not self.is_silent:
            return SpeechResumed(at=now)
        return None

    def _reopen(self, capture: Capture, *, now: float) -> SpeechContinued:
        joins = self._is_closed and not self._is_full and capture.duration_frames < self._max_turn_frames
        if self._is_closed and not joins and (rest := capture.split_burst()):
            rest.opening = capture.opening
            capture = rest
        if joins:
            self._note_pause(capture)
        capture.believe()
        self.drop()
        self.capture, self.is_speech, self.is_silent = capture, True, False
        return SpeechContinued(at=now, joins=joins)

    def _is_callers_speech(self, capture: Capture, belief: Belief) -> bool:
        burst = capture.burst
        if burst is None or not burst.is_speech(belief) or self._is_somebody_else(burst.level_dbfs, capture):
            return False
        if self._is_somebody_else(burst.present_dbfs, capture):  # who goes on without a gap where the caller ended
            capture.burst = burst.rest()
            return False
        return True

    def _is_somebody_else(self, level_dbfs: float, capture: Capture) -> bool:
        opening = capture.opening
        began_dbfs = opening.began_dbfs - self._crest_db if opening else None
        return self._caller.is_somebody_else(level_dbfs - self._crest_db, began_dbfs=began_dbfs)


def _may_become_speech(capture: Capture) -> bool:
    """Whether a burst that goes on, but for the stop in a word, is still too short to be told from a click."""
    burst = capture.burst
    goes_on = capture.gap_frames <= frames_in(STOP_MS)
    return burst is not None and goes_on and burst.voiced_ms < RESUMES.unsure_ms

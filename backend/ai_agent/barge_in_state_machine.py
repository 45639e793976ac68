"""Does the user want the floor while the agent speaks? React reversibly and at once, commit late and surely.

    ARMED ──voiced 60 ms──▶ SUSPECTED ──voiced hold──▶ HOLDING        the agent: 12 dB down, then silent at sample P
      ▲  └─ a click: as if nothing had been ─┘   │         │
      │                                     words, or time without them
      │                                          ├─────────┤
      └──300 ms── REJECTED ◀── carry on ─────────┴─────────┴──── stop ──▶ ACCEPTED: the sound becomes the user's turn

Armed exactly while the agent speaks (DISARMED otherwise). Every candidate that was suspected ends in ACCEPTED or
REJECTED; a held agent is silent for at most `decide_by_ms` after the onset, whatever the recogniser does.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import count, pairwise
from typing import Final

from ai_agent.audio_conditioning import AudioConditioner, ConditionedFrame
from ai_agent.audio_format import FRAME_MS, frames_in, require_frame
from ai_agent.barge_in_candidate import WORDS_AFTER, WORDS_BEFORE, AgentSpeech, Candidate
from ai_agent.capture import Capture, MicrophoneRing
from ai_agent.commands import (
    BargeInDecision,
    CancelPlayback,
    CancelProbe,
    Command,
    DuckPlayback,
    HoldPlayback,
    ReportBargeIn,
    ReportStaleResult,
    RestorePlayback,
)
from ai_agent.persona_behaviors import BargeInPolicy
from ai_agent.stop_word_interruption import NOT_THE_CALLERS, Overlap, ProbeWords, judge, likeliest, vocabulary_of
from ai_agent.voice_activity import (
    SOMEBODY_ELSE_DB,
    SPEECH_PROBABILITY,
    CallerLevel,
    EchoCoupling,
    NearEnd,
    VoiceFrame,
)
from ai_agent.written_words import Phrases, Words, normalise

PIECE_WORDS: Final = 3
"""A clause that is spoken by itself: fewer words may stand in any sentence."""
SENTENCE_END: Final = re.compile(r"(?<=[.!?…।])\s+")
INSISTING: Final = frozenset({"few_words", "exclamation", "backchannel", "answer", "doubtful", "too_short"})
"""Why a candidate was rejected whose caller may want the floor all the same, unless it was no talk at all."""

VOUCHED_FRAMES: Final = 2
"""The neural VAD has to have said so in so many of them: one chunk of its is not enough."""

LED_IN_MS: Final = 200
"""The neural VAD vouches for a voice a little after it began: as loud sound just before belongs to it."""

GOES_ON_PROBABILITY: Final = 0.35
"""Who is suspected to speak is believed to go on at less."""

CLEAR_PROBABILITY: Final = 0.35
"""Who is clear is believed sooner: "Stop." may be over before the VAD is sure of it. So is a cough, and is undone; a
turn, which nothing undoes, is not opened by so little."""
CLEAR_GOES_ON_PROBABILITY: Final = 0.2
"""And once believed, for longer: of a long vowel the VAD is never sure."""
CLEAR_GAP_MS: Final = 100
"""So long after the last frame that was believed."""
CLEAR_CALLER_DB: Final = 8.0
"""A clear voice is no further under the caller's usual level."""

SUSPECT_GAP_MS: Final = 120
"""Near-end frames further apart are no voice that begins."""

OVERLAP_KEPT_MS: Final = 1_500
"""Softer sound that has gone on for longer, its pre-roll included, is no beginning of what the user says now."""


class BargeinState(StrEnum):
    """How far a bid for the floor has come."""

    DISARMED = "disarmed"
    """The agent does not speak: there is no floor to take."""
    ARMED = "armed"
    """The agent speaks; near-end speech is listened for."""
    SUSPECTED = "suspected"
    """Somebody may be speaking: the agent is lowered."""
    HOLDING = "holding"
    """Somebody goes on speaking: the agent is silent, and nothing of it is lost."""
    ACCEPTED = "accepted"
    """The user has the floor."""
    REJECTED = "rejected"
    """It was nothing; for a moment the gate is higher."""


DECIDED: Final[frozenset[BargeInDecision]] = frozenset({"accepted", "rejected"})

WEIGHING: Final = frozenset({BargeinState.SUSPECTED, BargeinState.HOLDING})
"""States in which a candidate is open."""


def is_of_passage(sentence: Words, passage: str) -> bool:
    """Whether what the agent says is one of a passage's sentences, a longer piece of one, or holds all of it.

    >>> rule = "Is that okay? It cannot be undone."
    >>> [is_of_passage(normalise(said), rule) for said in ("Is that okay?", "Okay.", "it cannot be", "It can.")]
    [True, False, True, False]
    """
    whole = normalise(passage)
    is_piece = len(sentence) >= PIECE_WORDS and Phrases.just(sentence).within(whole)
    is_sentence = sentence in map(normalise, SENTENCE_END.split(passage))
    return bool(sentence) and (is_piece or is_sentence or Phrases.just(whole).within(sentence))


@dataclass(frozen=True, slots=True)
class Overlapping:
    """What the user was saying when the agent's speech was over."""

    commands: tuple[Command, ...] = ()
    capture: Capture | None = None
    utterance_id: str | None = None
    """Bound already, where it is certain that it is the user's turn."""


class BargeinStateMachine:
    """One call's. It hears every frame while the agent speaks, and nothing else."""

    def __init__(
        self,
        policy: BargeInPolicy,
        *,
        ring: MicrophoneRing | None = None,
        caller: CallerLevel | None = None,
        echo: EchoCoupling | None = None,
        new_id: Callable[[], str] | None = None,
    ) -> None:
        """What is not given is the machine's own: the last seconds of sound, the caller's level, the echo, the ids."""
        self.policy = policy
        self.state = BargeinState.DISARMED
        self._ring = ring or MicrophoneRing()
        self._caller = caller or CallerLevel()
        self._near_end = NearEnd(snr_db=policy.snr_db)
        self._echo = echo or self._near_end.echo
        self._new_id = new_id or (f"candidate-{number}" for number in count(1)).__next__
        self._conditioner: AudioConditioner | None = None
        """For frames that nobody has conditioned."""
        self._vocabulary = vocabulary_of(policy)
        self._speech: AgentSpeech | None = None
        self.samples_sent = 0
        """The playhead of the agent's speech at the last frame."""
        self._candidate: Candidate | None = None
        self._overlap: Capture | None = None
        """What sounds just now at the level at which a turn begins: softer than a candidate."""
        self._loud_frames = 0
        """So many frames in a row were loud enough for a candidate, and nobody vouched for them yet."""
        self._cool_down_frames = 0
        self._agent_frames = 0
        """So long the agent was audible in the whole call."""
        self._insisted: deque[tuple[float, int]] = deque(maxlen=policy.insistence_count - 1)
        """When the last rejected candidates of the caller's were decided, and how long they were."""
        self._frame_count = 0
        """Of a machine that stands alone: its clock."""

    # ── while the agent speaks ────────────────────────────────────────────────────────────────────

    def arm(self, speech: AgentSpeech | None = None, *, sounding: Capture | None = None) -> None:
        """The agent begins to speak; `sounding` is what the user was saying already."""
        self.state = BargeinState.ARMED
        self._speech, self.samples_sent = speech, 0
        self._candidate, self._overlap, self._loud_frames = None, sounding, 0

    def disarm(self, *, now: float = 0.0, reason: str = "agent_finished") -> Overlapping:
        """The agent's speech is over. An open candidate that is long enough, or answers a question, is a turn.

        `reason`: what ended it, for the record of an open candidate.
        """
        candidate = self._candidate
        state, self.state = self.state, BargeinState.DISARMED
        overlap, self._candidate, self._overlap = self._overlap, None, None
        if candidate is not None:
            overlap = _still_sounding(candidate)
        if state is BargeinState.ACCEPTED and candidate is not None:
            return Overlapping(capture=candidate.capture, utterance_id=candidate.candidate_id)
        if state not in WEIGHING or candidate is None:
            return Overlapping(capture=overlap)
        undone = (*_cancel_look(candidate), *self._give_back(candidate, fade_ms=FRAME_MS))
        is_turn = candidate.voiced_ms >= candidate.policy.believed_voiced_ms or candidate.closes_question
        if not is_turn or candidate.is_no_talk:
            report = self._report(candidate, "rejected", reason, now=now)
            return Overlapping((*undone, report), capture=overlap)
        report = self._report(candidate, "accepted", reason, now=now)
        return Overlapping((*undone, report), candidate.capture, candidate.candidate_id)

    def on_audio_frame(
        self,
        frame: ConditionedFrame | bytes,
        *,
        speech_probability: float | None = None,
        agent_sent_dbfs: float | None = None,
    ) -> list[Command]:
        """20 ms of the microphone, for a machine that stands alone; time is counted in frames.

        `frame`: 1,920 bytes, or what the conditioner made of them. `speech_probability` is the neural VAD's; None:
        energy alone tells. `agent_sent_dbfs` is the level of the agent's frame that was sent at this tick; None: no
        echo is expected.

        Raises:
            ValueError: it is no frame; nothing has changed.
        """
        if not isinstance(frame, ConditionedFrame):
            self._conditioner = self._conditioner or AudioConditioner()
            frame = self._conditioner.condition(frame, speech_probability=speech_probability)
        require_frame(frame.filtered)
        voice = self._near_end.judge(frame, probability=speech_probability, agent_dbfs=agent_sent_dbfs)
        self._ring.append(frame.filtered)
        self._frame_count += 1
        if self.state is BargeinState.DISARMED:
            return []
        return self.process(frame.filtered, voice, now=self._frame_count * FRAME_MS / 1000)

    def process(self, frame: bytes, voice: VoiceFrame, *, now: float, samples_sent: int | None = None) -> list[Command]:
        """One frame while the agent speaks, which is in the ring already. `samples_sent` of the speech have left."""
        if self.state is BargeinState.DISARMED:
            raise ValueError("the agent does not speak")
        require_frame(frame)
        self._agent_frames += self._echo.may_be_audible
        self.samples_sent = self.samples_sent if samples_sent is None else samples_sent
        if self.state is BargeinState.ACCEPTED:
            if self._candidate is not None:
                self._candidate.add(frame, voice, is_near_end=voice.is_near_end, now=now)
            return []
        if self.state in WEIGHING and self._candidate is not None:
            is_near_end = self._goes_on(voice, self._candidate)
            self._candidate.add(frame, voice, is_near_end=is_near_end, now=now)
            return self._weigh(self._candidate, now=now)
        return self._listen(frame, voice, now=now)

    def _follow_overlap(self, frame: bytes, voice: VoiceFrame, *, now: float) -> None:
        if self._overlap is None and not voice.is_near_end:
            return
        self._overlap = self._overlap or self._capture(now=now)
        self._overlap.add(frame, voice, now=now)
        if self._overlap.burst is None:
            self._overlap = None

    def _capture(self, *, now: float) -> Capture:
        return Capture(self._ring.last(frames_in(self.policy.capture_lead_ms) + 1)[:-1], now=now)

    def _stands_out(self, voice: VoiceFrame, *, snr_db: float, lowered_db: float = 0.0) -> bool:
        """Whether it is loud enough for this caller."""
        is_loud = voice.stands_out(snr_db, lowered_db=lowered_db)
        return is_loud and voice.level_dbfs > self._caller.dbfs - SOMEBODY_ELSE_DB

    def _goes_on(self, voice: VoiceFrame, candidate: Candidate) -> bool:
        """Whether this frame belongs to an open candidate: a voice that has been believed is believed longer."""
        is_voice = voice.probability >= min(GOES_ON_PROBABILITY, self._needed_probability(voice, candidate))
        policy = candidate.policy
        return is_voice and self._stands_out(voice, snr_db=policy.snr_db, lowered_db=candidate.echo_lowered_db)

    def _needed_probability(self, voice: VoiceFrame, candidate: Candidate | None) -> float:
        """How sure the VAD has to be of a voice that is as loud as the caller's."""
        if not (voice.is_clear and voice.level_dbfs > self._caller.dbfs - CLEAR_CALLER_DB):
            return SPEECH_PROBABILITY
        goes_on = candidate is not None and candidate.gap_ms < CLEAR_GAP_MS
        return CLEAR_GOES_ON_PROBABILITY if goes_on else CLEAR_PROBABILITY

    # ── nobody has the agent's attention ──────────────────────────────────────────────────────────

    def _listen(self, frame: bytes, voice: VoiceFrame, *, now: float) -> list[Command]:
        policy = self.policy if self._candidate is None else self._candidate.policy
        raised_db = policy.cool_down_snr_db if self.state is BargeinState.REJECTED else 0.0
        self._cool_down()
        is_loud = self._stands_out(voice, snr_db=policy.snr_db + raised_db)
        is_near_end = is_loud and voice.probability >= self._needed_probability(voice, self._candidate)
        if self._candidate is None:
            if not is_near_end:
                self._loud_frames = self._loud_frames + 1 if is_loud else 0
                self._follow_overlap(frame, voice, now=now)
                return []
            self._candidate = self._begin(now=now)
        candidate = self._candidate
        candidate.add(frame, voice, is_near_end=is_near_end, now=now)
        if candidate.gap_ms >= SUSPECT_GAP_MS:
            self._candidate, self._overlap = None, _still_sounding(candidate)
        elif candidate.voiced_ms >= policy.suspect_voiced_ms and candidate.vouched_frames >= VOUCHED_FRAMES:
            return self._suspect(candidate, now=now)
        return []

    def _cool_down(self) -> None:
        self._cool_down_frames = max(0, self._cool_down_frames - 1)
        if self._cool_down_frames == 0:
            self.state = BargeinState.ARMED

    def _begin(self, *, now: float) -> Candidate:
        speech = self._speech
        policy = self.policy.in_protected_passage if self._is_protected() else self.policy
        closes_question = speech is not None and speech.closes_question(self.samples_sent)
        overlap, self._overlap = self._overlap, None
        if overlap is None or overlap.duration_frames > frames_in(OVERLAP_KEPT_MS):
            overlap = self._capture(now=now)
        led_in_frames = min(self._loud_frames, frames_in(LED_IN_MS))
        self._loud_frames = 0
        return Candidate(
            overlap,
            policy=policy,
            closes_question=closes_question,
            led_in_frames=led_in_frames,
            samples_sent=self.samples_sent,
            now=now,
        )

    def _is_protected(self) -> bool:
        if self._speech is None or not self.policy.protected:
            return False
        sentence = normalise(self._speech.sentence_at(self.samples_sent))
        return any(is_of_passage(sentence, passage) for passage in self.policy.protected)

    def _suspect(self, candidate: Candidate, *, now: float) -> list[Command]:
        self.state = BargeinState.SUSPECTED
        candidate.candidate_id, candidate.suspected_at = self._new_id(), now
        candidate.is_ducked = True
        return [
            DuckPlayback(candidate.policy.duck_gain_db),
            self._report(candidate, "suspected", "near_end_speech", now=now),
        ]

    # ── a candidate is open ───────────────────────────────────────────────────────────────────────

    def _weigh(self, candidate: Candidate, *, now: float) -> list[Command]:
        """What one more frame means for it."""
        if candidate.is_click and self.state is BargeinState.SUSPECTED:
            return self._reject(candidate, "click", now=now)
        given_up = _cancel_look(candidate) if candidate.is_out_of_patience else []
        decided = self._decide(candidate, now=now)
        if decided:
            return [*given_up, *decided]
        looked = [candidate.ask(now=now)] if candidate.wants_look else []
        return [*given_up, *self._turn_down(candidate, now=now), *looked]

    def _turn_down(self, candidate: Candidate, *, now: float) -> list[Command]:
        """How loud the agent may be: silent over who goes on, lowered over who speaks, itself again after a while."""
        policy = candidate.policy
        if self.state is BargeinState.HOLDING:
            return []
        if candidate.gap_frames > 0:
            return self._give_back(candidate) if candidate.gap_ms >= policy.restore_gap_ms else []
        if policy.hold_ms is not None and candidate.spoken_ms >= policy.hold_ms and self._may_hold(candidate):
            self.state, candidate.held_at = BargeinState.HOLDING, now
            return [HoldPlayback(policy.hold_fade_ms), self._report(candidate, "held", "still_speaking", now=now)]
        if candidate.is_ducked:
            return []
        candidate.is_ducked = True
        return [DuckPlayback(policy.duck_gain_db)]

    def _may_hold(self, candidate: Candidate) -> bool:
        if candidate.is_no_talk:
            return False
        policy = candidate.policy
        has_converged = self._agent_frames >= frames_in(policy.unconverged_agent_seconds * 1000)
        return has_converged or candidate.level_dbfs > candidate.echo_dbfs + policy.unconverged_echo_margin_db

    def _decide(self, candidate: Candidate, *, now: float) -> list[Command]:
        """What can be decided by now; nothing while words may still come."""
        policy = candidate.policy
        verdict = candidate.standing_verdict
        if verdict is not None and candidate.is_over:
            return self._reject(candidate, verdict.reason, now=now)
        will_look = candidate.is_waiting or candidate.wants_look
        if candidate.gap_ms >= policy.give_up_gap_ms and not will_look:
            return self._decide_without_words(candidate, now=now)
        if candidate.age_ms < policy.decide_by_ms:
            return []
        if self.state is BargeinState.HOLDING:
            return self._decide_held(candidate, now=now)
        return [] if candidate.is_waiting else self._decide_lowered(candidate, now=now)

    def _decide_lowered(self, candidate: Candidate, *, now: float) -> list[Command]:
        """The agent has been talked over for long enough: whoever goes on is a new candidate."""
        if candidate.verdict is not None:
            return self._reject(candidate, candidate.verdict.reason, now=now)
        return self._decide_without_words(candidate, now=now)

    def _decide_held(self, candidate: Candidate, *, now: float) -> list[Command]:
        """The agent has been silent for long enough: it never goes on over a user who is still speaking."""
        if candidate.is_over:
            return self._decide_without_words(candidate, now=now)
        if candidate.verdict is not None and candidate.verdict.reason in NOT_THE_CALLERS:
            return self._reject(candidate, candidate.verdict.reason, now=now)
        return self._accept(candidate, "still_speaking", now=now)

    def _decide_without_words(self, candidate: Candidate, *, now: float) -> list[Command]:
        """There is no recogniser to be asked, or it did not understand: who spoke for long enough is believed."""
        fallback_ms = candidate.policy.fallback_voiced_ms
        if fallback_ms is not None and candidate.voiced_ms >= fallback_ms and not candidate.is_no_talk:
            return self._accept(candidate, "voiced", now=now)
        return self._reject(candidate, "too_short", now=now)

    # ── its words ─────────────────────────────────────────────────────────────────────────────────

    def on_probe_transcribed(self, *, candidate_id: str, look: int, words: ProbeWords, now: float) -> list[Command]:
        """What the recogniser made of a clip. One for another candidate, or an older look, changes nothing."""
        candidate = self._asked(candidate_id, look)
        if candidate is None:
            return self._stale(candidate_id)
        overlap = self._overlap_of(candidate)
        counted = likeliest(words, overlap, policy=candidate.policy, vocabulary=self._vocabulary)
        verdict = judge(counted, overlap, policy=candidate.policy, vocabulary=self._vocabulary)
        candidate.answer(words, verdict, now=now)
        if verdict.decision == "stop":
            return self._accept(candidate, verdict.reason, now=now)
        return self._decide(candidate, now=now)

    def on_probe_failed(self, *, candidate_id: str, look: int, now: float) -> list[Command]:
        """There are no words: the rule without them decides, in its time."""
        candidate = self._asked(candidate_id, look)
        if candidate is None:
            return self._stale(candidate_id)
        candidate.give_up_look()
        return self._decide(candidate, now=now)

    def _asked(self, candidate_id: str, look: int) -> Candidate | None:
        """The candidate whose look this is, where it is still waited for."""
        candidate = self._candidate
        is_asked = candidate is not None and self.state in WEIGHING and candidate.is_waiting
        if not is_asked or candidate is None:
            return None
        return candidate if (candidate.candidate_id, candidate.look) == (candidate_id, look) else None

    def _stale(self, candidate_id: str) -> list[Command]:
        active = self._candidate.candidate_id if self._candidate and self.state in WEIGHING else None
        return [ReportStaleResult("probe", candidate_id, active)]

    def _overlap_of(self, candidate: Candidate) -> Overlap:
        speech = self._speech
        return Overlap(
            level_dbfs=candidate.level_dbfs,
            echo_dbfs=candidate.echo_dbfs,
            is_echo_audible=candidate.is_echo_audible,
            caller_dbfs=self._caller.dbfs,
            agent_words=speech.words_around(self.samples_sent, before=WORDS_BEFORE, after=WORDS_AFTER)
            if speech
            else (),
            words_meanwhile=speech.words_between(candidate.echo_from, self.samples_sent) if speech else (),
            is_over=candidate.is_over and not candidate.has_spoken_on,
            closes_question=candidate.closes_question,
        )

    # ── how it ends ───────────────────────────────────────────────────────────────────────────────

    def _accept(self, candidate: Candidate, reason: str, *, now: float) -> list[Command]:
        self.state = BargeinState.ACCEPTED
        self._insisted.clear()
        cancelled = [CancelPlayback(self._speech.turn_id)] if self._speech else []
        return [*cancelled, *_cancel_look(candidate), self._report(candidate, "accepted", reason, now=now)]

    def _reject(self, candidate: Candidate, reason: str, *, now: float) -> list[Command]:
        if self._insists(candidate, reason, now=now):
            return self._accept(candidate, "insists", now=now)
        given_back = [*_cancel_look(candidate), *self._give_back(candidate)]
        report = self._report(candidate, "rejected", reason, now=now)
        if reason == "echo":
            self._echo.admit([self._echo.coupling_db + over_db for over_db in candidate.over_echo_db])
        self._candidate, self._overlap = None, None
        if reason == "click":
            self.state, self._overlap = BargeinState.ARMED, _still_sounding(candidate)
        else:
            self.state = BargeinState.REJECTED
            self._cool_down_frames = frames_in(candidate.policy.cool_down_ms)
        return [*given_back, report]

    def _insists(self, candidate: Candidate, reason: str, *, now: float) -> bool:
        """Whether this is one more candidate of the caller's in a short time, each longer than the one before."""
        if reason not in INSISTING or candidate.is_no_talk or candidate.policy.content_words is None:
            return False
        since = now - candidate.policy.insistence_window_ms / 1000
        earlier = [voiced for at, voiced in self._insisted if at >= since]
        self._insisted.append((now, candidate.voiced_frames))
        longer = [*earlier, candidate.voiced_frames]
        has_grown = all(before < after for before, after in pairwise(longer))
        return has_grown and len(longer) >= candidate.policy.insistence_count

    def _give_back(self, candidate: Candidate, *, fade_ms: int | None = None) -> list[Command]:
        """The agent as loud as it was, and where it was."""
        policy = candidate.policy
        if candidate.held_at is not None:
            return [RestorePlayback(fade_ms or policy.resume_fade_ms, rewind_ms=policy.resume_rewind_ms)]
        if not candidate.is_ducked:
            return []
        candidate.is_ducked = False
        return [RestorePlayback(fade_ms or policy.restore_fade_ms)]

    def _report(self, candidate: Candidate, decision: BargeInDecision, reason: str, *, now: float) -> ReportBargeIn:
        turn_id = self._speech.turn_id if self._speech else None
        record = None
        if decision in DECIDED:
            record = candidate.record(decision, reason, turn_id=turn_id, caller_dbfs=self._caller.dbfs, now=now)
        reaction_ms = round((now - candidate.onset_at) * 1000, 1)
        return ReportBargeIn(candidate.candidate_id, decision, reason, now, reaction_ms, turn_id, record)


def _still_sounding(candidate: Candidate) -> Capture | None:
    """Its sound, should it turn out to be the beginning of something."""
    return candidate.capture if candidate.capture.burst else None


def _cancel_look(candidate: Candidate) -> list[Command]:
    if not candidate.is_waiting:
        return []
    candidate.give_up_look()
    return [CancelProbe(candidate.candidate_id)]

"""What is known of one bid for the floor? Its sound, how much of it was speech, and what its words were taken for.

    agent    ▇▇▇▇▇▇▇▇▇▃▃▃▃▃▃▃▃▃▃▁▁▁▁▁▁▁▁
    user     . . . . s s s s s s s s s . . .
                     │     │           └ gap ─▶
                     onset └ voiced: near-end frames since then
                 ├──────── a probe's clip ────┤

Sound is counted in frames; `now` is only written down.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import Final, Protocol

from ai_agent.audio_format import FRAME_MS, SAMPLES_PER_FRAME, frames_in
from ai_agent.capture import STOP_MS, Capture
from ai_agent.commands import BargeInDecision, BargeInRecord, ProbeRecord, TranscribeProbe
from ai_agent.levels import SILENCE_DBFS
from ai_agent.persona_behaviors import BargeInPolicy
from ai_agent.stop_word_interruption import NO_TALK_REASONS, ProbeWords, Verdict
from ai_agent.voice_activity import ECHO_DELAY_MS, ECHO_INAUDIBLE_DB, SPEECH_PROBABILITY, VoiceFrame

BEFORE_THE_DUCK_MS: Final = 100
"""A lowered agent comes back lowered only after this."""

LEVEL_RANGE_DB: Final = 20.0
"""A frame so far under the loudest one is the end of a sound: the VAD still vouches for it."""

STOPS_SHARE: Final = 0.25
"""The stops of speech are no more of it than this: a rattle is mostly gaps."""

WORDS_BEFORE: Final = 24
WORDS_AFTER: Final = 4
"""So many words of the agent's around the playhead may be in the microphone as its echo."""


class AgentSpeech(Protocol):
    """What the agent is saying. `samples_sent` is the playhead: samples of it that have left."""

    @property
    def turn_id(self) -> str: ...

    def words_around(self, samples_sent: int, *, before: int, after: int) -> tuple[str, ...]:
        """The last words that have left, and the next ones."""

    def words_between(self, start: int, end: int) -> tuple[str, ...]:
        """The words that were said between these playheads."""

    def sentence_at(self, samples_sent: int) -> str:
        """The sentence that is being said; empty where there is none."""

    def closes_question(self, samples_sent: int) -> bool:
        """Whether a question is in its last second, or was asked just before."""


class Candidate:
    """Overlapping sound that may be a barge-in, from its first near-end frame on."""

    def __init__(
        self,
        capture: Capture,
        *,
        policy: BargeInPolicy,
        closes_question: bool,
        led_in_frames: int,
        samples_sent: int,
        now: float,
    ) -> None:
        """`capture` holds the sound before this frame; `policy` is what holds where the agent is in its speech.

        `samples_sent` of that have left.

        `led_in_frames`: so many frames before this one were as loud. The VAD is a little late; they are the onset.
        """
        self.candidate_id = ""
        """Bound when it is suspected; the `utterance_id` of the turn that it may become."""
        self.capture = capture
        self.policy = policy
        self.closes_question = closes_question
        self.echo_from = samples_sent - (led_in_frames + frames_in(ECHO_DELAY_MS[1])) * SAMPLES_PER_FRAME
        """The playhead at which the first of the agent left that may be its echo."""
        self.suspected_at = now
        self.onset_at = now - led_in_frames * FRAME_MS / 1000
        self.held_at: float | None = None
        self.is_ducked = False
        self.voiced_frames = self.age_frames = led_in_frames
        self.vouched_frames = self.gap_frames = self.ducked_frames = 0
        self._stop_frames = 0
        """Of the gaps so far: those within a word."""
        self.echo_dbfs = SILENCE_DBFS
        """How loud the agent's echo may have been, a duck's depth more from its first frame on: words that are the
        agent's have to stand far over it."""
        self.noise_floor_dbfs = SILENCE_DBFS
        self.is_echo_audible = False
        """Whether the agent's echo may have been louder than the room in one of its frames."""
        self.over_echo_db: list[float] = []
        """How far its first frames, before the agent was lowered, were above the echo that was expected."""
        self.verdict: Verdict | None = None
        """What the last look said, where it gave words that can be believed."""
        self._levels_dbfs: list[float] = []
        """Of its frames that are speech, loud enough for this caller or not: who speaks is told by the middle one.
        The first frame is in it though the VAD may not be certain of it: a clear voice is believed sooner."""
        self._onset_index = len(capture.frames) - led_in_frames
        self._looks: list[ProbeRecord] = []
        self._waiting_frames: int | None = None
        """So long the look that is under way has been waited for; None: there is none."""
        self._voiced_at_clip = self._asked_at_frame = 0

    @property
    def lowered_db(self) -> float:
        """How much quieter than usual the agent is because of it."""
        return -self.policy.duck_gain_db if self.is_ducked else 0.0

    @property
    def echo_lowered_db(self) -> float:
        """How much quieter all is that may come back now: at first the loudest of it was sent before the duck."""
        return self.lowered_db if self.ducked_frames > frames_in(ECHO_DELAY_MS[1]) else 0.0

    def add(self, frame: bytes, voice: VoiceFrame, *, is_near_end: bool, now: float) -> None:
        """One more frame."""
        self.capture.add(frame, voice, now=now)
        self.age_frames += 1
        self.ducked_frames += self.is_ducked or self.held_at is not None
        if self._waiting_frames is not None:
            self._waiting_frames += 1
        is_certain = voice.probability >= SPEECH_PROBABILITY and voice.stands_out(self.policy.snr_db)
        if is_certain or (is_near_end and not self._levels_dbfs):
            self._levels_dbfs.append(voice.level_dbfs)
        if not is_near_end:
            self.gap_frames += 1
            return
        if self.gap_frames <= frames_in(STOP_MS):
            self._stop_frames += self.gap_frames
        self.gap_frames = 0
        self.voiced_frames += 1
        self.vouched_frames += 1
        self.echo_dbfs = max(self.echo_dbfs, voice.echo_dbfs + self.lowered_db)
        self.noise_floor_dbfs = voice.metrics.noise_floor_dbfs
        audible_dbfs = self.noise_floor_dbfs + ECHO_INAUDIBLE_DB
        self.is_echo_audible = self.is_echo_audible or voice.echo_dbfs + self.echo_lowered_db >= audible_dbfs
        if self.vouched_frames <= frames_in(BEFORE_THE_DUCK_MS):
            self.over_echo_db.append(voice.level_dbfs - voice.echo_dbfs)
        self.capture.believe_until_now(now=now)

    # ── how much of it there is ───────────────────────────────────────────────────────────────────

    @property
    def voiced_ms(self) -> int:
        return self.voiced_frames * FRAME_MS

    @property
    def spoken_ms(self) -> int:
        """Voiced, with the stops within words: who says "actually" speaks on while the tongue is at the teeth."""
        return self.voiced_ms + min(self._stop_frames * FRAME_MS, round(STOPS_SHARE * self.voiced_ms))

    @property
    def gap_ms(self) -> int:
        """Since its last near-end frame."""
        return self.gap_frames * FRAME_MS

    @property
    def age_ms(self) -> int:
        return self.age_frames * FRAME_MS

    @property
    def level_dbfs(self) -> float:
        """How loud it is: the median of the frames that are certainly speech, the weak end of a word left out."""
        weakest_dbfs = max(self._levels_dbfs) - LEVEL_RANGE_DB
        return median(level_dbfs for level_dbfs in self._levels_dbfs if level_dbfs > weakest_dbfs)

    @property
    def is_over(self) -> bool:
        """Whether nobody speaks any more."""
        return self.gap_ms >= self.policy.burst_gap_ms

    @property
    def is_click(self) -> bool:
        return self.is_over and self.voiced_ms < self.policy.click_voiced_ms

    # ── its words ─────────────────────────────────────────────────────────────────────────────────

    @property
    def is_waiting(self) -> bool:
        """Whether a look is under way."""
        return self._waiting_frames is not None

    @property
    def look(self) -> int:
        """How many looks there were."""
        return len(self._looks)

    @property
    def wants_look(self) -> bool:
        """At who has just stopped, where some of it was not looked at; and now and then at who goes on."""
        if self.is_waiting:
            return False
        if self.gap_ms >= self.policy.look_gap_ms:
            return self.has_spoken_on and self.voiced_ms >= self.policy.click_voiced_ms
        if self.gap_frames > 0 or self.look >= self.policy.max_probes:
            return False
        if self.look == 0:
            return self.voiced_ms >= self.policy.first_probe_voiced_ms
        return (self.age_frames - self._asked_at_frame) * FRAME_MS >= self.policy.probe_every_ms

    def ask(self, *, now: float) -> TranscribeProbe:
        """One look: the clip from a little before the onset until now, or the last of it."""
        start = max(0, self._onset_index - frames_in(self.policy.probe_lead_ms))
        clip = self.capture.frames[start:][-frames_in(self.policy.max_probe_ms) :]
        self._looks.append(ProbeRecord(asked_at=now, clip_ms=len(clip) * FRAME_MS))
        self._waiting_frames, self._voiced_at_clip = 0, self.voiced_frames
        self._asked_at_frame = self.age_frames
        return TranscribeProbe(self.candidate_id, self.look, b"".join(clip))

    @property
    def is_out_of_patience(self) -> bool:
        return self._waiting_frames is not None and self._waiting_frames * FRAME_MS >= self.policy.probe_patience_ms

    def give_up_look(self) -> None:
        """The look that is under way gives no words."""
        self._waiting_frames = None

    def answer(self, words: ProbeWords, verdict: Verdict, *, now: float) -> None:
        """What the look that was under way said."""
        self._waiting_frames = None
        self.verdict = None if words.is_doubtful and verdict.decision == "look_again" else verdict
        self._looks[-1] = replace(
            self._looks[-1],
            answered_at=now,
            words=words.text,
            alternatives=words.alternatives,
            avg_logprob=words.avg_logprob,
            no_speech_probability=words.no_speech_probability,
            verdict=verdict.decision,
            reason=verdict.reason,
        )

    @property
    def has_spoken_on(self) -> bool:
        """Whether there was near-end speech after the last clip."""
        return self.voiced_frames > self._voiced_at_clip

    @property
    def standing_verdict(self) -> Verdict | None:
        """A verdict that holds, because all of the speech was in the clip: for who has stopped it is a carry on."""
        return None if self.has_spoken_on or self.is_waiting else self.verdict

    @property
    def is_no_talk(self) -> bool:
        """Whether the last look took it for something else than the caller's words."""
        return self.verdict is not None and self.verdict.reason in NO_TALK_REASONS

    def record(
        self, decision: BargeInDecision, reason: str, *, turn_id: str | None, caller_dbfs: float, now: float
    ) -> BargeInRecord:
        """All of it, now that it is decided."""
        return BargeInRecord(
            candidate_id=self.candidate_id,
            turn_id=turn_id,
            onset_at=self.onset_at,
            suspected_at=self.suspected_at,
            held_at=self.held_at,
            decided_at=now,
            decision=decision,
            reason=reason,
            voiced_ms=self.voiced_ms,
            level_dbfs=round(self.level_dbfs, 1),
            noise_floor_dbfs=round(self.noise_floor_dbfs, 1),
            echo_dbfs=round(self.echo_dbfs, 1),
            caller_dbfs=round(caller_dbfs, 1),
            ducked_ms=self.ducked_frames * FRAME_MS,
            probes=tuple(self._looks),
        )

"""A call drawn as text: what the microphone holds, and whose move it was.

    mic   = "..ssssssss......"      one character is 100 ms
    phase = "WWWWWWWWWWWWVVVV"

    mic:    s speech, q quieter speech, t a far voice, S a shout, k a key (40 ms), c a cough that the VAD half
            believes, . the quiet room, z digital silence; n a loud room, v speech in it, w a whisper, x a voice that
            clips
    phase:  W wait, V validating, P processing, A the agent speaks

The VAD is scripted: a frame that the drawing calls speech has a probability of 0.95. Time is the number of frames.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import FRAME_MS, SAMPLES_PER_FRAME, SILENT_FRAME, frames_in
from ai_agent.call_engine import CallEngine
from ai_agent.commands import Command, PhaseChanged, TranscribeProbe
from ai_agent.interviewer.plan import InterviewPlan
from ai_agent.levels import SILENCE_DBFS
from ai_agent.persona_behaviors import MANNERS, TurnPolicy

C = TypeVar("C")

CHARACTER_MS = 100
LETTERS = {"WAIT_FOR_USER": "W", "VALIDATING_UTTERANCE": "V", "PROCESSING_USER": "P", "AI_SPEAKING": "A"}

SURE, UNSURE, NOTHING = 0.95, 0.7, 0.02


def tone(dbfs: float, *, seed: int = 1) -> bytes:
    """A frame of noise at this level."""
    noise = np.random.default_rng(seed).standard_normal(SAMPLES_PER_FRAME)
    return (noise / noise.std() * 32768 * 10 ** (dbfs / 20)).clip(-32768, 32767).astype(np.int16).tobytes()


SPEECH_FRAME = tone(-25)
OTHER_SPEECH_FRAMES = {
    "S": tone(-12),
    "q": tone(-38),
    "t": tone(-42),
    "w": tone(-55),
    "x": tone(-3),
}
SYLLABLE_FRAMES = tuple(tone(dbfs, seed=seed) for seed, dbfs in enumerate((-28.5, -28, -27.5, -28, -28.5)))
"""Speech in a loud room: what never changes is soon taken for the room."""
ROOM_FRAME = tone(-65)
LOUD_ROOM_FRAME = tone(-34)
KEY_FRAME = tone(-30)


def taught_by_a_room(dbfs: float) -> dict[str, object]:
    """The profile of a room of this loudness, as a call stores it."""
    conditioner = AudioConditioner()
    for seed in range(200):
        conditioner.condition(tone(dbfs, seed=seed), speech_probability=NOTHING)
    return dict(conditioner.noise_profile.to_json())


@dataclass
class ScriptedVad:
    """A speech model whose word is set beforehand: the probability that each chunk is given from now on."""

    probability: float = NOTHING

    def __call__(self, chunk: npt.NDArray[np.float32], state: object) -> tuple[float, object]:
        return self.probability, state


def sequential_ids() -> Callable[[], str]:
    """id-1, id-2, …: the same in every run."""
    numbers = count(1)
    return lambda: f"id-{next(numbers)}"


def sounds(mic: str) -> Iterable[tuple[bytes, float]]:
    """Each frame of the drawing with the probability that the VAD gives it."""
    per_character = frames_in(CHARACTER_MS)
    for character in mic:
        match character:
            case "s":
                yield from [(SPEECH_FRAME, SURE)] * per_character
            case "v":
                yield from [(frame, SURE) for frame in SYLLABLE_FRAMES]
            case "S" | "q" | "t" | "w" | "x":
                yield from [(OTHER_SPEECH_FRAMES[character], SURE)] * per_character
            case "k":
                yield from [(KEY_FRAME, SURE)] * 2 + [(ROOM_FRAME, NOTHING)] * (per_character - 2)
            case "c":
                yield from [(KEY_FRAME, UNSURE)] * per_character
            case "z":
                yield from [(SILENT_FRAME, NOTHING)] * per_character
            case "n":
                yield from [(LOUD_ROOM_FRAME, NOTHING)] * per_character
            case ".":
                yield from [(ROOM_FRAME, NOTHING)] * per_character
            case _:
                raise ValueError(f"nobody can draw {character!r}")


@dataclass
class Timeline:
    """One engine, driven frame by frame, with everything that it asked for."""

    policy: TurnPolicy = field(default_factory=TurnPolicy)
    has_greeting: bool = False
    snapshot: dict[str, object] | None = None
    start_at: float = 0.0
    conditioner: AudioConditioner | None = None
    interview: InterviewPlan | None = None
    new_id: Callable[[], str] = field(default_factory=sequential_ids)

    def __post_init__(self) -> None:
        self.vad = ScriptedVad()
        self.now = self.start_at
        self.commands: list[Command] = []
        self.at: list[float] = []
        self.phases = ""
        self.heard_ms = 0
        self.samples_sent: int | None = None
        """The playhead that each frame tells; None: nobody knows it."""
        self.engine = CallEngine(
            turn_policy=self.policy,
            barge_in_policy=MANNERS["balanced"],
            speech_model=self.vad,
            new_id=self.new_id,
            has_greeting=self.has_greeting,
            conditioner=self.conditioner,
            snapshot=self.snapshot,
            interview=self.interview,
        )

    # ── driving ───────────────────────────────────────────────────────────────────────────────────

    def connect(self) -> Sequence[Command]:
        return self.take(self.engine.on_media_connected(self.now))

    def hear(self, mic: str, *, agent_dbfs: float = SILENCE_DBFS) -> Sequence[Command]:
        """Play a drawing into the microphone; timers fire when they are due."""
        begin = len(self.commands)
        per_character = frames_in(CHARACTER_MS)
        for index, (frame, probability) in enumerate(sounds(mic)):
            self.vad.probability = probability
            self.now = round(self.now + FRAME_MS / 1000, 6)
            self.take(
                self.engine.on_audio_frame(frame, self.now, agent_dbfs=agent_dbfs, samples_sent=self.samples_sent)
            )
            self.heard_ms += FRAME_MS
            self.fire_timers()
            if index % per_character == per_character - 1:
                self.phases += LETTERS[self.engine.phase]
        return self.commands[begin:]

    def fire_timers(self) -> None:
        while (due := self.engine.get_timer()) is not None and due <= self.now:
            self.take(self.engine.handle_timer(now=self.now))

    def wait(self, seconds: float) -> Sequence[Command]:
        """Nothing arrives for so long, not even frames: only timers fire."""
        begin, end = len(self.commands), self.now + seconds
        while (due := self.engine.get_timer()) is not None and due <= end:
            self.now = max(self.now, due)
            self.take(self.engine.handle_timer(now=self.now))
        self.now = round(end, 6)
        return self.commands[begin:]

    def take(self, commands: Sequence[Command]) -> Sequence[Command]:
        self.commands.extend(commands)
        self.at.extend([self.now] * len(commands))
        return commands

    # ── a whole exchange ──────────────────────────────────────────────────────────────────────────

    def transcribe(self, transcript: str) -> Sequence[Command]:
        """The recogniser answers for the utterance that is waited for."""
        utterance_id = self.engine.active_utterance_id or ""
        return self.take(
            self.engine.process_user_utterance(utterance_id=utterance_id, transcript=transcript, now=self.now)
        )

    def probe(self, transcript: str, *, avg_logprob: float = -0.2) -> Sequence[Command]:
        """The quick recogniser answers for the last clip that it was given."""
        asked = self.asked(TranscribeProbe)[-1]
        return self.take(
            self.engine.on_probe_transcribed(
                candidate_id=asked.candidate_id,
                look=asked.look,
                transcript=transcript,
                avg_logprob=avg_logprob,
                no_speech_probability=0.01,
                now=self.now,
            )
        )

    def start_reply(self, *sentences: str, seconds: float = 1.0, completes: bool = True) -> str:
        """The pending reply is made, queued and its first frame sent; its turn's id."""
        turn_id = self.engine.turn_id or ""
        self.take(self.engine.on_first_token(turn_id=turn_id, now=self.now))
        for sentence in sentences or ("Here is an answer.",):
            self.begin_sentence(sentence, seconds=seconds)
            queued = self.engine.on_sentence_queued(
                turn_id=turn_id, sentence=sentence, samples=round(seconds * 48_000), now=self.now
            )
            self.take(queued)
        self.take(self.engine.on_reply_started(turn_id=turn_id, now=self.now))
        if completes:
            self.take(self.engine.on_reply_complete(turn_id=turn_id, now=self.now))
        return turn_id

    def begin_sentence(self, sentence: str, *, seconds: float) -> None:
        """So much of a sentence's sound is queued; more may follow."""
        turn_id = self.engine.turn_id or ""
        self.take(self.engine.on_sentence_started(turn_id=turn_id, sentence=sentence, now=self.now))
        self.more_sound(seconds=seconds)

    def more_sound(self, *, seconds: float) -> None:
        samples = round(seconds * 48_000)
        self.take(self.engine.on_sound_queued(turn_id=self.engine.turn_id or "", samples=samples, now=self.now))

    def finish_reply(self, *, samples_sent: int = 48_000) -> Sequence[Command]:
        turn_id = self.engine.turn_id or ""
        return self.take(self.engine.on_playback_finished(turn_id=turn_id, samples_sent=samples_sent, now=self.now))

    # ── looking ───────────────────────────────────────────────────────────────────────────────────

    def asked(self, kind: type[C]) -> list[C]:
        """All commands of this kind, in order."""
        return [command for command in self.commands if isinstance(command, kind)]

    def time_of(self, wanted: Command) -> float:
        return next(at for at, command in zip(self.at, self.commands, strict=True) if command is wanted)

    @property
    def moves(self) -> list[tuple[str, str]]:
        """Each transition as (phase, reason)."""
        return [(LETTERS[c.phase], c.reason) for c in self.asked(PhaseChanged) if c.phase != c.previous]

"""A call with a shell that plays its part by a script, and writes down every fact as a real one does.

call = ScriptedCall(transcripts=["What is a rope?"], replies=[["A long thing."]])
call.hear("....ssssss" + "." * 30)        mic as in `tests.timeline`; what the engine asks for comes a little later
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ai_agent import commands
from ai_agent.audio_conditioning import ConditioningConfig
from ai_agent.audio_format import FRAME_MS, SAMPLE_RATE_HZ
from ai_agent.commands import Command
from ai_agent.levels import SILENCE_DBFS
from ai_agent.modelled_speaker import ModelledSpeaker, PlaybackFinished, ReplyStarted
from ai_agent.persona_behaviors import MANNERS, TurnPolicy
from ai_agent.replay import EngineSetup
from tests.timeline import sequential_ids, sounds

WORDS_SECONDS = 0.4
PROBE_SECONDS = 0.2
PREDICTION_SECONDS = 0.1
REPLY_SECONDS = 0.6
AGENT_DBFS = -20.0

SETUP = EngineSetup(
    call_id="f47ac10b-58cc-4372-a567-0e02b2c3d479",
    epoch=1,
    persona="technical-expert",
    persona_version=3,
    turn_policy=TurnPolicy(),
    barge_in_policy=MANNERS["balanced"],
    conditioning=ConditioningConfig(),
    noise_profile=None,
    has_greeting=False,
    snapshot=None,
)


def loudness_vad(chunk: npt.NDArray[np.float32], state: object) -> tuple[float, object]:
    """A speech model for drawings: whatever is louder than a key at rest is somebody's voice."""
    return (0.95 if float(np.sqrt(np.mean(chunk**2))) > 0.01 else 0.02), state


@dataclass(eq=False)
class ScriptedCall:
    """One engine with its shell. Time is the number of frames."""

    setup: EngineSetup = SETUP
    transcripts: Sequence[str] = ()
    """The words of each turn, in order."""
    replies: Sequence[Sequence[tuple[str, float]]] = ()
    """Of each reply its sentences, with the seconds of each."""
    probe_words: Callable[[int], str | None] = lambda _: "stop"
    """The words of the n-th probe, from 1; None: it fails."""
    sounds_finished: float | None = None
    """With what probability a turn sounds finished; None: nobody says."""
    made_in: float = 0.2
    """A second of the voice is made in so many."""
    new_id: Callable[[], str] = field(default_factory=sequential_ids)

    def __post_init__(self) -> None:
        self.engine = self.setup.build(speech_model=loudness_vad, new_id=self.new_id)
        self.facts: list[dict[str, Any]] = []
        self.frames: list[bytes] = []
        self.commands: list[Command] = []
        self.now = 0.0
        self._speaker = ModelledSpeaker()
        self._coming: list[tuple[float, int, str, dict[str, Any]]] = []
        self._turns, self._replies = iter(self.transcripts), iter(self.replies)
        self._probe_count = self._number = 0
        self._reply_turn = ""
        self.tell("on_media_connected")

    # ── driving ───────────────────────────────────────────────────────────────────────────────────

    def hear(self, mic: str) -> None:
        """Play a drawing into the microphone; what is due comes in between."""
        for frame, _ in sounds(mic):
            until = round(self.now + FRAME_MS / 1000, 6)
            self._come_to(until)
            self.now = until
            self._play_frame()
            self.frames.append(frame)
            is_speaking = self.engine.phase == "AI_SPEAKING"
            arguments = {"agent_dbfs": AGENT_DBFS if is_speaking else SILENCE_DBFS, "samples_sent": self._samples_sent}
            self.tell("on_audio_frame", _frame=frame, **arguments)

    def tell(self, fact: str, *, _frame: bytes | None = None, **arguments: Any) -> None:
        """One fact, written down and done."""
        self.facts.append({"fact": fact, "now": self.now, "frame": len(self.frames), "arguments": arguments})
        sound = {} if _frame is None else {"frame": _frame}
        wanted = getattr(self.engine, fact)(now=self.now, **sound, **arguments)
        self.commands += wanted
        for command in wanted:
            self._perform(command)

    @property
    def _samples_sent(self) -> int:
        return self._speaker.samples_sent(self._reply_turn)

    def _come_to(self, until: float) -> None:
        while True:
            due = self.engine.get_timer()
            if self._coming and self._coming[0][0] <= min(until, until if due is None else due):
                at, _, fact, arguments = self._coming.pop(0)
                self.now = max(self.now, at)
                self.tell(fact, **arguments)
                if fact == "on_sound_queued":
                    self._speaker.enqueue(arguments["turn_id"], arguments["samples"])
                elif fact == "on_reply_complete":
                    self._speaker.finish(arguments["turn_id"])
            elif due is not None and due <= until:
                self.now = max(self.now, due)
                self.tell("handle_timer")
            else:
                return

    def _play_frame(self) -> None:
        for event in self._speaker.tick():
            match event:
                case ReplyStarted(turn_id=turn_id):
                    self.tell("on_reply_started", turn_id=turn_id)
                case PlaybackFinished(turn_id=turn_id, samples_sent=sent):
                    self.tell("on_playback_finished", turn_id=turn_id, samples_sent=sent)

    # ── its part ──────────────────────────────────────────────────────────────────────────────────

    def _perform(self, command: Command) -> None:
        match command:
            case commands.TranscribeTurn(utterance_id=utterance_id):
                transcript = next(self._turns, "")
                self._later(WORDS_SECONDS, "process_user_utterance", utterance_id=utterance_id, transcript=transcript)
            case commands.GenerateReply(turn_id=turn_id) | commands.SpeakLine(turn_id=turn_id):
                self._reply_turn = turn_id
                for after, fact, arguments in _reply_facts(next(self._replies, [("Yes.", 1.0)]), self.made_in):
                    self._later(after, fact, turn_id=turn_id, **arguments)
            case commands.TranscribeProbe(candidate_id=candidate_id, look=look):
                self._probe_count += 1
                words = self.probe_words(self._probe_count)
                ids = {"candidate_id": candidate_id, "look": look}
                if words is None:
                    self._later(PROBE_SECONDS, "on_probe_failed", **ids, reason="busy")
                else:
                    self._later(PROBE_SECONDS, "on_probe_transcribed", **ids, transcript=words)
            case commands.PredictEndOfTurn(utterance_id=utterance_id) if self.sounds_finished is not None:
                told = {"utterance_id": utterance_id, "probability": self.sounds_finished}
                self._later(PREDICTION_SECONDS, "on_end_of_turn_predicted", **told)
            case commands.CancelTranscription(utterance_id=dead) | commands.CancelReply(turn_id=dead):
                self._drop(dead)
            case commands.CancelProbe(candidate_id=dead):
                self._drop(dead)
            case commands.CancelPlayback():
                self._speaker.cancel()
            case commands.HoldPlayback(fade_ms=fade_ms):
                self._speaker.hold(fade_ms)
            case commands.RestorePlayback(rewind_ms=rewind_ms):
                self._speaker.restore(rewind_ms)

    def _later(self, seconds: float, fact: str, **arguments: Any) -> None:
        self._number += 1
        self._coming.append((round(self.now + seconds, 6), self._number, fact, arguments))
        self._coming.sort(key=lambda item: item[:2])

    def _drop(self, dead_id: str) -> None:
        self._coming = [item for item in self._coming if dead_id not in item[3].values()]


def _reply_facts(sentences: Sequence[tuple[str, float]], made_in: float) -> Iterator[tuple[float, str, dict[str, Any]]]:
    """What comes of a reply, each with the seconds after which it does."""
    after = REPLY_SECONDS
    yield after, "on_first_token", {}
    for sentence, seconds in sentences:
        samples = round(seconds * SAMPLE_RATE_HZ)
        yield after, "on_sentence_started", {"sentence": sentence}
        yield after, "on_sound_queued", {"samples": samples}
        yield after, "on_sentence_queued", {"sentence": sentence, "samples": samples}
        after = round(after + seconds * made_in, 6)
    yield after, "on_reply_complete", {}

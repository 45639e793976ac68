"""The cases in virtual time: the real engine, ear and speaker, and a clock that jumps from frame to frame.

    microphone ─▶ CallEngine ─▶ duck, hold, restore ─▶ SpeakerTrack ─▶ what the caller hears
                     ▲   └▶ TranscribeProbe ─▶ recogniser ─┐
                     └───────── its answer, a while later ─┘

Only the line and the recogniser's time are modelled, by constants; everything else is what a call runs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Final

import numpy as np

from ai_agent import commands
from ai_agent.audio_format import BYTES_PER_SAMPLE, FRAME_MS, SILENT_FRAME, frames_in
from ai_agent.call_engine import CallEngine
from ai_agent.call_start import probe_patience_ms
from ai_agent.live_providers.silero import load_speech_model
from ai_agent.persona_behaviors import PersonaBehavior, read_behavior
from ai_agent.spoken_pauses import PauseFinder
from ai_agent.webrtc import SpeakerTrack
from bench.bargein.agent import GREETING, Speech, reply_speech, speech_of
from bench.bargein.cases import Case, Echo
from bench.bargein.microphone import (
    LEAD_SECONDS,
    PREAMBLE,
    EchoPath,
    Microphone,
    as_frames,
    make_microphone,
    make_preamble,
    room_of,
)
from bench.bargein.outcome import Decided, Outcome, Turn
from bench.bargein.recogniser import Recogniser, SharedRecogniser
from bench.bargein.score import Sound

PRESETS_FOLDER: Final = Path(__file__).resolve().parents[2] / "ai_personas" / "presets"

FRAME_SECONDS: Final = FRAME_MS / 1000
MICROPHONE_DELAY_FRAMES: Final = 3
"""From the caller's microphone to the engine: a packet, and the two that the jitter buffer holds."""
SPEAKER_DELAY_FRAMES: Final = 1
"""From the speaker track to the caller's ear: a packet."""
PROBE_SECONDS: Final = 0.25
"""What a look at the words takes."""
TURN_SECONDS: Final = 0.6
PREAMBLE_PATIENCE_SECONDS: Final = 8.0
REPLY_SECONDS: Final = 0.3
"""From the wish for a reply to its first sound."""


class OfflineCall:
    """One call whose every part but the line is real."""

    recogniser: Recogniser | SharedRecogniser = Recogniser()
    """Who reads the clips; loaded when it is first asked something new."""

    def __init__(self, preset: str, *, echo: Echo | None, probe_seconds: float, has_greeting: bool = True) -> None:
        behavior = behavior_of(preset)
        ids = count(1)
        self.engine = CallEngine(
            turn_policy=behavior.turn_policy(),
            barge_in_policy=replace(behavior.barge_in_policy(), probe_patience_ms=probe_patience_ms(probe_seconds)),
            speech_model=_speech_model(),
            new_id=lambda: f"id-{next(ids)}",
            has_greeting=has_greeting,
        )
        self.now = 0.0
        self.heard: list[bytes] = []
        """What the caller hears, frame by frame."""
        self.started_frames: list[int] = []
        """At which frame the sound of each reply began."""
        self.decided: list[Decided] = []
        self.turns: list[Turn] = []
        self.closed: list[commands.CloseReply] = []
        self.wished: list[str] = []
        """What a reply was wished for to: a transcript, or the name of a line."""
        self.replies: list[Speech] = []
        """What is said next; silence where it is empty."""
        self.transcript = ""
        """What a turn's recogniser answers; empty: the real one is asked."""
        self.spent = 0.0
        self._probe_seconds = probe_seconds
        self._echo = EchoPath(echo) if echo is not None and not echo.frozen else None
        self._microphone = [SILENT_FRAME] * MICROPHONE_DELAY_FRAMES
        self._line = [SILENT_FRAME] * SPEAKER_DELAY_FRAMES
        self._due: list[tuple[float, str, dict[str, Any]]] = []
        self._speaker = SpeakerTrack(
            clock=self._clock,
            sleep=_no_sleep,
            on_started=self._on_started,
            on_finished=self._on_finished,
            on_frame=self._on_agent_frame,
        )

    def _clock(self) -> float:
        return self.now

    # ── facts ─────────────────────────────────────────────────────────────────────────────────────

    def tell(self, fact: str, **arguments: Any) -> None:
        """One fact in, its commands done."""
        for command in getattr(self.engine, fact)(now=self.now, **arguments):
            self._do(command)

    def tell_later(self, seconds: float, fact: str, **arguments: Any) -> None:
        self._due.append((self.now + seconds, fact, arguments))

    def tick(self, frame: bytes) -> None:
        """20 ms: what the microphone gives now arrives a little later, and so does what the speaker says."""
        self.now += FRAME_SECONDS
        _step(self._speaker)
        self.heard.append(self._line.pop(0))
        self._microphone.append(self._with_echo(frame))
        due = [one for one in self._due if one[0] <= self.now + 1e-9]
        self._due = [one for one in self._due if one[0] > self.now + 1e-9]
        for _, fact, arguments in due:
            if fact == "begin_reply":
                self._begin_reply(**arguments)
            else:
                self.tell(fact, **arguments)
        self.tell(
            "on_audio_frame",
            frame=self._microphone.pop(0),
            agent_dbfs=round(self._speaker.level_dbfs, 1),
            samples_sent=self._speaker.samples_sent(self.engine.turn_id) if self.engine.turn_id else 0,
        )
        timer = self.engine.get_timer()
        if timer is not None and timer <= self.now:
            self.tell("handle_timer")

    def _with_echo(self, frame: bytes) -> bytes:
        if self._echo is None:
            return frame
        agent = self._echo.process(np.frombuffer(self.heard[-1], "<i2") / 32768)
        mixed = np.frombuffer(frame, "<i2") + agent * 32768
        return np.clip(np.rint(mixed), -32768, 32767).astype("<i2").tobytes()

    def _on_agent_frame(self, frame: bytes) -> None:
        self._line.append(frame)

    def _on_started(self, turn_id: str) -> None:
        self.started_frames.append(len(self.heard))
        self.tell("on_reply_started", turn_id=turn_id)

    def _on_finished(self, turn_id: str, samples_sent: int) -> None:
        self.tell("on_playback_finished", turn_id=turn_id, samples_sent=samples_sent)

    # ── commands ──────────────────────────────────────────────────────────────────────────────────

    def _do(self, command: commands.Command) -> None:  # noqa: PLR0912  a table of commands
        match command:
            case commands.DuckPlayback(gain_db=gain_db):
                self._speaker.duck(gain_db)
            case commands.HoldPlayback(fade_ms=fade_ms):
                self._speaker.hold(fade_ms)
            case commands.RestorePlayback(fade_ms=fade_ms, rewind_ms=rewind_ms):
                self._speaker.restore(fade_ms, rewind_ms)
            case commands.CancelPlayback():
                self._speaker.stop_now()
            case commands.TranscribeProbe():
                self._probe(command)
            case commands.CancelProbe(candidate_id=candidate_id):
                self._forget_probe(candidate_id)
            case commands.TranscribeTurn():
                self._transcribe(command)
            case commands.SupersedeUtterance():
                if self.turns:
                    self.turns[-1] = replace(self.turns[-1], superseded=True)
            case commands.ReportBargeIn():
                self._note(command)
            case commands.GenerateReply(turn_id=turn_id, transcript=transcript):
                self._wish(turn_id, transcript)
            case commands.SpeakLine(turn_id=turn_id, line=line):
                self._wish(turn_id, f"({line})")
            case commands.CloseReply():
                self.closed.append(command)
            case _:
                pass

    def _probe(self, command: commands.TranscribeProbe) -> None:
        self._forget_probe(command.candidate_id)
        words = self.recogniser.read(command.audio, look="probe")
        self.tell_later(
            self._probe_seconds,
            "on_probe_transcribed",
            candidate_id=command.candidate_id,
            look=command.look,
            transcript=words.text,
            avg_logprob=words.avg_logprob,
            no_speech_probability=words.no_speech_probability,
            is_doubtful=words.is_doubtful,
            alternatives=words.alternatives,
        )

    def _forget_probe(self, candidate_id: str) -> None:
        self._due = [one for one in self._due if one[2].get("candidate_id") != candidate_id]

    def _transcribe(self, command: commands.TranscribeTurn) -> None:
        self.turns.append(Turn(self.now, np.frombuffer(command.audio, "<i2") / 32768))
        words = self.transcript or self.recogniser.read(command.audio, look="turn").text
        self.tell_later(TURN_SECONDS, "process_user_utterance", utterance_id=command.utterance_id, transcript=words)

    def _note(self, report: commands.ReportBargeIn) -> None:
        record = report.record
        words = tuple(
            f"{probe.words} ({probe.verdict}: {probe.reason})" if probe.verdict else "(no answer)"
            for probe in (record.probes if record else ())
        )
        self.decided.append(
            Decided(report.at, report.decision, report.reason, words, record.voiced_ms if record else 0)
        )

    def _wish(self, turn_id: str, for_what: str) -> None:
        self.wished.append(for_what)
        if self.replies:
            self.tell_later(REPLY_SECONDS, "begin_reply", turn_id=turn_id, speech=self.replies.pop(0))

    def _begin_reply(self, *, turn_id: str, speech: Speech) -> None:
        """As the shell does: a voice that is much faster than its sound."""
        self.tell("on_first_token", turn_id=turn_id)
        for sentence in speech.sentences:
            count, silence = len(sentence.pcm) // BYTES_PER_SAMPLE, PauseFinder()
            silence.add(sentence.pcm)
            self.tell("on_sentence_started", turn_id=turn_id, sentence=sentence.text)
            self.tell("on_sound_queued", turn_id=turn_id, samples=count)
            self._speaker.enqueue(turn_id, sentence.pcm)
            told = {"sentence": sentence.text, "samples": count, "pauses": silence.pauses()}
            self.tell("on_sentence_queued", turn_id=turn_id, **told)
        self.tell("on_reply_complete", turn_id=turn_id)
        self._speaker.finish(turn_id)


async def _no_sleep(_: float) -> None:
    """The clock is ours: nobody waits."""


def _step(speaker: SpeakerTrack) -> None:
    """The next frame leaves, without an event loop: nothing in `recv` waits."""
    frame = speaker.recv()
    try:
        frame.send(None)
    except StopIteration:
        return
    raise AssertionError("the speaker waits for something")


@cache
def _speech_model() -> Any:
    return load_speech_model()


@cache
def behavior_of(preset: str) -> PersonaBehavior:
    """As its preset is published."""
    return read_behavior(json.loads((PRESETS_FOLDER / f"{preset}.json").read_text(encoding="utf-8")))


# ── one case ──────────────────────────────────────────────────────────────────────────────────────


def run_case(case: Case, preset: str, *, call: OfflineCall | None = None, probe_seconds: float) -> Outcome:
    """The case with this persona. `call`: one that has come to it, as `prepared` gives it."""
    call = call or prepared(case, preset, probe_seconds=probe_seconds)
    microphone = make_microphone(case)
    frames = as_frames(microphone.sound)
    lead = frames_in(LEAD_SECONDS * 1000)
    call.transcript = "" if case.tag == "noise_alone" else "I have something to say about the keys."
    if case.is_about_turns:
        start = len(call.heard) + lead
        _play(call, frames)
    else:
        start = _speak_over(call, case, frames, lead)
    return _outcome(call, case, preset, microphone, start)


def prepared(case: Case, preset: str, *, probe_seconds: float) -> OfflineCall:
    """A call that has come to the case: its start, or the caller's move after the greeting and one exchange."""
    if case.new:
        return OfflineCall(preset, echo=case.echo, probe_seconds=probe_seconds)
    call = OfflineCall(preset, echo=case.echo, probe_seconds=probe_seconds)
    call.transcript = PREAMBLE
    call.replies = [speech_of(GREETING, is_line=True)]
    call.tell("on_media_connected")
    greeting_seconds = speech_of(GREETING, is_line=True).audible_seconds
    _play(call, as_frames(room_of(case, REPLY_SECONDS + greeting_seconds + 0.5)))
    _play(call, as_frames(make_preamble(case)))
    for frame in as_frames(room_of(case, PREAMBLE_PATIENCE_SECONDS)):
        if call.wished[-1:] == [PREAMBLE]:
            break
        call.tick(frame)
    else:
        raise AssertionError(f"{case.id}: the preamble was not understood as a turn: {call.wished}")
    call.tell("cancel_tts", samples_sent=0)
    return call


def _speak_over(call: OfflineCall, case: Case, frames: list[bytes], lead: int) -> int:
    """The agent speaks, and from its first sound on the case goes on. Answers at which frame that was."""
    begun = len(call.started_frames)
    call.replies = [reply_speech(case)]
    wait = lead - frames_in(REPLY_SECONDS * 1000)
    if not case.new:
        _play(call, frames[:wait])
        call.tell("on_user_text", transcript="Go on.")
    else:
        call.tell("on_media_connected")
    room = wait
    while len(call.started_frames) == begun:
        call.tick(frames[room % lead])
        room += 1
    _play(call, frames[lead + 1 :])
    return call.started_frames[begun]


def _play(call: OfflineCall, frames: Sequence[bytes]) -> None:
    for frame in frames:
        call.tick(frame)


def _outcome(call: OfflineCall, case: Case, preset: str, microphone: Microphone, start: int) -> Outcome:
    lead = frames_in(LEAD_SECONDS * 1000)
    heard = [SILENT_FRAME] * max(0, lead - start) + call.heard[max(0, start - lead) :]
    agent: Sound = np.frombuffer(b"".join(heard), "<i2")[: len(microphone.sound)] / 32768
    agent = np.pad(agent, (0, len(microphone.sound) - len(agent)))
    zero = start * FRAME_SECONDS
    decided = [replace(one, at=one.at - zero) for one in call.decided if one.at >= zero]
    turns = [replace(turn, over_at=turn.over_at - zero) for turn in call.turns if turn.over_at >= zero]
    closed = next((one for one in call.closed if one.at >= zero), None)
    return Outcome(
        case=case,
        preset=preset,
        microphone=microphone,
        agent=agent,
        decided=decided,
        turns=turns,
        history=closed.heard_text if closed is not None and closed.interrupted else None,
        replies=_answers(call, case),
        playout_delay=0.12,
    )


def _answers(call: OfflineCall, case: Case) -> int:
    """Replies that were wished for by the case itself."""
    own = 1 if case.new else 3
    wished = call.wished[own - case.is_about_turns :]
    return len([what for what in wished if what != "(still_there)"])

"""What did a recorded call decide, moment by moment, and what would it have decided with other settings?"""

from __future__ import annotations

import asyncio
import re
import textwrap
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ai_agent.audio_format import BYTES_PER_FRAME
from ai_agent.call_deletion import recording_folder
from ai_agent.call_engine import CallEngine
from ai_agent.call_start import spoken_policy
from ai_agent.commands import PredictEndOfTurn, TranscribeProbe
from ai_agent.live_providers.silero import load_speech_model
from ai_agent.live_providers.webrtc_suppression import WebRtcSuppression
from ai_agent.models import Call
from ai_agent.persona_behaviors import BehaviorRefused, read_behavior
from ai_agent.policy_changes import ChangesRefused, Policies
from ai_agent.providers import (
    CancelToken,
    EndOfTurnModel,
    ProviderError,
    Providers,
    SpeechToText,
    build_providers,
)
from ai_agent.recording_folders import is_own
from ai_agent.recordings import Journal, JournalRefused, engine_ids, read_journal
from ai_agent.replay import EngineSetup, Step, play
from ai_agent.replay_trace import COLUMN_CHARACTERS, DIVIDER, Tracer, side_by_side
from ai_agent.wav_files import HEADER_BYTES, open_file, sound_bytes
from ai_agent.what_if import RULE, Look, what_if
from ai_personas.cards import persona_card
from ai_personas.models import Persona

PAGE_CHARACTERS: Final = 2 * COLUMN_CHARACTERS + len(DIVIDER)
_FILE_OF_EPOCH: Final = re.compile(r"(?:raw\.([1-9]\d{0,9})\.wav|journal\.([1-9]\d{0,9})\.jsonl)")


class Command(BaseCommand):
    help = "Play a recorded call through the engine again and print what it decided; with changed settings, both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("call_id")
        parser.add_argument("--persona", metavar="SLUG", help="with the manners of this persona, as it is published")
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            dest="changes",
            help="with this setting of TurnPolicy or BargeInPolicy, such as hold_ms=480; may be repeated",
        )
        parser.add_argument("--epoch", type=int, help="only this part of a call that was resumed")

    def handle(
        self, *args: Any, call_id: str, persona: str | None, changes: list[str], epoch: int | None, **options: Any
    ) -> None:
        call = _find_call(call_id)
        folder = _find_recording(call)
        wishes = _Wishes(call, None if persona is None else _find_persona(persona), changes)
        try:
            with closing(_Looks()) as looks:
                for number in _epochs(folder, epoch):
                    self._play(_Epoch(folder, number), wishes, looks)
        except (ChangesRefused, JournalRefused, BehaviorRefused, ProviderError) as refusal:
            raise CommandError(str(refusal)) from refusal

    def _play(self, epoch: _Epoch, wishes: _Wishes, looks: _Looks) -> None:
        recorded = epoch.setup
        wished = wishes.of(recorded)
        self._write(epoch.title)
        steps = list(play(epoch.engine(recorded), epoch.journal.facts, epoch.frames()))
        if wishes.is_empty:
            tracer = Tracer()
            self._write(*(str(line) for step in steps for line in tracer.lines(step)))
        else:
            self._compare(epoch, steps, wished, looks)
        self._write(*epoch.what_is_missing(steps), "")

    def _compare(self, epoch: _Epoch, steps: list[Step], wished: EngineSetup, looks: _Looks) -> None:
        changes = _policies(epoch.setup).differences(_policies(wished))
        self._write(f"with {'; '.join(changes) or 'the same settings'}", *textwrap.wrap(RULE, PAGE_CHARACTERS), "")
        looks.language, recorded_language = wished.barge_in_policy.language, epoch.setup.barge_in_policy.language
        hears_anew = looks.language != recorded_language
        if hears_anew:
            until = "Up to the first decision that differs"
            self._write(f"{until} the words are as they were recognised, in {recorded_language!r}.", "")
        tracer = Tracer()
        lines = [line for step in steps for line in tracer.lines(step)]
        otherwise = what_if(epoch.engine(wished), steps, epoch.frames(), ask_now=looks.ask, hears_anew=hears_anew)
        self._write(*side_by_side(lines, otherwise.lines), "")
        if looks.problem:
            self._write(f"Nobody could say whether a turn sounded finished: {looks.problem}", "")
        if otherwise.differs_at is None:
            self._write("Nothing would have been decided otherwise.")
            return
        anew = f" Probes and predictions that were made now: {otherwise.asked_now}." if otherwise.asked_now else ""
        self._write(f"The first decision that differs is at {otherwise.differs_at:.3f}.{anew}")

    def _write(self, *lines: str) -> None:
        for line in lines:
            self.stdout.write(line)


# ── what is asked for ─────────────────────────────────────────────────────────────────────────────


def _find_call(call_id: str) -> Call:
    try:
        call = Call.objects.select_related("room__owner").filter(id=UUID(call_id)).first()
    except ValueError:
        raise CommandError(f"{call_id[:60]!r} is not the id of a call.") from None
    if call is None:
        raise CommandError(f"There is no call {call_id}; it may have been deleted.")
    return call


def _find_recording(call: Call) -> Path:
    folder = recording_folder(call)
    if not call.recording:
        raise CommandError("This call was not recorded: its person had not said yes to that.")
    if not is_own(folder):
        raise CommandError("The recording of this call is gone: it was deleted, or nothing was recorded here then.")
    return folder


def _find_persona(slug: str) -> Persona:
    persona = Persona.objects.select_related("published_version").called(slug).first()
    if persona is None:
        nearest = get_close_matches(slug, sorted(Persona.objects.values_list("slug", flat=True)), n=1, cutoff=0.0)
        raise CommandError(f"There is no persona {slug[:80]!r}{f'; the nearest is {nearest[0]}' if nearest else ''}.")
    if persona.published_version is None:
        raise CommandError(f"{slug} has no published version.")
    return persona


def _epochs(folder: Path, wanted: int | None) -> list[int]:
    """The parts of the call, in order."""
    names = (_FILE_OF_EPOCH.fullmatch(path.name) for path in folder.iterdir())
    there = sorted({int(name[1] or name[2]) for name in names if name})
    if not there:
        raise CommandError("The recording of this call is empty.")
    if wanted is None:
        return there
    if wanted not in there:
        raise CommandError(f"There is no epoch {wanted}; this recording has {', '.join(map(str, there))}.")
    return [wanted]


@dataclass(frozen=True, slots=True)
class _Wishes:
    """The settings that somebody asks about."""

    call: Call
    persona: Persona | None
    changes: list[str]

    @property
    def is_empty(self) -> bool:
        return self.persona is None and not self.changes

    def of(self, recorded: EngineSetup) -> EngineSetup:
        """An engine's setup with them. Raises ChangesRefused, BehaviorRefused."""
        wished = self._policies(recorded).changed(self.changes)
        return replace(recorded, turn_policy=wished.turns, barge_in_policy=wished.barge_in)

    def _policies(self, recorded: EngineSetup) -> Policies:
        if self.persona is None or self.persona.published_version is None:
            return _policies(recorded)
        version = self.persona.published_version
        behavior = read_behavior(version.configuration)
        card = persona_card(version.configuration, slug=self.persona.slug, version=version.number)
        silence_ms = self.call.room.owner.silence_duration_ms or card.silence_duration_ms
        turns = behavior.turn_policy(silence_duration_ms_override=silence_ms)
        patience_ms = recorded.barge_in_policy.probe_patience_ms
        return Policies(
            replace(turns, idle_end_seconds=recorded.turn_policy.idle_end_seconds),
            replace(
                spoken_policy(behavior, version.configuration, user_name=self.call.room.owner.display_name),
                probe_patience_ms=patience_ms,
            ),
        )


def _policies(setup: EngineSetup) -> Policies:
    return Policies(setup.turn_policy, setup.barge_in_policy)


# ── what there is ─────────────────────────────────────────────────────────────────────────────────


class _Epoch:
    """One part of a recorded call. Raises JournalRefused where it cannot be played."""

    def __init__(self, folder: Path, number: int) -> None:
        self._path = folder / f"raw.{number}.wav"
        self._name = f"journal.{number}.jsonl"
        self.journal: Journal = read_journal(folder / self._name)
        self._frame_count = sound_bytes(self._path) // BYTES_PER_FRAME

    @property
    def setup(self) -> EngineSetup:
        return self.journal.setup

    @property
    def title(self) -> str:
        setup, facts = self.setup, self.journal.facts
        goes_on = "" if setup.snapshot is None else ", goes on from where it was lost"
        seconds = self._frame_count * 0.02
        return (
            f"call {setup.call_id}, epoch {setup.epoch}{goes_on}: {setup.persona} version {setup.persona_version}, "
            f"{len(facts)} facts, {self._frame_count} frames ({seconds:.2f} s)"
        )

    def engine(self, setup: EngineSetup) -> CallEngine:
        """As it was built then, or with other policies."""
        suppression = WebRtcSuppression() if setup.conditioning.noise_suppression == "webrtc" else None
        try:
            new_id = engine_ids(setup.call_id, setup.epoch)
            return setup.build(speech_model=load_speech_model(), new_id=new_id, suppression=suppression)
        except (ValueError, TypeError, KeyError) as error:
            raise JournalRefused(f"{self._name}, line 1: no engine can be built from it ({error})") from error

    def frames(self) -> Iterator[bytes]:
        """The sound, whole frames only."""
        if self._frame_count == 0:
            return
        with open_file(self._path) as file:
            file.seek(HEADER_BYTES)
            for _ in range(self._frame_count):
                yield file.read(BYTES_PER_FRAME)

    def what_is_missing(self, steps: list[Step]) -> Iterator[str]:
        """In one line each: what was not played."""
        facts = self.journal.facts
        if len(steps) < len(facts):
            until = steps[-1].now if steps else 0.0
            yield f"The sound ends at {until:.3f}; the journal goes on to {facts[-1]['now']:.3f}, which is not played."
        unused = self._frame_count - sum(step.fact == "on_audio_frame" for step in steps)
        if unused > 0:
            yield f"The last {unused} frames of the sound are not in the journal: its process was killed."


class _Looks:
    """The process's own recogniser and end-of-turn model, loaded when first asked. One sound has one answer."""

    def __init__(self) -> None:
        self.language = "en"
        self.problem: ProviderError | None = None
        """Why there is no end-of-turn model, where one was asked for."""
        self._stack = ExitStack()
        self._answers: dict[tuple[type, str, bytes], Mapping[str, Any] | None] = {}

    def ask(self, look: Look) -> Mapping[str, Any] | None:
        """What `what_if` wants to know.

        Raises:
            ProviderError: there is no recogniser to be had.
        """
        key = (type(look), self.language, look.audio)
        if key not in self._answers:
            self._answers[key] = self._predict(look) if isinstance(look, PredictEndOfTurn) else self._transcribe(look)
        return self._answers[key]

    def _transcribe(self, look: TranscribeProbe) -> Mapping[str, Any]:
        words = self._recogniser.transcribe_probe(look.audio, language=self.language, cancel=CancelToken())
        try:
            heard = self._runner.run(words)
        except ProviderError as error:
            return {"reason": error.reason}
        return {
            "transcript": heard.text,
            "avg_logprob": heard.avg_logprob,
            "no_speech_probability": heard.no_speech_probability,
            "is_doubtful": heard.is_doubtful,
            "alternatives": heard.alternatives,
        }

    def _predict(self, look: PredictEndOfTurn) -> Mapping[str, Any] | None:
        if self._end_of_turn is None:
            return None
        try:
            return {"probability": self._runner.run(self._end_of_turn.predict(look.audio, cancel=CancelToken()))}
        except ProviderError:
            return None

    @cached_property
    def _runner(self) -> asyncio.Runner:
        return self._stack.enter_context(asyncio.Runner())

    @cached_property
    def _providers(self) -> Providers:
        runner, providers = self._runner, build_providers(settings)
        self._stack.callback(lambda: runner.run(providers.close()))
        return providers

    @cached_property
    def _recogniser(self) -> SpeechToText:
        self._runner.run(self._providers.stt.warm_up())
        return self._providers.stt

    @cached_property
    def _end_of_turn(self) -> EndOfTurnModel | None:
        """None: there is none, and silence alone ends a turn."""
        self.problem = self._runner.run(self._providers.warm_up_end_of_turn())
        return None if self.problem else self._providers.end_of_turn

    def close(self) -> None:
        self._stack.close()

"""`manage.py replay_call`: a recorded call looked at again, with its own settings or with others."""

from __future__ import annotations

import asyncio
import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from channels.db import database_sync_to_async
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from ai_agent import live_calls
from ai_agent.audio_format import BYTES_PER_FRAME, SAMPLES_PER_FRAME, SILENT_FRAME
from ai_agent.call_deletion import recording_folder
from ai_agent.call_tape import CallTape
from ai_agent.management.commands import replay_call
from ai_agent.mock_providers.llm import MockLanguageModel
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.models import Call, CallStatus, Room
from ai_agent.providers import ProviderError, Providers, Transcript
from ai_agent.recording_folders import remove_folder
from ai_agent.recordings import JOURNAL_SCHEMA_VERSION, CallRecording, RecordingWriter, engine_ids
from ai_agent.wav_files import HEADER_BYTES
from tests.core.speech import recording
from tests.scripted_call import SETUP, ScriptedCall, loudness_vad
from tests.shell.callers import calling, door_of, guest, seen


@pytest.fixture
def root(tmp_path: Path, settings: Any) -> Path:
    settings.RECORDINGS_DIR = str(tmp_path / "recordings")
    return Path(settings.RECORDINGS_DIR)


@pytest.fixture
def call(room: Room, root: Path) -> Call:
    """A call that is over, and whose person had said yes."""
    return Call.objects.create(
        room=room,
        persona=room.persona,
        persona_version=room.persona.published_version,
        status=CallStatus.ENDED,
        lease_owner="host:1",
        ended_at=timezone.now(),
        recording=True,
    )


def scripted(call: Call, *, epoch: int = 1, probe_words: str = "tell me about knots") -> ScriptedCall:
    """A question, and a second of speech over its answer."""
    script = ScriptedCall(
        replace(SETUP, call_id=str(call.id), epoch=epoch),
        transcripts=["What is a rope?", "And a knot?"],
        replies=[[("A rope is a long thing.", 2.0), ("Longer than a knot.", 2.0)], [("Goodbye.", 1.0)]],
        probe_words=lambda _: probe_words,
        new_id=engine_ids(call.id, epoch),
    )
    script.hear("....ssssss" + "." * 45 + "ssssssssss" + "." * 60)
    return script


def written(call: Call, script: ScriptedCall) -> Path:
    """The script as a real recording keeps it; its folder."""
    folder, writer = recording_folder(call), RecordingWriter()

    async def record() -> None:
        open_recording = partial(CallRecording, folder, epoch=script.setup.epoch, writer=writer)
        tape = CallTape(open_recording, on_ended=pytest.fail)
        tape.write_setup(script.setup)
        frames = iter(script.frames)
        for fact in script.facts:
            told = {"now": fact["now"], "arguments": fact["arguments"]}
            if fact["fact"] == "on_audio_frame":
                tape.write_frame(next(frames), **told)
            else:
                tape.write_fact(fact["fact"], **told)
        tape.close()

    asyncio.run(record())
    writer.close()
    return folder


@pytest.fixture
def recorded(call: Call, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Call]:
    """The call, with the recording of a drawing; the speech model reads drawings."""
    monkeypatch.setattr(replay_call, "load_speech_model", lambda: loudness_vad)

    def record(**script: Any) -> Call:
        written(call, scripted(call, **script))
        return call

    return record


def replay(*arguments: object) -> str:
    output = StringIO()
    call_command("replay_call", *map(str, arguments), stdout=output)
    return output.getvalue()


def refusal(*arguments: object) -> str:
    with pytest.raises(CommandError) as refused:
        replay(*arguments)
    return str(refused.value)


# ── the trace ─────────────────────────────────────────────────────────────────────────────────────


def test_a_call_is_told_from_its_first_word_to_its_last(recorded: Callable[..., Call]) -> None:
    call = recorded()
    told = replay(call.id)
    assert told.startswith(f"call {call.id}, epoch 1: technical-expert version 3, ")
    for line in (
        "words      “What is a rope?”",
        "duck       -12 dB",
        "hold       within 20 ms",
        "probe      look 1: “tell me about knots”, 200 ms after it was asked",
        "barge-in   accepted: ",
        "reply      heard “A rope is a long” of “A rope is a long thing. Longer than a knot.”, interrupted",
        "reply      heard “Goodbye.”",
    ):
        assert line in told, told
    assert "~" not in told and "*" not in told


def test_the_same_call_twice_gives_the_same_trace_to_the_byte(recorded: Callable[..., Call]) -> None:
    call = recorded()
    assert replay(call.id).encode() == replay(call.id).encode()
    otherwise = (call.id, "--set", "hold_ms=never", "--set", "probe_lead_ms=0")
    assert replay(*otherwise).encode() == replay(*otherwise).encode()


def test_the_parts_of_a_resumed_call_are_played_in_order_or_one_alone(recorded: Callable[..., Call]) -> None:
    call = recorded()
    written(call, scripted(call, epoch=12))
    told = replay(call.id)
    assert told.index("epoch 1:") < told.index("epoch 12:")
    assert told == replay(call.id, "--epoch", 1) + replay(call.id, "--epoch", 12)
    assert refusal(call.id, "--epoch", 2) == "There is no epoch 2; this recording has 1, 12."


# ── what if ───────────────────────────────────────────────────────────────────────────────────────


def test_other_settings_stand_beside_what_was(recorded: Callable[..., Call]) -> None:
    told = replay(recorded().id, "--set", "hold_ms=900", "--set", "duck_gain_db=-12")
    assert "with hold_ms 480 → 900\n" in told
    assert "what would have been (~" in told
    [held] = [line for line in told.splitlines() if "hold       within" in line]
    assert held.endswith("│"), "only on the left"
    [decided] = [line for line in told.splitlines() if line.count("accepted: ") == 2]
    assert " │ ~" in decided
    assert "The first decision that differs is at " in told


def test_settings_that_decide_nothing_say_so(recorded: Callable[..., Call]) -> None:
    told = replay(recorded().id, "--set", "hold_ms=480")
    assert "with the same settings" in told
    assert told.rstrip().endswith("Nothing would have been decided otherwise.")


def test_another_persona_brings_its_manners_and_the_persons_own_patience_stays(recorded: Callable[..., Call]) -> None:
    call = recorded()
    told = replay(call.id, "--persona", "empathetic-coach")
    assert "hold_ms 480 → 640" in told and "silence_duration_ms" not in told
    call.room.owner.silence_duration_ms = 4_000
    call.room.owner.save()
    assert "silence_duration_ms 2500 → 4000" in replay(call.id, "--persona", "empathetic-coach", "--set", "hold_ms=480")


def test_a_probe_that_nobody_asked_is_transcribed_by_the_process_own_recogniser(
    recorded: Callable[..., Call], settings: Any
) -> None:
    settings.MOCK_STT_TEXT = "mm-hm"
    told = replay(recorded().id, "--set", "probe_lead_ms=0")
    [row] = [row for row in told.splitlines() if "look 1: “mm-hm” (logprob -0.10" in row]
    assert row.index("│") < row.index("mm-hm"), "on the right"
    assert "Probes and predictions that were made now: 3." in told and "asked*" in told


def test_what_a_probe_that_is_made_now_may_have_been_as_well_counts(
    recorded: Callable[..., Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def doubtful(*_: object, **__: object) -> Transcript:
        return Transcript("Okay, start.", avg_logprob=-0.5, is_doubtful=True, alternatives=("Okay, stop.",))

    monkeypatch.setattr(MockSpeechToText, "transcribe_probe", doubtful)
    assert "“Okay, start.” or “Okay, stop.”" in replay(recorded().id, "--set", "probe_lead_ms=0")


def test_another_language_says_in_which_one_the_words_were_recognised(recorded: Callable[..., Call]) -> None:
    told = replay(recorded().id, "--set", "language=hi")
    assert "Up to the first decision that differs the words are as they were recognised, in 'en'." in told


def test_without_an_end_of_turn_model_one_line_says_why_nobody_was_asked(
    recorded: Callable[..., Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def missing(*_: object) -> ProviderError:
        return ProviderError("smart-turn", "its file is not there", retryable=False)

    monkeypatch.setattr(Providers, "warm_up_end_of_turn", missing)
    told = replay(recorded().id, "--set", "turn_detection=adaptive")
    assert "Nobody could say whether a turn sounded finished: smart-turn: its file is not there" in told


# ── what cannot be played ─────────────────────────────────────────────────────────────────────────


def test_what_cannot_be_set_is_said_a_line_each(recorded: Callable[..., Call]) -> None:
    said = refusal(recorded().id, "--set", "hold_sm=3", "--set", "max_probes=99")
    assert said.splitlines() == [
        "hold_sm: there is no such setting; the nearest is hold_ms",
        "max_probes=99: it goes from 0 to 10",
    ]


def test_a_persona_that_is_not_there_is_answered_with_the_nearest(recorded: Callable[..., Call]) -> None:
    said = refusal(recorded().id, "--persona", "emphatic-coach")
    assert said == "There is no persona 'emphatic-coach'; the nearest is empathetic-coach."


def test_a_call_that_is_not_there_is_said(db: None) -> None:
    assert refusal("yesterday") == "'yesterday' is not the id of a call."
    nobodys = uuid.uuid4()
    assert refusal(nobodys) == f"There is no call {nobodys}; it may have been deleted."


def test_a_call_without_a_recording_says_why(call: Call) -> None:
    assert "is gone: it was deleted" in refusal(call.id)
    recording_folder(call).mkdir(parents=True)
    assert refusal(call.id) == "The recording of this call is empty."
    call.recording = False
    call.save()
    assert "its person had not said yes" in refusal(call.id)


def test_a_recording_that_was_deleted_is_gone(recorded: Callable[..., Call]) -> None:
    call = recorded()
    remove_folder(recording_folder(call))
    assert "is gone: it was deleted" in refusal(call.id)


def test_a_link_in_place_of_a_recording_is_not_followed(recorded: Callable[..., Call], tmp_path: Path) -> None:
    call = recorded()
    folder = recording_folder(call)
    shutil.move(folder / "journal.1.jsonl", tmp_path / "elsewhere.jsonl")
    (folder / "journal.1.jsonl").symlink_to(tmp_path / "elsewhere.jsonl")
    assert refusal(call.id) == "journal.1.jsonl cannot be read: journal.1.jsonl is a link"


def spoil(call: Call, line: int, old: str, new: str) -> None:
    """Change one line of the journal, counted from 1."""
    path = recording_folder(call) / "journal.1.jsonl"
    lines = path.read_text().splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    path.write_text("".join(lines))


@pytest.mark.parametrize(
    ("line", "old", "new", "said"),
    [
        (1, f'"v":{JOURNAL_SCHEMA_VERSION}', '"v":1', "line 1: journal version 1, this release reads "),
        (1, '"hold_ms":480', '"hold_mss":480', "BargeInPolicy of another release: hold_ms, hold_mss"),
        (1, '"silence_duration_ms":2500', '"silence_duration_ms":"long"', "line 1: no engine can be built from it"),
        (2, '"on_media_connected"', '"on_media_connect"', "line 2: 'on_media_connect' is not a fact of a call"),
        (3, '{"v"', '"v"', "line 3: not JSON"),
        (3, '"now":', '"then":', "line 3: on_audio_frame at None, which is no time"),
        (3, '"agent_dbfs":', '"agent_db":', "line 3: on_audio_frame has other arguments than agent_dbfs"),
        (3, '"agent_dbfs":-', '"agent_dbfs":"","x":-', "line 3: on_audio_frame has other arguments"),
        (3, '"samples_sent":0', '"samples_sent":"0"', "line 3: on_audio_frame: samples_sent cannot be '0'"),
    ],
)
def test_a_journal_that_cannot_be_played_is_refused_in_one_line(
    recorded: Callable[..., Call], line: int, old: str, new: str, said: str
) -> None:
    call = recorded()
    spoil(call, line, old, new)
    refused = refusal(call.id)
    assert refused.startswith("journal.1.jsonl") and said in refused and "\n" not in refused


def test_a_recording_shorter_than_its_journal_is_played_as_far_as_it_goes(
    recorded: Callable[..., Call],
) -> None:
    call = recorded()
    whole = replay(call.id)
    with (recording_folder(call) / "raw.1.wav").open("r+b") as sound:
        sound.truncate(HEADER_BYTES + 100 * BYTES_PER_FRAME + 7)
    told = replay(call.id).splitlines()
    assert told[1:-2] == whole.splitlines()[1 : len(told) - 2]
    assert told[-2].startswith("The sound ends at 2.000; the journal goes on to ")
    assert "The sound ends at 2.000" in replay(call.id, "--set", "silence_duration_ms=700")


def test_sound_that_a_killed_process_did_not_write_down_is_mentioned(recorded: Callable[..., Call]) -> None:
    call = recorded()
    with (recording_folder(call) / "raw.1.wav").open("ab") as sound:
        sound.write(3 * SILENT_FRAME)
    assert "The last 3 frames of the sound are not in the journal" in replay(call.id)


# ── a real one ────────────────────────────────────────────────────────────────────────────────────

LONG_ANSWER = "The old stone bridge near our village stays open all night long, " * 3 + "as it has always done."


def a_voice() -> np.ndarray:
    """Somebody who reads aloud, in whole frames."""
    sound = recording("a novel")[: 150 * SAMPLES_PER_FRAME]
    return (sound / np.abs(sound).max() * 16_000).astype(np.int16)


@pytest.mark.django_db(transaction=True)
@pytest.mark.real_time
@pytest.mark.usefixtures("calls_have_ended")
async def test_a_real_call_is_replayed_as_it_was_and_twice_to_the_byte(provide: Callable[..., None]) -> None:
    """The caller speaks over a long answer, wins, and is answered."""
    provide(stt=MockSpeechToText(text="please stop"), llm=MockLanguageModel(reply=LONG_ANSWER))
    me = await guest("ada", recording=True)
    async with door_of(me) as door:
        ready = await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "agent_state", state="AI_SPEAKING")
            await door.send({"type": "cancel_tts"})
            await door.send({"type": "user_text", "text": "Is the bridge open?"})
            await seen(caller, "transcript", role="assistant", text=LONG_ANSWER)
            await asyncio.sleep(2.0)
            await caller.voice.say(a_voice())
            await seen(caller, "barge_in", decision="accepted")
            await seen(caller, "transcript", role="user", text="please stop")
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    await asyncio.gather(*(session.finished() for session in list(live_calls._sessions.values())))
    await asyncio.to_thread(live_calls.flush_recordings)
    replayed = database_sync_to_async(replay)
    once, again = await replayed(ready["call_id"]), await replayed(ready["call_id"])
    assert once.encode() == again.encode()
    folder = Path(django_settings.RECORDINGS_DIR) / me.room_id / ready["call_id"]
    events = [json.loads(line) for line in next(folder.glob("events.*.jsonl")).read_text().splitlines()]
    moves = [(event["phase"], event["reason"]) for event in events if event["event"] == "phase"]
    phases = [line.split()[-2:] for line in once.splitlines() if line.split()[1:2] == ["phase"]]
    assert [(phase, reason.strip("()")) for phase, reason in phases] == moves
    assert "“please stop”" in once and "accepted: stop_word" in once and "interrupted" in once
    for setting in ("silence_duration_ms=1000", "probe_lead_ms=0"):
        otherwise = await replayed(ready["call_id"], "--set", setting)
        assert otherwise == await replayed(ready["call_id"], "--set", setting)
        assert "The first decision that differs is at " in otherwise
        assert otherwise.count("call       ends (user_ended)") == 2

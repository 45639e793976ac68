"""A call's sound over HTTP, and its deletion: one's own only, never out of its folder, never all in memory."""

from __future__ import annotations

import asyncio
import json
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import AsyncClient, Client
from django.utils import timezone

from accounts.models import User
from ai_agent import recording_folders
from ai_agent.audio_format import SILENT_FRAME
from ai_agent.call_deletion import recording_folder
from ai_agent.models import Call, CallStatus, Room, Turn
from ai_agent.recording_folders import make_folder, open_track
from ai_agent.wav_files import HEADER_BYTES, append_wav, wav_header
from conftest import PASSWORD, signed_in

USER, AGENT = b"\1\0" * 2_400, b"\2\0" * 2_000


@pytest.fixture(autouse=True)
def _own_root(tmp_path: Path, settings: Any) -> None:
    settings.RECORDINGS_DIR = str(tmp_path / "recordings")


@pytest.fixture
def call(room: Room) -> Call:
    """A call of Ada's that is over, recorded under two epochs."""
    call = Call.objects.create(
        room=room,
        persona=room.persona,
        persona_version=room.persona.published_version,
        status=CallStatus.ENDED,
        lease_owner="host:1",
        ended_at=timezone.now(),
        recording=True,
    )
    Turn.objects.create(call=call, turn_id=uuid.uuid4(), number=1, started_at=0, transcript="What time is it?")
    folder = recording_folder(call)
    make_folder(folder)
    for epoch in (2, 10):
        append_wav(folder / f"raw.{epoch}.wav", USER, data_bytes=len(USER))
        append_wav(folder / f"agent.{epoch}.wav", AGENT, data_bytes=len(AGENT))
    (folder / "stereo.wav").write_bytes(wav_header(16, channels=2) + bytes(range(16)))
    (folder / "timeline.json").write_text("{}")
    return call


def path_of(call: Call, track: str = "", **more: str) -> str:
    query = "&".join([f"track={track}"] * bool(track) + [f"{name}={value}" for name, value in more.items()])
    return f"/api/v1/calls/{call.id}/recording/{'?' if query else ''}{query}"


def get(client: Client, path: str, **headers: str) -> tuple[Any, bytes]:
    answer = client.get(path, headers=headers)
    if not answer.streaming:
        return answer, answer.content
    return answer, b"".join(asyncio.run(pieces(answer)))


async def pieces(answer: Any) -> list[bytes]:
    return [piece async for piece in answer.streaming_content]


# ── listening ─────────────────────────────────────────────────────────────────────────────────────


def test_the_stereo_file_is_what_is_heard_unless_a_track_is_named(browser: Client, call: Call) -> None:
    answer, sound = get(browser, path_of(call))
    assert (answer.status_code, answer["Content-Type"], answer["Accept-Ranges"]) == (200, "audio/wav", "bytes")
    assert answer["Content-Length"] == str(len(sound)) == str(HEADER_BYTES + 16)
    assert sound == (recording_folder(call) / "stereo.wav").read_bytes()
    assert answer["Cache-Control"] == "private, no-store"
    assert f"call-{call.id}-stereo.wav" in answer["Content-Disposition"]


def test_a_track_is_all_of_its_epochs_in_order_and_as_long_as_the_users(browser: Client, call: Call) -> None:
    folder = recording_folder(call)
    (folder / "raw.2.wav").write_bytes((folder / "raw.2.wav").read_bytes() + b"\7")  # killed in mid-sample
    _, user = get(browser, path_of(call, "user"))
    _, agent = get(browser, path_of(call, "agent"))
    assert user == wav_header(2 * len(USER)) + USER + USER
    missing = bytes(len(USER) - len(AGENT))
    assert agent == wav_header(2 * len(USER)) + (AGENT + missing) * 2


@pytest.mark.parametrize(
    ("asked", "part"),
    [("bytes=0-43", (0, 44)), ("bytes=40-49", (40, 50)), ("bytes=4840-4850", (4840, 4851)), ("bytes=-6", (9638, 9644))],
)
def test_a_part_is_answered_with_206(browser: Client, call: Call, asked: str, part: tuple[int, int]) -> None:
    whole = wav_header(2 * len(USER)) + USER + USER
    answer, sound = get(browser, path_of(call, "user"), range=asked)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {part[0]}-{part[1] - 1}/{len(whole)}"
    assert (sound, answer["Content-Length"]) == (whole[slice(*part)], str(part[1] - part[0]))


@pytest.mark.parametrize("asked", ["bytes=60-", "bytes=999999999-", "bytes=-0"])
def test_a_part_that_is_not_there_is_416_in_json(browser: Client, call: Call, asked: str) -> None:
    answer, body = get(browser, path_of(call), range=asked)
    assert (answer.status_code, json.loads(body)["code"]) == (416, "no_such_range")
    assert answer["Content-Range"] == f"bytes */{HEADER_BYTES + 16}"


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=", "bytes=-", "bytes=9-2", "bytes=a-b", "lines=0-1", "bytes=0-1,4-5", "bytes=" + "9" * 30 + "-"],
)
def test_a_range_that_makes_no_sense_is_not_looked_at(browser: Client, call: Call, asked: str) -> None:
    answer, sound = get(browser, path_of(call), range=asked)
    assert (answer.status_code, len(sound)) == (200, HEADER_BYTES + 16)


def test_a_part_that_depends_on_a_state_nobody_was_told_is_all_of_it(browser: Client, call: Call) -> None:
    answer, _ = get(browser, path_of(call), range="bytes=0-9", **{"if-range": '"a"'})
    assert answer.status_code == 200


@pytest.mark.parametrize("track", ["both", "", "STEREO", "../stereo", "raw.2", "stereo%00", "x" * 5_000])
def test_a_track_that_is_none_is_refused_by_its_name(browser: Client, call: Call, track: str) -> None:
    answer = browser.get(f"/api/v1/calls/{call.id}/recording/?track={track}")
    assert (answer.status_code, answer.json()["code"], list(answer.json()["errors"])) == (422, "invalid", ["track"])


@pytest.mark.parametrize("call_id", ["not-a-uuid", "..", "%2e%2e%2f%2e%2e", "0"])
def test_a_call_that_is_none_is_not_there(browser: Client, call: Call, call_id: str) -> None:
    answer = browser.get(f"/api/v1/calls/{call_id}/recording/")
    assert answer.status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_recording_is_only_heard(browser: Client, call: Call, method: str) -> None:
    answer = getattr(browser, method)(path_of(call))
    assert (answer.status_code, answer.json()["code"]) == (405, "not_allowed")


def test_what_was_not_recorded_is_not_there(browser: Client, call: Call) -> None:
    answer = browser.get(path_of(call, "conditioned"))
    assert (answer.status_code, answer.json()["code"]) == (404, "no_recording")
    remove = recording_folders.remove_folder(recording_folder(call))
    assert remove
    assert browser.get(path_of(call)).json()["code"] == "no_recording"


def test_no_link_leads_out(browser: Client, call: Call, tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(wav_header(8) + b"password")
    folder = recording_folder(call)
    for name in ("stereo.wav", "conditioned.2.wav", "raw.3.wav"):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(secret)
    assert browser.get(path_of(call)).status_code == 404
    assert browser.get(path_of(call, "conditioned")).status_code == 404
    assert b"password" not in get(browser, path_of(call, "user"))[1]
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    assert browser.get(path_of(call, "user")).status_code == 404
    folder.unlink()
    folder.parent.rmdir()
    (tmp_path / "rooms").mkdir()
    elsewhere.rename(tmp_path / "rooms" / folder.name)
    folder.parent.symlink_to(tmp_path / "rooms")
    assert browser.get(path_of(call, "user")).status_code == 404


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_in_its_place_holds_nobody_up(browser: Client, call: Call) -> None:
    stereo = recording_folder(call) / "stereo.wav"
    stereo.unlink()
    os.mkfifo(stereo)
    assert browser.get(path_of(call)).status_code == 404


def test_what_vanishes_while_it_is_read_is_silence(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording_folders, "CHUNK_BYTES", 1_000)
    folder = recording_folder(call)
    sound = open_track(folder, "user")
    assert sound is not None
    read = sound.read(0, sound.length)
    start = [next(read), next(read)]
    (folder / "raw.10.wav").unlink()
    (folder / "raw.2.wav").write_bytes(b"")
    heard = b"".join([*start, *read])
    assert len(heard) == sound.length
    assert heard[HEADER_BYTES : HEADER_BYTES + 1_000] == USER[:1_000] and not any(heard[HEADER_BYTES + len(USER) :])


async def test_it_is_read_in_small_pieces(transactional_db: None) -> None:
    """An hour is never in memory: the server asks for one piece after the other."""
    call, client = await asyncio.to_thread(_long_call)
    answer = await client.get(path_of(call, "user"))
    sizes = [len(piece) async for piece in answer.streaming_content]
    assert max(sizes) <= recording_folders.CHUNK_BYTES and sum(sizes) == HEADER_BYTES + 5_000_000


def _long_call() -> tuple[Call, AsyncClient]:
    from django.core.management import call_command

    from ai_personas.models import Persona

    call_command("load_presets", verbosity=0)
    person, persona = User.objects.create_user("long", password=PASSWORD), Persona.objects.get(slug="helpful-assistant")
    room = Room.objects.create(owner=person, persona=persona)
    call = Call.objects.create(
        room=room, persona=persona, persona_version=persona.published_version, lease_owner="host:1", recording=True
    )
    make_folder(recording_folder(call))
    append_wav(recording_folder(call) / "raw.1.wav", bytes(5_000_000), data_bytes=5_000_000)
    client = AsyncClient()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return call, client


# ── what the page is told ─────────────────────────────────────────────────────────────────────────


def test_a_call_says_whether_it_can_be_heard(browser: Client, call: Call) -> None:
    def sound() -> str:
        return str(browser.get(f"/api/v1/calls/{call.id}/").json()["sound"])

    folder = recording_folder(call)
    assert sound() == "ready"
    (folder / "stereo.wav").unlink()
    assert sound() == "none", "it is finished, and nobody was heard"
    (folder / "timeline.json").unlink()
    assert sound() == "unfinished"
    recording_folders.remove_folder(folder)
    assert sound() == "deleted"
    Call.objects.update(recording=False)
    assert sound() == "none"


# ── deletion ──────────────────────────────────────────────────────────────────────────────────────


def test_a_call_goes_with_its_words_and_its_recording(browser: Client, call: Call) -> None:
    folder = recording_folder(call)
    Room.objects.update(call=call)
    answer = browser.delete(f"/api/v1/calls/{call.id}/")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not Call.objects.exists() and not Turn.objects.exists()
    assert not folder.exists() and not folder.parent.exists()
    assert Room.objects.get().call is None
    assert browser.delete(f"/api/v1/calls/{call.id}/").status_code == 404


def test_somebody_elses_call_stays(stranger: User, call: Call) -> None:
    assert signed_in(stranger).delete(f"/api/v1/calls/{call.id}/").status_code == 404
    assert signed_in(stranger).get(path_of(call)).status_code == 404
    assert Call.objects.exists() and recording_folder(call).is_dir()


@pytest.mark.parametrize("status", [CallStatus.LIVE, CallStatus.LOST])
def test_a_call_that_goes_on_is_not_deleted(browser: Client, call: Call, status: str) -> None:
    Call.objects.update(status=status, ended_at=None, lost_at=timezone.now())
    answer = browser.delete(f"/api/v1/calls/{call.id}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "call_is_live")
    assert Call.objects.exists() and recording_folder(call).is_dir()


def test_without_the_token_of_a_page_nothing_is_deleted(person: User, call: Call) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.delete(f"/api/v1/calls/{call.id}/")
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert Call.objects.exists()


def test_a_deletion_needs_no_body_and_takes_none_that_is_too_large(browser: Client, call: Call) -> None:
    answer = browser.delete(f"/api/v1/calls/{call.id}/", "x" * 70_000, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert Call.objects.exists()
    assert browser.delete(f"/api/v1/calls/{call.id}/", "no JSON", content_type="text/plain").status_code == 204


def test_a_call_that_nobody_offered_for_is_not_there(browser: Client, call: Call) -> None:
    Call.objects.update(status=CallStatus.LIVE, lease_owner="", ended_at=None)
    assert browser.delete(f"/api/v1/calls/{call.id}/").status_code == 404


def test_what_cannot_be_removed_keeps_its_row(browser: Client, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("shutil.rmtree", refuse)
    browser.raise_request_exception = False
    answer = browser.delete(f"/api/v1/calls/{call.id}/")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert Call.objects.exists()


def test_deletion_follows_no_link(browser: Client, call: Call, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    folder = recording_folder(call)
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    (elsewhere / "out").symlink_to(tmp_path)
    assert browser.delete(f"/api/v1/calls/{call.id}/").status_code == 204
    assert not folder.is_symlink() and (elsewhere / "raw.2.wav").exists()


def test_a_recording_that_still_writes_does_not_come_again(call: Call, browser: Client) -> None:
    from ai_agent.recordings import CallRecording, RecordingWriter

    writer, failures = RecordingWriter(), []
    folder = recording_folder(call)
    recording = CallRecording(folder, epoch=11, writer=writer, on_failed=failures.append)
    for number in range(30):
        recording.write_frame(SILENT_FRAME, now=number / 50)
    writer.close()
    assert browser.delete(f"/api/v1/calls/{call.id}/").status_code == 204
    recording.write_utterance(str(uuid.uuid4()), SILENT_FRAME)
    recording.close()
    writer.close()
    assert not folder.exists()
    assert failures == ["No such file or directory"]

"""Who is let in, and what is said to the others? The WebSocket's door, through the whole stack, without media."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.contrib.sessions.models import Session

from accounts.models import User
from accounts.tickets import issue_ticket
from ai_agent import call_media, live_calls, signaling
from ai_agent.call_refusals import RoomNotFound
from ai_agent.call_session import CallSession
from ai_agent.models import Call, Room
from ai_agent.process import THIS_PROCESS
from ai_agent.rate_limits import KeyedBuckets
from ai_personas.models import Persona
from tests.shell.callers import application, door_of, guest
from tests.shell.loopback_peer import new_client, voice

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_time,
    pytest.mark.usefixtures("calls_have_ended"),
]

INVALID = sorted((Path(__file__).parents[3] / "contracts" / "signalling" / "invalid").glob("*.json"))


@pytest.fixture(autouse=True)
def _warm_process(monkeypatch):
    monkeypatch.setattr(THIS_PROCESS, "slots", 2)
    live_calls.ENGINES.load()
    THIS_PROCESS.warm_up_succeeded()
    yield
    assert THIS_PROCESS.calls == 0, "every slot was given back"


async def close_code(door) -> int:
    return (await door.until("close"))["code"]


async def test_who_is_not_signed_in_is_closed_with_4401():
    me = await guest("ada")
    async with door_of(me, cookie="") as door:
        assert await close_code(door) == signaling.CLOSE_NOT_SIGNED_IN


async def test_somebody_elses_room_is_closed_with_4404():
    mine, theirs = await guest("ada"), await guest("eve")
    async with door_of(mine, cookie=theirs.cookie) as door:
        assert await close_code(door) == signaling.CLOSE_NO_SUCH_ROOM


@pytest.mark.parametrize("room_id", [str(uuid4()), "not-a-room", "%00", "1" * 300])
async def test_a_room_that_is_not_there_is_closed_with_4404(room_id):
    me = await guest("ada")
    async with door_of(me, path=f"/ws/signaling/{room_id}/") as door:
        assert await close_code(door) == signaling.CLOSE_NO_SUCH_ROOM


@pytest.mark.parametrize("origin", [None, b"https://evil.example", b"http://localhost:3001"])
async def test_another_page_does_not_get_as_far_as_a_socket(origin):
    me = await guest("ada")
    headers = [(b"cookie", f"sessionid={me.cookie}".encode()), *([(b"origin", origin)] if origin else [])]
    communicator = WebsocketCommunicator(application, f"/ws/signaling/{me.room_id}/", headers=headers)
    assert (await communicator.connect())[0] is False


async def test_a_ticket_opens_its_room_once():
    me = await guest("ada")
    ticket = await database_sync_to_async(lambda: issue_ticket(me.user_id, Room.objects.get(id=me.room_id).id))()
    path = f"/ws/signaling/{me.room_id}/?ticket={ticket}"
    async with door_of(me, path=path, cookie="") as door:
        assert (await door.until("ready"))["room_id"] == me.room_id
    async with door_of(me, path=path, cookie="") as door:
        assert await close_code(door) == signaling.CLOSE_NOT_SIGNED_IN


async def test_a_full_process_says_when_to_try_again_before_it_closes_with_4429(monkeypatch):
    monkeypatch.setattr(THIS_PROCESS, "slots", 0)
    me = await guest("ada")
    async with door_of(me) as door:
        error = await door.until("error")
        assert (error["code"], error["retry_after"] > 0) == ("at_capacity", True)
        assert await close_code(door) == signaling.CLOSE_AT_CAPACITY


async def test_a_person_has_no_more_calls_than_one_may_have(settings):
    settings.MAX_CALLS_PER_USER = 1
    me = await guest("ada")
    async with door_of(me) as door:
        await begin(door)
        async with door_of(me, path=await another_room(me)) as other:
            error = await other.until("error")
            assert (error["code"], "1 call going on" in error["message"]) == ("at_capacity", True)
            assert await close_code(other) == signaling.CLOSE_AT_CAPACITY


async def test_a_call_begins_and_the_server_ends_also_where_other_sockets_cannot_be_told(monkeypatch):
    class Dumb:
        async def group_send(self, *_):
            raise ConnectionError("the channel layer's server is gone")

    async with door_of(await guest("ada")) as door:
        monkeypatch.setattr(live_calls, "get_channel_layer", Dumb)
        await begin(door)
        await door.send({"type": "ping", "at": 1})
        await door.until("pong")
        await live_calls.drain()
        assert await close_code(door) == signaling.CLOSE_RESTARTING


async def test_a_lost_call_is_taken_up_again_also_where_its_person_has_begun_another(settings):
    settings.MAX_CALLS_PER_USER = 1
    me = await guest("ada")
    async with door_of(me) as door:
        first = await begin(door)
    await asyncio.gather(*(session.finished() for session in live_calls._sessions.values()))
    async with door_of(me, path=await another_room(me)) as other:
        await begin(other)
        async with door_of(me) as door:
            again = await door.until("ready")
            assert (again["call_id"], again["resumed"]) == (first["call_id"], True)


@database_sync_to_async
def another_room(me) -> str:
    """The address of one more room of this guest."""
    room = Room.objects.get(id=me.room_id)
    return f"/ws/signaling/{Room.objects.create(owner_id=me.user_id, persona=room.persona).id}/"


async def begin(door) -> dict:
    """Take the room's call, with an offer that brings no sound."""
    ready = await door.until("ready")
    await door.send({"type": "offer", "sdp": "v=0"})
    await door.until("error")
    return ready


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/signaling/", "/ws/signaling/a/b/", "/ws/other\n/x"])
async def test_a_socket_to_nowhere_is_closed_with_4404(path):
    async with door_of(await guest("ada"), path=path) as door:
        assert await close_code(door) == signaling.CLOSE_NO_SUCH_ROOM


async def test_a_process_that_is_not_set_up_says_so_for_good_and_not_that_it_is_full(monkeypatch):
    monkeypatch.setattr(THIS_PROCESS, "_misconfigured", "whisper: model.bin is missing")
    async with door_of(await guest("ada")) as door:
        error = await door.until("error")
        assert (error["code"], error["recoverable"], "retry_after" in error) == ("misconfigured", False, False)
        assert "model.bin is missing" in error["message"]
        assert await close_code(door) == signaling.CLOSE_INTERNAL


async def test_an_accident_at_the_door_is_told_and_closed_with_4500(monkeypatch):
    async def fail(*_):
        raise ConnectionError("the channel layer's server is gone")

    monkeypatch.setattr(live_calls, "prepare", fail)
    async with door_of(await guest("ada")) as door:
        error = await door.until("error")
        assert (error["code"], error["recoverable"]) == ("internal_error", False)
        assert "gone" not in error["message"], "the reason is the log's"
        assert await close_code(door) == signaling.CLOSE_INTERNAL


async def test_no_new_call_begins_with_an_archived_persona():
    me = await guest("ada")
    await database_sync_to_async(lambda: Persona.objects.update(is_archived=True))()
    async with door_of(me) as door:
        error = await door.until("error")
        assert (error["code"], error["recoverable"]) == ("persona_archived", False)
        assert await close_code(door) == signaling.CLOSE_NO_SUCH_ROOM


# ── who waits at the door ─────────────────────────────────────────────────────────────────────────


@database_sync_to_async
def statuses() -> list[str]:
    return list(Call.objects.values_list("status", flat=True))


@database_sync_to_async
def calls() -> list[tuple[str, bool]]:
    return [(str(call.id), call.was_offered) for call in Call.objects.all()]


@pytest.fixture
def laid(monkeypatch):
    """The lines that were laid."""
    lay, lines = call_media.lay_line, []

    def noted(settings):
        lines.append(lay(settings))
        return lines[-1]

    monkeypatch.setattr(call_media, "lay_line", noted)
    return lines


async def test_the_line_that_was_laid_for_an_offer_is_taken_away_with_the_socket(laid):
    async with door_of(await guest("ada")) as door:
        await door.until("ready")
        await door.send({"type": "ping", "at": 1.0})
        await door.until("pong")
        assert [line.is_closing for line in laid] == [False]
    assert [line.is_closing for line in laid] == [True]


async def test_an_offer_is_answered_while_its_call_is_opened_and_where_that_is_refused_the_line_is_gone(
    laid, monkeypatch
):
    may_open = asyncio.Event()

    async def refused(*_, **__):
        await may_open.wait()
        raise RoomNotFound

    monkeypatch.setattr(live_calls.call_store, "open_call", refused)
    client = new_client(voice())
    await client.setLocalDescription(await client.createOffer())
    async with door_of(await guest("ada")) as door:
        await door.until("ready")
        await door.send({"type": "offer", "sdp": client.localDescription.sdp})
        await door.until("answer")
        may_open.set()
        assert await close_code(door) == signaling.CLOSE_NO_SUCH_ROOM
    assert [line.is_closing for line in laid] == [True]
    await client.close()


async def test_a_call_that_cannot_be_built_is_not_held_by_this_process(monkeypatch):
    monkeypatch.setattr(live_calls, "_script_of", lambda _: 1 / 0)
    monkeypatch.setattr(live_calls, "_prepare_voice", lambda *_: None)
    async with door_of(await guest("ada")) as door:
        await door.until("ready")
        await door.send({"type": "offer", "sdp": "v=0"})
        assert await close_code(door) == signaling.CLOSE_INTERNAL
    assert await statuses() == ["lost"]


async def test_a_socket_that_never_offers_is_closed_and_leaves_nothing(settings):
    settings.OFFER_SECONDS = 0.01
    me = await guest("ada")
    async with door_of(me) as door:
        error = await door.until("error", code="no_offer")
        assert error["recoverable"] is True
        assert await close_code(door) == signaling.CLOSE_NORMAL
        assert THIS_PROCESS.calls == 0, "its slot is free before the browser has closed"
    assert await calls() == []


async def test_who_has_a_call_does_not_wait_any_more(settings):
    settings.MAX_CALLS_PER_USER = 2
    me = await guest("ada")
    async with door_of(me) as door:
        await begin(door)
        for _ in range(2):
            async with door_of(me, path=await another_room(me)) as other:
                await other.until("ready")
        await door.send({"type": "ping", "at": 1})
        await door.until("pong")


async def test_of_two_sockets_of_a_room_the_newer_one_waits_and_they_have_one_slot(monkeypatch):
    monkeypatch.setattr(THIS_PROCESS, "slots", 1)
    me = await guest("ada")
    async with door_of(me) as older:
        ready = await older.until("ready")
        async with door_of(me) as newer:
            assert (await newer.until("ready"))["call_id"] == ready["call_id"]
            assert await close_code(older) == signaling.CLOSE_TAKEN_OVER
            assert THIS_PROCESS.calls == 1
            assert await begin_again(newer) == [(ready["call_id"], True)]


async def begin_again(door) -> list[tuple[str, bool]]:
    await door.send({"type": "offer", "sdp": "v=0"})
    await door.until("error")
    return await calls()


async def test_one_person_cannot_take_every_slot_with_sockets_that_do_not_call(settings, monkeypatch):
    settings.MAX_CALLS_PER_USER = 1
    monkeypatch.setattr(THIS_PROCESS, "slots", 1)
    me, other = await guest("ada"), await guest("eve")
    async with door_of(me) as first:
        await first.until("ready")
        async with door_of(me, path=await another_room(me)) as second:
            await second.until("ready")
            assert await close_code(first) == signaling.CLOSE_TAKEN_OVER
            assert THIS_PROCESS.calls == 1
        async with door_of(other) as theirs:
            await theirs.until("ready")


async def test_sockets_that_came_and_went_are_no_calls(settings):
    settings.MAX_CALLS_PER_USER = 1
    me = await guest("ada")
    for _ in range(3):
        async with door_of(me, path=await another_room(me)) as door:
            await door.until("ready")
    assert await calls() == []


async def test_a_newer_offer_takes_the_call_and_the_older_socket_is_closed_with_4409():
    me = await guest("ada")
    async with door_of(me) as older:
        ready = await begin(older)
        async with door_of(me) as newer:
            again = await begin(newer)
            assert (again["call_id"], again["resumed"]) == (ready["call_id"], True)
            assert await close_code(older) == signaling.CLOSE_TAKEN_OVER
            await newer.send({"type": "ping", "at": 3})
            await newer.until("pong")


@pytest.mark.parametrize("example", INVALID, ids=lambda path: path.stem)
async def test_a_message_that_makes_no_sense_is_answered_and_changes_nothing(example):
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        await door.send(example.read_text())
        assert (await door.receive())["type"] == "error"
        await door.send({"type": "ping", "at": 1.5})
        assert (await door.receive())["at"] == 1.5


async def test_a_message_over_64_kib_is_answered_with_an_error():
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        await door.send({"type": "user_text", "text": "x" * 65 * 1024})
        assert (await door.receive())["code"] == "message_too_large"


async def test_bytes_are_answered_with_an_error():
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        await door._communicator.send_to(bytes_data=b"\x00\x01")
        assert (await door.receive())["code"] == "not_text"


async def test_a_candidate_that_overtakes_its_offer_waits_for_it(settings, monkeypatch):
    settings.MEDIA_MAX_TRICKLED = 2
    taken = []
    monkeypatch.setattr(CallSession, "take", lambda self, message: taken.append(message))
    async with door_of(await guest("ada")) as door:
        await door.until("ready")
        for number in (1, 2):
            await door.send(candidate(number))
        await door.send({"type": "ice-candidate", "candidate": None})
        await door.send({"type": "ping", "at": 1})
        assert (await door.receive())["type"] == "pong", "nothing was refused"
        await door.send(candidate(3))
        assert (await door.receive())["code"] == "too_many_candidates"
        await door.send({"type": "offer", "sdp": "v=0"})
        await door.send({"type": "ping", "at": 2})
        await door.until("pong")
    assert [type(message) for message in taken] == [signaling.Offer, *[signaling.IceCandidate] * 2]
    assert [message.candidate.split()[0] for message in taken[1:]] == ["candidate:1", "candidate:2"]


def candidate(number: int) -> dict:
    text = f"candidate:{number} 1 udp 1 10.0.0.1 5000 typ host"
    return {"type": "ice-candidate", "candidate": text, "sdpMid": "0", "sdpMLineIndex": 0}


async def test_nothing_but_an_offer_begins_a_call():
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        for message in ({"type": "end_turn"}, {"type": "cancel_tts"}, {"type": "user_text", "text": "hello"}):
            await door.send(message)
            assert (await door.receive())["code"] == "no_offer_yet"


async def test_who_sends_too_much_is_told_to_slow_down(settings):
    settings.MESSAGES_PER_SECOND = 2
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        for _ in range(12):
            await door.send({"type": "ping", "at": 1})
        assert (await door.until("error"))["code"] == "too_many_messages"


HOSTILE_OFFERS = {
    "not SDP": "hello",
    "no audio": "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n",
    "two thousand candidates": "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
    + "a=candidate:1 1 udp 1 10.0.0.1 5000 typ host\r\n" * 300,
}


@pytest.mark.parametrize("sdp", HOSTILE_OFFERS.values(), ids=HOSTILE_OFFERS.keys())
async def test_a_hostile_offer_is_refused_and_the_door_stays_open(sdp):
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        await door.send(json.dumps({"type": "offer", "sdp": sdp}))
        error = await door.until("error")
        assert error["recoverable"] is True
        await door.send({"type": "ping", "at": 2})
        await door.until("pong")


async def test_more_offers_than_a_minute_allows_are_refused_whoever_makes_them_at_that_address(monkeypatch):
    monkeypatch.setattr(live_calls, "_offers", KeyedBuckets(rate=1 / 60, burst=1))
    async with door_of(await guest("ada")) as door, door_of(await guest("eve")) as other:
        await begin(door)
        for again in (door, other):
            await again.send({"type": "offer", "sdp": "hello"})
            error = await again.until("error", code="too_many_offers")
            assert 0 < error["retry_after"] <= 60
        await other.send({"type": "ping", "at": 1})
        await other.until("pong")


async def test_an_offer_that_is_too_long_is_refused_by_its_name_and_the_limit_is_a_setting(settings):
    sdp = "v=0\r\n" + "a=x\r\n" * 4_000
    async with door_of(await guest("ada")) as door:
        await door.until("ready")
        assert len(sdp) > settings.MEDIA_MAX_SDP_BYTES
        await door.send({"type": "offer", "sdp": sdp})
        assert (await door.until("error"))["code"] == "sdp_too_large"
    settings.MEDIA_MAX_SDP_BYTES = 30_000
    async with door_of(await guest("eve")) as door:
        await door.until("ready")
        await door.send({"type": "offer", "sdp": sdp})
        assert (await door.until("error"))["code"] == "bad_sdp", "it is read now, and makes no sense"


@database_sync_to_async
def sign_out(me) -> None:
    Session.objects.get(session_key=me.cookie).delete()


@database_sync_to_async
def shut_out(me) -> None:
    User.objects.filter(pk=me.user_id).update(is_active=False)


@database_sync_to_async
def change_password(me) -> None:
    user = User.objects.get(pk=me.user_id)
    user.set_password("another long password")
    user.save()


@pytest.mark.parametrize("leave", [sign_out, shut_out, change_password])
@pytest.mark.parametrize("has_call", [False, True], ids=["first offer", "later offer"])
async def test_who_has_signed_out_meanwhile_makes_no_offer(leave, has_call):
    me = await guest("ada")
    async with door_of(me) as door:
        await (begin(door) if has_call else door.until("ready"))
        await leave(me)
        await door.send({"type": "offer", "sdp": "v=0"})
        assert await close_code(door) == signaling.CLOSE_NOT_SIGNED_IN
    assert await calls() == [] or has_call


async def test_an_offer_for_a_room_that_was_closed_meanwhile_is_refused():
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        await database_sync_to_async(lambda: Room.objects.filter(id=me.room_id).update(is_active=False))()
        await door.send({"type": "offer", "sdp": "v=0"})
        assert await close_code(door) == signaling.CLOSE_NO_SUCH_ROOM


async def test_a_draining_process_takes_no_new_call(monkeypatch):
    monkeypatch.setattr(THIS_PROCESS, "_is_draining", True)
    me = await guest("ada")
    async with door_of(me) as door:
        assert (await door.until("error"))["code"] == "at_capacity"
        assert await close_code(door) == signaling.CLOSE_AT_CAPACITY

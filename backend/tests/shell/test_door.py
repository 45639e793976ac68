"""Who is let in, and what is said to the others? The WebSocket's door, through the whole stack, without media."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest
from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator

from accounts.tickets import issue_ticket
from ai_agent import live_calls, signaling
from ai_agent.models import Room
from ai_agent.process import THIS_PROCESS
from ai_agent.rate_limits import KeyedBuckets
from tests.shell.callers import application, door_of, guest

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
        await door.until("ready")
        second = await database_sync_to_async(another_room)(me)
        async with door_of(me, path=f"/ws/signaling/{second}/") as other:
            assert (await other.until("error"))["code"] == "at_capacity"
            assert await close_code(other) == signaling.CLOSE_AT_CAPACITY


def another_room(me) -> str:
    room = Room.objects.get(id=me.room_id)
    return str(Room.objects.create(owner_id=me.user_id, persona=room.persona).id)


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


async def test_more_offers_than_a_minute_allows_are_refused(monkeypatch):
    monkeypatch.setattr(live_calls, "_offers", KeyedBuckets(rate=1 / 60, burst=1))
    me = await guest("ada")
    async with door_of(me) as door:
        await door.until("ready")
        await door.send({"type": "offer", "sdp": "hello"})
        await door.until("error")
        await door.send({"type": "offer", "sdp": "hello"})
        assert (await door.until("error"))["code"] == "too_many_offers"


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

"""Does a spoken answer of a real, recorded call stand in the report with its words, its times and its sound?"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import AsyncClient

from accounts.models import User
from ai_agent import live_calls
from ai_agent.mock_providers.stt import MockSpeechToText
from ai_agent.models import InterviewSession
from tests.shell.callers import calling, door_of, load_speech, seen
from tests.shell.test_interview import (  # noqa: F401 - fixtures: a small bank, its recogniser, who judges
    WordsByTheEvaluator,
    _own_bank,
    candidate,
    evaluator,
    questions,
    recogniser,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.real_time,
    pytest.mark.usefixtures("calls_have_ended"),
]


async def test_what_was_said_in_a_real_call_is_read_and_heard_in_its_report(
    recogniser: MockSpeechToText,  # noqa: F811
    evaluator: WordsByTheEvaluator,  # noqa: F811
) -> None:
    me = await candidate(recording=True)
    async with door_of(me) as door:
        ready = await door.until("ready")
        async with calling(door) as caller:
            await seen(caller, "interview", index=1, status="await_1")
            recogniser._text = (await questions())[0].entry["model_answer"]
            await caller.turn(load_speech())
            await seen(caller, "interview", index=2, status="await_1")
            await door.send({"type": "user_text", "text": (await questions())[1].entry["points"][0]["wordings"][0]})
            await seen(caller, "interview", index=2, status="await_2")
            await door.send({"type": "end_call"})
            await seen(caller, "call_ended")
    await asyncio.gather(*(session.finished() for session in list(live_calls._sessions.values())))
    await asyncio.to_thread(live_calls.flush_recordings)

    browser, interview_id = await _signed_in()
    report = (await browser.get(f"/api/v1/interviews/{interview_id}/")).json()
    spoken, typed = (report["questions"][number]["attempts"][0] for number in (0, 1))
    (part,) = spoken["parts"]
    assert part["call_id"] == ready["call_id"]
    assert 500 < part["duration_ms"] < part["clip_ms"]
    clip = Path(settings.RECORDINGS_DIR) / me.room_id / ready["call_id"] / "utterances" / f"{part['utterance_id']}.wav"
    sound = await browser.get(part["audio_url"])
    assert b"".join([piece async for piece in sound.streaming_content]) == clip.read_bytes()
    covered = [point for point in report["questions"][0]["key_points"] if point["status"] == "covered"]
    assert covered
    for point in covered:
        quote = point["quote"]
        assert spoken["transcript"][quote["start"] : quote["end"]] == quote["text"]
        assert 0 < quote["at_ms"] < quote["until_ms"] <= part["clip_ms"]
    assert (typed["parts"][0]["duration_ms"], typed["parts"][0]["audio_url"]) == (None, None)
    assert (report["speech"]["answers"], report["speech"]["recorded_answers"]) == (1, 1)
    assert report["speech"]["words_a_minute"] > 0
    assert report["calls"][0]["sound"] in {"ready", "unfinished"}  # its tracks may still be put together
    subtitles = (await browser.get(f"/api/v1/interviews/{interview_id}/export/?format=webvtt")).content.decode()
    assert spoken["transcript"] in subtitles
    assert "Question one:" in subtitles


@database_sync_to_async
def _signed_in() -> tuple[AsyncClient, Any]:
    browser = AsyncClient()
    browser.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    return browser, InterviewSession.objects.get().id

"""How does the persona know that it is its turn? The rules of turn taking, one story each.

    python -m pytest test_deep_fixes.py -v

Each story draws time. One character of `mic` is 100 ms: `s` speech, `q` softer speech, `k` a key on the keyboard,
`c` a cough that the voice detector half believes, `.` a quiet room. `phase` is whose move it was: `W` the user's, `V`
finding out what was said, `P` finding an answer, `A` the agent's. The why is in `VAD_ARCHITECTURE_FIX.md`.
"""

from __future__ import annotations

import pytest

from ai_agent.audio_format import BYTES_PER_FRAME, FRAME_MS, SAMPLE_RATE_HZ, SAMPLES_PER_FRAME, duration_ms
from ai_agent.commands import (
    AcceptTranscript,
    CancelReply,
    CancelTranscription,
    CloseReply,
    GenerateReply,
    ReportStaleResult,
    SpeakingChanged,
    SupersedeUtterance,
    TranscribeTurn,
)
from ai_agent.conversation import ConversationPhase
from ai_agent.persona_behaviors import SILENCE_DURATION_MS, TurnPolicy
from tests.timeline import Timeline


def a_call(policy: TurnPolicy | None = None) -> Timeline:
    call = Timeline(policy=policy or TurnPolicy())
    call.connect()
    return call


def test_sound_is_48_khz_16_bit_mono_in_frames_of_20_ms() -> None:
    assert (SAMPLE_RATE_HZ, FRAME_MS, SAMPLES_PER_FRAME, BYTES_PER_FRAME) == (48_000, 20, 960, 1_920)
    with pytest.raises(ValueError, match="1920"):
        a_call().engine.on_audio_frame(bytes(960), 1.0)


def test_a_turn_is_over_after_two_and_a_half_seconds_of_silence() -> None:
    assert SILENCE_DURATION_MS == 2_500
    call = a_call()
    mic = ".....ssssssssss........................."
    phase = "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWV"
    call.hear(mic)
    assert call.phases == phase


def test_a_pause_to_think_is_not_the_end() -> None:
    call = a_call()
    mic = ".....ssssss......................ssssss"
    phase = "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
    call.hear(mic)
    assert call.phases == phase
    assert not call.asked(TranscribeTurn)


def test_a_persona_may_wait_longer() -> None:
    call = a_call(TurnPolicy(silence_duration_ms=4_000))
    call.hear(".....ssssss" + "." * 39)
    assert set(call.phases) == {"W"}
    call.hear("..")
    assert call.phases.endswith("V")


def test_a_turn_is_recognised_once_and_as_a_whole() -> None:
    call = a_call()
    call.hear(".....ssss..........ssss..........................")
    [turn] = call.asked(TranscribeTurn)
    spoken_with_its_pause, pre_roll, tail = 1_800, 500, 500
    assert duration_ms(turn.audio) == pytest.approx(pre_roll + spoken_with_its_pause + tail, abs=60)


def test_typing_and_coughing_are_no_turn() -> None:
    call = a_call(TurnPolicy(idle_prompt_seconds=300))
    call.hear(".k..k...k.k.....c......c...k..k..k......c......")
    assert set(call.phases) == {"W"}
    assert not call.asked(SpeakingChanged)


def test_typing_and_coughing_do_not_hold_a_turn_open() -> None:
    call = a_call()
    call.hear(".....ssssssssss...k...c...k...k....c...")
    assert set(call.phases) == {"W"}
    call.hear("..")
    assert call.phases.endswith("V")


def test_the_page_can_draw_the_silence_that_ends_the_turn() -> None:
    call = a_call()
    call.hear(".....ssssssssss.....sssss" + "." * 27)
    shown = [("speaks" if change.speaking else "silent", round(change.at, 1)) for change in call.asked(SpeakingChanged)]
    assert [word for word, _ in shown] == ["speaks", "silent", "speaks", "silent"]
    assert shown[-1] == ("silent", 2.5)


def test_an_utterance_keeps_its_id_and_a_result_for_another_changes_nothing() -> None:
    call = a_call()
    call.hear(".....s")
    bound = call.engine.active_utterance_id
    call.hear("sssssssss" + "." * 26)
    [turn] = call.asked(TranscribeTurn)
    assert turn.utterance_id == bound
    dropped = call.engine.process_user_utterance(utterance_id="an older one", transcript="Hello?", now=call.now)
    assert dropped == [ReportStaleResult("transcript", "an older one", bound)]
    assert call.engine.phase is ConversationPhase.VALIDATING_UTTERANCE


def test_who_goes_on_speaking_gets_the_turn_back_and_is_recognised_as_one() -> None:
    call = a_call()
    mic = ".....ssssssssss..............................ssssssssss........................."
    phase = "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWVVVVVVVVWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWV"
    call.hear(mic)
    assert call.phases == phase
    first, joined = call.asked(TranscribeTurn)
    assert call.asked(CancelTranscription) == [CancelTranscription(first.utterance_id)]
    [superseded] = call.asked(SupersedeUtterance)
    assert (superseded.utterance_id, superseded.superseded_by) == (first.utterance_id, joined.utterance_id)


def test_who_goes_on_before_the_answers_first_sound_is_not_answered_yet() -> None:
    call = a_call()
    call.hear(".....ssssssssss" + "." * 26)
    call.transcribe("What is a rope")
    assert call.engine.phase is ConversationPhase.PROCESSING_USER
    call.hear("ssss")
    assert call.engine.phase is ConversationPhase.WAIT_FOR_USER
    assert len(call.asked(CancelReply)) == 1


def test_who_speaks_longer_than_a_turn_may_be_is_heard_in_parts_and_not_talked_over() -> None:
    call = a_call(TurnPolicy(max_turn_seconds=10))
    mic = "." + "ssssssss.." * 15
    call.hear(mic[:110])
    assert call.phases == "W" * 99 + "V" * 11
    call.transcribe("The first part.")
    call.hear(mic[110:] + "." * 23)
    assert call.phases[110:] == "W" * 63 + "V"
    first, second = call.asked(TranscribeTurn)
    pre_roll, spoken, tail = 100, 14_800, 500
    assert duration_ms(first.audio) + duration_ms(second.audio) == pytest.approx(pre_roll + spoken + tail, abs=60)
    call.transcribe("The second part.")
    assert [said.transcript for said in call.asked(AcceptTranscript)] == ["The first part.", "The second part."]
    assert [asked.transcript for asked in call.asked(GenerateReply)] == ["The second part."]


def test_who_speaks_more_softly_than_before_is_heard_to_the_end() -> None:
    call = a_call()
    call.hear(".....ssssssssss" + "." * 26)
    call.transcribe("What is a rope?")
    call.start_reply("A long thing.")
    call.finish_reply()
    call.hear("..qqqqqqqqqq" + "." * 20 + "qqqqqqqqqq" + "." * 26)
    turn = call.asked(TranscribeTurn)[-1]
    assert duration_ms(turn.audio) == pytest.approx(500 + 4_000 + 500, abs=60)


def test_a_short_sound_while_the_answer_is_made_changes_nothing() -> None:
    call = a_call()
    call.hear(".....ssssssssss" + "." * 26)
    call.transcribe("What is a rope?")
    call.hear("ss........k....c.....")
    assert call.engine.phase is ConversationPhase.PROCESSING_USER
    assert len(call.asked(GenerateReply)) == 1


def test_the_microphone_is_heard_while_the_agent_speaks_and_nobody_is_interrupted_by_it() -> None:
    call = a_call()
    call.hear(".....ssssssssss" + "." * 26)
    call.transcribe("What is a rope?")
    call.start_reply("A long thing.")
    call.phases = ""
    mic = "....ssssss...."
    phase = "AAAAAAAAAAAAAA"
    call.hear(mic)
    assert call.phases == phase


def test_speech_that_outlasts_the_agent_is_the_next_turn_with_its_beginning() -> None:
    call = a_call()
    call.hear(".....ssssssssss" + "." * 26)
    call.transcribe("What is a rope?")
    call.start_reply("A long thing.")
    call.hear("......ssss")
    call.finish_reply()
    call.hear("ssssss" + "." * 26)
    turn = call.asked(TranscribeTurn)[-1]
    assert duration_ms(turn.audio) == pytest.approx(500 + 1_000 + 500, abs=60)


def test_stop_is_heard_at_once_and_only_what_was_heard_is_remembered() -> None:
    call = a_call()
    call.hear(".....ssssssssss" + "." * 26)
    call.transcribe("What is a rope?")
    call.start_reply("One two three.", "And much more.")
    call.take(call.engine.cancel_tts(samples_sent=38_400, now=call.now))
    assert call.engine.phase is ConversationPhase.WAIT_FOR_USER
    [closed] = call.asked(CloseReply)
    assert closed.heard_text == "One two"
    assert closed.planned_text == "One two three. And much more."

"""What would other settings have done with a call? The same where they decide the same; no more than can be known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from ai_agent.persona_behaviors import TurnPolicy
from ai_agent.policy_changes import Policies
from ai_agent.replay import Step, play
from ai_agent.replay_trace import Tracer
from ai_agent.what_if import AskNow, Look, WhatIf, what_if
from tests.scripted_call import SETUP, ScriptedCall, loudness_vad
from tests.timeline import sequential_ids

QUESTION = "....ssssss" + "." * 30
"""A turn, and the time until its answer begins."""
LONG_ANSWER = [("A rope is a long thing.", 2.0), ("It is longer than most knots are.", 3.0)]
UNMADE_ANSWER = [("A rope is a long thing.", 2.0), ("It is longer than a knot.", 3.0), ("So much for ropes.", 8.0)]
SHORT_ANSWER = [("Goodbye to you.", 1.5)]


@cache
def interrupted_call(
    words: str, *, answer: tuple[tuple[str, float], ...] = tuple(LONG_ANSWER), made_in: float = 0.2
) -> ScriptedCall:
    """A question; over its answer a second of speech; after whatever follows, a last turn."""
    call = ScriptedCall(
        transcripts=["What is a rope?", "And what is a knot?", "Thank you."],
        replies=[answer, SHORT_ANSWER, SHORT_ANSWER],
        probe_words=lambda _: words,
        made_in=made_in,
    )
    call.hear(QUESTION + "." * 15 + "ssssssssss" + "." * 70 + "." * 40 + "ssssss" + "." * 55)
    return call


@cache
def recorded(call: ScriptedCall) -> list[Step]:
    engine = call.setup.build(speech_model=loudness_vad, new_id=sequential_ids())
    return list(play(engine, call.facts, call.frames))


def nobody_asks(look: Look) -> Mapping[str, Any]:
    raise AssertionError("the journal has every answer")


def as_before(look: Look) -> Mapping[str, Any]:
    """A look that only the other settings take hears what the recorded one heard."""
    return {"transcript": "tell me about knots", "avg_logprob": -0.2, "is_doubtful": False}


def with_settings(call: ScriptedCall, *changes: str, ask_now: AskNow = nobody_asks, hears_anew: bool = False) -> WhatIf:
    wished = Policies(call.setup.turn_policy, call.setup.barge_in_policy).changed(changes)
    setup = replace(call.setup, turn_policy=wished.turns, barge_in_policy=wished.barge_in)
    engine = setup.build(speech_model=loudness_vad, new_id=sequential_ids())
    return what_if(engine, recorded(call), call.frames, ask_now=ask_now, hears_anew=hears_anew)


def as_it_was(call: ScriptedCall) -> WhatIf:
    """The recorded run, read like another."""
    tracer = Tracer()
    return WhatIf(tuple(line for step in recorded(call) for line in tracer.lines(step)), None, 0)


def told(outcome: WhatIf, *kinds: str) -> list[str]:
    """What is said of these kinds of things, times left out."""
    return [line.words for line in outcome.lines if line.kind in kinds]


def heard(outcome: WhatIf) -> list[str]:
    """How each reply ended."""
    return [words for words in told(outcome, "reply") if words.startswith("heard")]


def moment(outcome: WhatIf, kind: str, words: str) -> float:
    """When this was said, the first time."""
    return next(line.at for line in outcome.lines if line.kind == kind and line.words.startswith(words))


# ── the same ──────────────────────────────────────────────────────────────────────────────────────


def test_a_call_played_again_gives_every_command_again() -> None:
    call = interrupted_call("stop")
    assert [command for step in recorded(call) for command in step.commands] == call.commands


def test_with_its_own_settings_nothing_is_otherwise() -> None:
    call = interrupted_call("stop")
    assert with_settings(call) == as_it_was(call)


def test_a_setting_that_nothing_turns_on_changes_nothing() -> None:
    assert with_settings(interrupted_call("stop"), "max_turn_seconds=90").differs_at is None


def test_the_same_question_twice_gives_the_same_answer() -> None:
    call = interrupted_call("tell me about knots")
    once, again = (with_settings(call, "manner=stop-words-only", ask_now=as_before) for _ in range(2))
    assert once == again


def test_words_that_were_recognised_in_another_language_are_asked_for_again() -> None:
    call = interrupted_call("stop")
    assert with_settings(call, "hold_ms=900").asked_now == 0
    assert with_settings(call, "hold_ms=900", "language=hi", ask_now=as_before, hears_anew=True).asked_now > 0


# ── interruptions ─────────────────────────────────────────────────────────────────────────────────


def test_a_hold_that_needs_longer_speech_disappears_and_the_rest_stays() -> None:
    call = interrupted_call("stop")
    usual, outcome = as_it_was(call), with_settings(call, "hold_ms=900")
    assert told(usual, "hold") == ["within 20 ms"] and told(outcome, "hold") == []
    assert outcome.differs_at == moment(usual, "hold", "within")
    is_otherwise = [line.is_otherwise for line in outcome.lines]
    assert is_otherwise == sorted(is_otherwise), "first what was, then what would have been"
    assert told(outcome, "words", "reply") == told(usual, "words", "reply")
    assert told(outcome, "unknown") == []


def test_where_only_stop_words_stop_other_words_do_not_and_the_answer_is_heard_to_its_end() -> None:
    call = interrupted_call("tell me about knots")
    usual, outcome = as_it_was(call), with_settings(call, "manner=stop-words-only", ask_now=as_before)
    assert heard(usual)[0].endswith("interrupted")
    assert heard(outcome)[0] == "heard “A rope is a long thing. It is longer than most knots are.”"
    assert any(words.startswith("rejected: stop_words_only") for words in told(outcome, "barge-in"))
    assert told(outcome, "hold") == []


def test_a_stop_word_stops_where_only_stop_words_do() -> None:
    call = interrupted_call("please wait a moment")
    assert heard(with_settings(call, "manner=stop-words-only")) == heard(as_it_was(call))


def test_words_that_nobody_answers_in_the_recorded_call_end_what_can_be_known_until_it_waits_again() -> None:
    """The user interrupts, and is not answered: the recorded call had let the word pass."""
    call = interrupted_call("elephants")
    outcome = with_settings(call, "manner=eager")
    assert told(outcome, "unknown") == ["the words of this turn"]
    asked = moment(outcome, "unknown", "the words")
    [known] = [line for line in outcome.lines if line.kind == "known"]
    usual = as_it_was(call)
    assert asked < known.at == moment(usual, "reply", "heard “A rope is a long thing. It")
    assert told(outcome, "words")[-1] == told(usual, "words")[-1], "the last turn is the recorded one"
    assert heard(outcome)[-1] == "heard “Goodbye to you.”"
    assert not [line for line in outcome.lines if asked < line.at < known.at]


def test_what_a_user_does_who_hears_something_else_is_not_known() -> None:
    """The answer goes on where the recorded one was cut off: what the user says to the next one, nobody said here."""
    call = interrupted_call("tell me about knots", answer=(("A rope.", 2.0), ("A very long one, as ropes go.", 14.0)))
    outcome = with_settings(call, "manner=stop-words-only", ask_now=as_before)
    assert told(outcome, "unknown") == ["what the user does now: the recorded call says something else"]


def test_an_answer_that_was_never_made_to_its_end_is_known_as_far_as_it_was_made() -> None:
    call = interrupted_call("tell me about knots", answer=tuple(UNMADE_ANSWER), made_in=0.5)
    outcome = with_settings(call, "manner=stop-words-only", ask_now=as_before)
    assert told(outcome, "unknown") == ["how this answer goes on"]
    began = moment(outcome, "phase", "PROCESSING_USER → AI_SPEAKING")
    made = sum(seconds for _, seconds in UNMADE_ANSWER[:2])
    assert abs(moment(outcome, "unknown", "how this") - began - made) < 0.1


# ── probes ────────────────────────────────────────────────────────────────────────────────────────


def test_a_probe_that_the_journal_does_not_answer_is_transcribed_now_and_marked() -> None:
    looks: list[Look] = []

    def ask_now(look: Look) -> Mapping[str, Any]:
        looks.append(look)
        return {"transcript": "and what about knots", "avg_logprob": -0.2, "is_doubtful": False}

    call = interrupted_call("elephants")
    outcome = with_settings(call, "probe_lead_ms=100", ask_now=ask_now)
    [anew] = [words for words in told(outcome, "probe") if words.endswith("*")]
    assert anew.startswith("look 1: “and what about knots”")
    assert "200 ms after it was asked" in anew, "as long as the recorded ones took"
    assert (outcome.asked_now, len(looks)) == (1, 1)
    assert any(words.startswith("accepted") for words in told(outcome, "barge-in"))


def test_a_recogniser_that_fails_now_leaves_the_decision_to_the_rule_without_words() -> None:
    call = interrupted_call("elephants")
    outcome = with_settings(call, "probe_lead_ms=100", ask_now=lambda _: {"reason": "busy"})
    assert any(words.startswith("look 1: failed (busy)") and words.endswith("*") for words in told(outcome, "probe"))


def test_a_probe_of_the_same_sound_has_its_recorded_words() -> None:
    outcome = with_settings(interrupted_call("stop"), "hold_ms=900")
    assert outcome.asked_now == 0
    assert any("“stop”" in words for words in told(outcome, "probe"))


# ── turns ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_shorter_silence_ends_the_same_turns_sooner_and_they_are_answered_as_they_were() -> None:
    call = ScriptedCall(transcripts=["What is a rope?", "Thank you."], replies=[SHORT_ANSWER, SHORT_ANSWER])
    call.hear(QUESTION + "." * 40 + "ssssss" + "." * 60)
    usual, outcome = as_it_was(call), with_settings(call, "silence_duration_ms=1200")
    for words in ("“What is a rope?”", "“Thank you.”"):
        assert abs(moment(usual, "words", words) - moment(outcome, "words", words) - 1.3) < 0.03
    assert told(outcome, "reply") == told(usual, "reply")


def test_a_turn_cut_in_two_by_a_shorter_silence_has_words_that_nobody_knows() -> None:
    call = ScriptedCall(transcripts=["What is a rope, and a knot?"], replies=[SHORT_ANSWER])
    call.hear("....ssssss" + "." * 15 + "ssssss" + "." * 70)
    outcome = with_settings(call, "silence_duration_ms=1000")
    assert told(outcome, "unknown") == ["the words of this turn"]


def adaptive_call() -> ScriptedCall:
    """A turn that sounds finished to the model."""
    setup = replace(SETUP, turn_policy=TurnPolicy(turn_detection="adaptive"))
    call = ScriptedCall(setup, transcripts=["What is a rope?"], replies=[SHORT_ANSWER], sounds_finished=0.97)
    call.hear(QUESTION + "." * 20)
    return call


def test_a_turn_that_sounded_finished_is_over_with_its_silence_where_that_is_not_enough() -> None:
    call = adaptive_call()
    usual, outcome = as_it_was(call), with_settings(call, "turn_detection=fixed")
    over = "WAIT_FOR_USER → VALIDATING_UTTERANCE ("
    assert moment(usual, "phase", over + "predicted") < moment(outcome, "phase", over + "silence") == 3.5
    assert heard(usual) == heard(outcome)
    surer = with_settings(call, "complete_probability=0.98")
    assert surer.asked_now == 0 and moment(surer, "phase", over + "silence") == 3.5


def test_a_prediction_that_nobody_asked_for_is_made_now_and_marked() -> None:
    call = ScriptedCall(transcripts=["What is a rope?"], replies=[SHORT_ANSWER])
    call.hear(QUESTION + "." * 20)
    outcome = with_settings(call, "turn_detection=adaptive", ask_now=lambda _: {"probability": 0.95})
    assert told(outcome, "prediction")[-1] == "finished with 0.95*"
    assert moment(outcome, "words", "“What is a rope?”") < moment(as_it_was(call), "words", "“What is a rope?”") - 1
    unanswered = with_settings(call, "turn_detection=adaptive", ask_now=lambda _: None)
    assert (unanswered.asked_now, heard(unanswered)) == (0, heard(as_it_was(call)))


def test_a_question_whether_the_user_is_still_there_comes_when_the_setting_says_so() -> None:
    call = ScriptedCall(replies=[[("Are you still there?", 1.0)]])
    call.hear("." * 200)
    usual, outcome = as_it_was(call), with_settings(call, "idle_prompt_seconds=8")
    asked = "the persona's own line asked for: still_there"
    assert (moment(usual, "reply", asked), moment(outcome, "reply", asked)) == (15, 8)
    assert outcome.differs_at == 8
    assert abs(moment(usual, "reply", "heard") - moment(outcome, "reply", "heard") - 7) < 0.03


# ── the user's hand ───────────────────────────────────────────────────────────────────────────────


def test_buttons_are_pressed_when_they_were() -> None:
    call = ScriptedCall(transcripts=["What is a rope?"], replies=[LONG_ANSWER])
    call.hear(QUESTION)
    call.hear("." * 20)
    call.tell("cancel_tts", samples_sent=50_000)
    call.hear("." * 10)
    call.tell("end_call", reason="user_ended")
    usual, outcome = as_it_was(call), with_settings(call, "silence_duration_ms=2000")
    assert moment(outcome, "stop", "is asked for") == moment(usual, "stop", "is asked for")
    assert told(outcome, "call")[-1] == "ends (user_ended)"
    assert len(heard(usual)[0]) < len(heard(outcome)[0]), "the answer had begun half a second sooner"

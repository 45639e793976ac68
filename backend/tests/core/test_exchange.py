"""One turn's ids, times and sound."""

from __future__ import annotations

import pytest

from ai_agent.commands import SupersedeUtterance, TurnSound
from ai_agent.exchange import Reply, Utterance


def spoken() -> Utterance:
    return Utterance("u1", "t1", started_at=1.0, speech_ended_at=4.0, ended_at=6.5, transcribed_at=6.8)


def test_the_times_of_a_turn_follow_one_another() -> None:
    reply = Reply("t1", requested_at=6.8, utterance=spoken())
    reply.note_first_token(now=7.0)
    reply.note_first_token(now=7.9)
    reply.add_sound(samples=960, now=7.1)
    reply.add_sound(samples=960, now=7.3)
    reply.start(now=7.12)
    [report] = reply.report()
    assert report.end_of_turn_ms == 2_500
    assert (report.stt_ms, report.llm_first_token_ms, report.tts_first_audio_ms) == (300, 200, 100)
    assert (report.reply_latency_ms, report.voice_to_voice_ms) == (620, 3_120)


def test_a_turns_sound_is_reported_with_its_times() -> None:
    utterance = spoken()
    utterance.sound = TurnSound(-25.1, -60.4, 35.0, 0.102, 0.5)
    report = utterance.report()
    assert (report.energy_dbfs, report.noise_floor_dbfs, report.snr_db) == (-25.1, -60.4, 35.0)
    assert (report.spectral_flatness, report.clipping_percent) == (0.102, 0.5)
    assert (report.end_of_turn_ms, report.stt_ms, report.reply_latency_ms) == (2_500, 300, None)


def test_a_typed_turn_has_no_times_of_speech() -> None:
    reply = Reply("t1", requested_at=6.5, utterance=Utterance("u1", "t1", is_typed=True, ended_at=6.5))
    reply.start(now=7.0)
    [report] = reply.report()
    assert (report.end_of_turn_ms, report.stt_ms, report.voice_to_voice_ms) == (None, None, None)
    assert report.reply_latency_ms == 500


def test_lines_and_replies_that_nobody_heard_are_not_reported() -> None:
    line = Reply("t1", requested_at=0.0, line="greeting")
    line.start(now=1.0)
    assert line.report() == []
    assert Reply("t1", requested_at=0.0, utterance=spoken()).report() == []


def test_a_reply_stalls_when_nothing_comes_after_all_that_was_queued_is_played() -> None:
    reply = Reply("t1", requested_at=0.0)
    reply.add_sentence("One.", samples=96_000, now=1.0)
    reply.start(now=1.1)
    assert reply.stalls_at(10.0) == 13.0
    reply.add_sentence("Two.", samples=48_000, now=20.0)
    assert reply.stalls_at(10.0) == 31.0


def test_sound_that_comes_is_progress_before_its_sentence_is_whole() -> None:
    reply = Reply("t1", requested_at=0.0)
    reply.begin_sentence("A long one.", now=1.0)
    reply.add_sound(samples=9_600, now=1.0)
    reply.start(now=1.1)
    for second in range(2, 30):
        assert reply.stalls_at(10.0) > second
        reply.add_sound(samples=9_600, now=second)
    assert reply.stalls_at(10.0) == pytest.approx(39.2)
    reply.add_sentence("A long one.", samples=29 * 9_600, now=30.0)
    assert reply.stalls_at(10.0) == 40.0


def test_of_a_sentence_that_broke_off_only_the_words_whose_sound_came_are_told() -> None:
    reply = Reply("t1", requested_at=0.0)
    reply.add_sentence("One two.", samples=8 * 3_120, now=1.0)
    reply.begin_sentence("Three four five.", now=1.0)
    reply.add_sound(samples=11 * 3_120, now=1.0)
    closed = reply.close(samples_heard=None, now=9.0)
    assert closed.planned_text == closed.heard_text == "One two. Three four"
    assert not closed.interrupted


def test_without_a_playhead_what_was_played_is_the_time_and_never_more_than_all() -> None:
    reply = Reply("t1", requested_at=0.0)
    assert reply.samples_played(now=9.0) == 0
    reply.add_sentence("One.", samples=96_000, now=1.0)
    reply.start(now=1.0)
    assert reply.samples_played(now=1.5) == 24_000
    assert reply.samples_played(now=60.0) == 96_000


def test_the_history_gets_what_was_heard() -> None:
    reply = Reply("t1", requested_at=0.0)
    reply.add_sentence("One two.", samples=48_000, now=1.0)
    whole = reply.close(samples_heard=None, now=3.0)
    assert (whole.heard_text, whole.interrupted) == ("One two.", False)
    cut = reply.close(samples_heard=20_000, now=3.0)
    assert (cut.planned_text, cut.heard_text, cut.interrupted) == ("One two.", "One", True)


def test_the_utterance_before_points_at_the_one_that_holds_all_of_it() -> None:
    joined = Utterance("u2", "t2", replaces=spoken())
    assert joined.supersede() == [SupersedeUtterance("u1", superseded_by="u2", turn_id="t1")]
    assert spoken().supersede() == []


@pytest.mark.parametrize(
    "sentence", ["Ready?", "“Is it ready?”", "(Or is it ready?)", "Is it ready?!", "‘Ready?’ ", "Ready？"]
)
def test_a_question_is_one_in_any_quotes(sentence: str) -> None:
    reply = Reply("t1", requested_at=0.0)
    reply.add_sentence(sentence, samples=24_000, pauses=[], now=0.0)
    assert reply.closes_question(0)
    other = Reply("t1", requested_at=0.0)
    other.add_sentence(sentence.replace("?", ".").replace("？", "."), samples=24_000, pauses=[], now=0.0)
    assert not other.closes_question(0)

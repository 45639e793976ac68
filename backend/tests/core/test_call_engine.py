"""One call without its wires: the main path, the ways out of it, and the rules that hold in each phase."""

from __future__ import annotations

import pytest

from ai_agent.audio_conditioning import AudioConditioner
from ai_agent.audio_format import SILENT_FRAME, duration_ms
from ai_agent.call_engine import FACTS, CallEngine
from ai_agent.commands import (
    AcceptTranscript,
    CancelPlayback,
    CancelReply,
    CancelTranscription,
    CloseReply,
    Command,
    EndCall,
    GenerateReply,
    Notify,
    OpenTurn,
    PhaseChanged,
    ReportBargeIn,
    ReportStaleResult,
    ReportTurn,
    SpeakingChanged,
    SpeakLine,
    SupersedeUtterance,
    TranscribeProbe,
    TranscribeTurn,
)
from ai_agent.conversation import ConversationPhase
from ai_agent.noise_profile import parse_noise_profile
from ai_agent.persona_behaviors import TurnPolicy
from tests.timeline import SPEECH_FRAME, Timeline

WAIT, VALIDATING, PROCESSING, SPEAKING = ConversationPhase

SPOKEN = "..........ssssssssss.........................."
"""One second of quiet, one of speech, and silence until the turn is just over."""


def connected(policy: TurnPolicy | None = None) -> Timeline:
    call = Timeline(policy=policy or TurnPolicy())
    call.connect()
    return call


def validating() -> Timeline:
    call = connected()
    call.hear(SPOKEN)
    assert call.engine.phase is VALIDATING
    return call


def processing() -> Timeline:
    call = validating()
    call.transcribe("What is a rope?")
    assert call.engine.phase is PROCESSING
    return call


def speaking(*sentences: str, completes: bool = True) -> Timeline:
    call = processing()
    call.start_reply(*sentences, completes=completes)
    assert call.engine.phase is SPEAKING
    return call


def names(commands: list[Command] | tuple[Command, ...]) -> list[str]:
    return [type(command).__name__ for command in commands]


class TestTheMainPath:
    def test_a_call_begins_with_the_greeting(self) -> None:
        call = Timeline(has_greeting=True)
        call.connect()
        [line] = call.asked(SpeakLine)
        assert line.line == "greeting"
        assert call.engine.phase is PROCESSING
        call.start_reply("Hello.")
        call.hear("..........")
        call.finish_reply()
        assert call.moves == [("P", "line_begun"), ("A", "reply_started"), ("W", "playback_finished")]
        [closed] = call.asked(CloseReply)
        assert (closed.planned_text, closed.heard_text, closed.interrupted) == ("Hello.", "Hello.", False)

    def test_a_persona_without_a_greeting_waits(self) -> None:
        assert names(list(Timeline().connect())) == ["PhaseChanged"]

    def test_a_turn_goes_from_speech_to_an_answer(self) -> None:
        call = connected()
        mic = "..........ssssssssss............................"
        phase = "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWVVVV"
        call.hear(mic)
        assert call.phases == phase
        [turn] = call.asked(TranscribeTurn)
        assert [row.utterance_id for row in call.asked(OpenTurn)] == [turn.utterance_id]
        call.transcribe("What is a rope?")
        [asked] = call.asked(GenerateReply)
        assert (asked.utterance_id, asked.turn_id) == (turn.utterance_id, turn.turn_id)
        assert [accepted.transcript for accepted in call.asked(AcceptTranscript)] == ["What is a rope?"]
        call.start_reply("A long thing.")
        call.hear("..........")
        call.finish_reply()
        assert call.engine.phase is WAIT
        [report] = call.asked(ReportTurn)
        assert report.turn_id == turn.turn_id
        assert report.end_of_turn_ms is not None and 2_450 <= report.end_of_turn_ms <= 2_650
        assert report.snr_db is not None and 38 <= report.snr_db <= 42

    def test_the_id_of_an_utterance_is_bound_when_its_capture_starts_and_stays(self) -> None:
        call = connected()
        assert call.engine.active_utterance_id is None
        call.hear("..........s")
        bound = call.engine.active_utterance_id
        assert bound is not None
        call.hear("sssssssss" + "." * 26)
        assert [turn.utterance_id for turn in call.asked(TranscribeTurn)] == [bound]
        call.transcribe("Hello.")
        assert call.engine.active_utterance_id == bound
        call.start_reply()
        call.finish_reply()
        assert call.engine.active_utterance_id is None

    def test_the_audio_of_a_turn_begins_before_its_onset_and_ends_after_its_last_word(self) -> None:
        [turn] = validating().asked(TranscribeTurn)
        assert duration_ms(turn.audio) == pytest.approx(500 + 1_000 + 500, abs=60)

    def test_the_page_sees_when_the_user_speaks_and_when_silence_began(self) -> None:
        call = connected()
        call.hear("..........ssssssssss.....sssss" + "." * 26)
        shown = [(change.speaking, round(change.at, 1)) for change in call.asked(SpeakingChanged)]
        assert [speaking for speaking, _ in shown] == [True, False, True, False]
        assert [at for _, at in shown] == [1.0, 2.0, 2.6, 3.0]

    def test_the_page_sees_when_the_agent_speaks(self) -> None:
        call = speaking()
        call.finish_reply()
        shown = [change.speaking for change in call.asked(SpeakingChanged) if change.speaker == "agent"]
        assert shown == [True, False]

    def test_the_next_turn_has_new_ids(self) -> None:
        call = speaking()
        call.finish_reply()
        call.hear(SPOKEN)
        first, second = call.asked(TranscribeTurn)
        assert first.utterance_id != second.utterance_id
        assert first.turn_id != second.turn_id


class TestWhatIsNoTurn:
    @pytest.mark.parametrize("mic", [".k.k..k.k.k.." * 4, ".c....c...c" * 4, "z" * 60, "." * 60])
    def test_keys_coughs_and_silence_open_no_turn(self, mic: str) -> None:
        call = connected(TurnPolicy(idle_prompt_seconds=300))
        call.hear(mic)
        assert set(call.phases) == {"W"}
        assert not call.asked(SpeakingChanged)

    def test_keys_and_coughs_in_the_silence_hold_no_turn(self) -> None:
        call = connected()
        call.hear("..........ssssssssss" + ".k..c...k...k..c...k...k...")
        [turn] = call.asked(TranscribeTurn)
        assert 2.45 <= call.time_of(turn) - 2.0 <= 2.65

    def test_nothing_intelligible_is_said_so_and_not_answered(self) -> None:
        call = validating()
        commands = call.transcribe("  ")
        assert call.engine.phase is WAIT
        assert [c.code for c in commands if isinstance(c, Notify)] == ["not_understood"]
        assert not call.asked(GenerateReply)
        assert not call.asked(AcceptTranscript)

    def test_nothing_intelligible_is_reported_with_how_it_sounded(self) -> None:
        call = validating()
        [report] = [command for command in call.transcribe("") if isinstance(command, ReportTurn)]
        assert report.turn_id == call.asked(OpenTurn)[0].turn_id
        assert report.snr_db is not None and 38 <= report.snr_db <= 42
        assert (report.reply_latency_ms, report.voice_to_voice_ms) == (None, None)

    def test_a_closed_microphone_in_mid_speech_ends_the_turn_after_the_usual_silence(self) -> None:
        call = connected()
        call.hear("..........ssssssssss")
        call.take(call.engine.on_media_settings(muted=True, now=call.now))
        call.hear("s" * 26)
        assert call.engine.phase is VALIDATING


class TestWordsInNoise:
    """n is a loud room, v speech in it, w a whisper in a quiet one."""

    def in_noise(self, mic: str = "nnnnnvvvvvvvvvv" + "n" * 26) -> Timeline:
        call = connected(TurnPolicy(idle_prompt_seconds=300))
        call.hear(mic)
        assert call.engine.phase is VALIDATING
        return call

    def codes(self, call: Timeline) -> list[str]:
        return [notice.code for notice in call.asked(Notify) if notice.code.startswith("not_understood")]

    def lines(self, call: Timeline) -> list[str]:
        return [line.line for line in call.asked(SpeakLine)]

    def test_where_noise_hides_the_words_the_persona_asks_again_and_the_page_says_why(self) -> None:
        call = self.in_noise()
        call.transcribe("")
        assert (self.codes(call), self.lines(call)) == (["not_understood_loud_room"], ["did_not_catch"])
        assert call.moves[-1] == ("P", "words_not_caught")
        call.start_reply("Sorry, I did not catch that.")
        call.finish_reply()
        assert call.engine.phase is WAIT
        assert not call.asked(GenerateReply)

    def test_a_whisper_without_words_is_asked_for_again_for_its_own_reason(self) -> None:
        call = self.in_noise("....." + "w" * 10 + "." * 26)
        call.transcribe("")
        assert (self.codes(call), self.lines(call)) == (["not_understood_too_quiet"], ["did_not_catch"])

    def test_noise_that_opens_turn_after_turn_does_not_make_the_persona_talk_to_it(self) -> None:
        call = self.in_noise()
        for _ in range(6):
            call.transcribe("")
            if call.engine.phase is PROCESSING:
                call.start_reply("Sorry, I did not catch that.")
                call.finish_reply()
            call.hear("nnnnvvvvvvv" + "n" * 26)
        assert self.lines(call) == ["did_not_catch"]
        assert self.codes(call) == ["not_understood_loud_room"] * 6

    def test_a_minute_later_the_persona_may_ask_again(self) -> None:
        call = self.in_noise()
        call.transcribe("")
        call.start_reply("Sorry, I did not catch that.")
        call.finish_reply()
        call.hear("n" * 610 + "vvvvvvv" + "n" * 26)
        call.transcribe("")
        assert self.lines(call) == ["did_not_catch", "did_not_catch"]

    def test_who_says_it_again_before_the_persona_asks_is_heard_in_one_piece(self) -> None:
        call = self.in_noise()
        call.transcribe("")
        call.hear("vvvvvvvv" + "n" * 26)
        first, joined = call.asked(TranscribeTurn)
        assert [s.superseded_by for s in call.asked(SupersedeUtterance)] == [joined.utterance_id]
        assert first.utterance_id != joined.utterance_id

    def test_an_answer_that_is_owed_goes_before_it(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=6))
        call.hear("." + "ssssssss.." * 6 + "sssss")
        call.transcribe("What is a rope?")
        call.hear("n" * 60)
        call.transcribe("")
        assert [asked.transcript for asked in call.asked(GenerateReply)] == ["What is a rope?"]
        assert self.lines(call) == []


class TestTheRoom:
    """n a loud room, x a voice that clips, w a whisper."""

    def told(self, mic: str, **settings: float) -> list[str]:
        call = connected()
        call.hear(mic, **settings)
        return [notice.code for notice in call.asked(Notify)]

    def test_a_trouble_that_lasts_is_told(self) -> None:
        assert self.told("n" * 40) == ["loud_room"]
        assert self.told("." * 5 + "x" * 40) == ["clipping"]
        assert self.told("." * 5 + "w" * 40) == ["too_quiet"]

    def test_what_may_be_the_agents_echo_is_not_judged(self) -> None:
        assert self.told("n" * 60, agent_dbfs=-20.0) == []
        call = speaking(completes=False)
        call.more_sound(seconds=20)
        call.hear("n" * 60)
        assert not call.asked(Notify)

    def test_a_muted_microphone_is_not_judged(self) -> None:
        call = connected()
        call.take(call.engine.on_media_settings(muted=True, now=call.now))
        call.hear("n" * 60)
        assert not call.asked(Notify)

    def test_a_far_voice_beside_the_caller_is_not_too_quiet(self) -> None:
        call = connected()
        call.hear(SPOKEN)
        call.transcribe("What is a rope?")
        call.start_reply()
        call.finish_reply()
        call.hear("w" * 60)
        assert "too_quiet" not in [notice.code for notice in call.asked(Notify)]

    def test_what_the_room_taught_is_there_for_its_next_call_once_it_is_known(self) -> None:
        call = connected()
        call.hear("n" * 20)
        assert call.engine.noise_profile is None
        call.hear("n" * 20)
        profile = call.engine.noise_profile
        assert profile is not None
        next_call = AudioConditioner(noise_profile=parse_noise_profile(profile))
        assert next_call.condition(SPEECH_FRAME).metrics.noise_floor_dbfs == pytest.approx(-34, abs=1)

    def test_a_room_that_was_only_heard_through_a_closed_microphone_taught_nothing(self) -> None:
        call = connected()
        call.take(call.engine.on_media_settings(muted=True, now=call.now))
        call.hear("n" * 60)
        assert call.engine.noise_profile is None

    @pytest.mark.parametrize("kept_on", [(False, False), (True, False), (False, True)])
    def test_what_the_browser_does_itself_is_not_done_again(self, kept_on: tuple[bool, bool]) -> None:
        conditioner = KnownConditioner()
        call = Timeline(conditioner=conditioner)
        suppression, gain = kept_on
        call.engine.on_media_settings(muted=False, noise_suppression=suppression, auto_gain_control=gain, now=call.now)
        assert conditioner.left_to_browser == kept_on


class KnownConditioner(AudioConditioner):
    """Remembers what it was told of the browser."""

    left_to_browser: tuple[bool, bool] | None = None

    def set_browser_processing(self, *, noise_suppression: bool, auto_gain_control: bool) -> None:
        self.left_to_browser = (noise_suppression, auto_gain_control)
        super().set_browser_processing(noise_suppression=noise_suppression, auto_gain_control=auto_gain_control)


class TestHowLoudTheCallerIs:
    """s is the caller's usual voice, q the same 13 dB quieter, t a television 17 dB under it, S a shout."""

    def known_caller(self) -> Timeline:
        call = connected()
        for _ in range(2):
            call.hear(SPOKEN)
            call.transcribe("What is a rope?")
            call.start_reply()
            call.finish_reply()
        return call

    def test_who_speaks_more_quietly_than_before_is_heard_to_the_end(self) -> None:
        call = self.known_caller()
        call.hear("qqqqqq...." * 8 + "." * 26)
        turn = call.asked(TranscribeTurn)[-1]
        assert duration_ms(turn.audio) == pytest.approx(500 + 7_600 + 500, abs=60)
        assert len(call.asked(TranscribeTurn)) == 3

    def test_who_goes_on_more_quietly_than_before_reopens_the_turn(self) -> None:
        call = self.known_caller()
        call.hear("....qqqqqqqqqq" + "." * 26 + "qqqq")
        assert call.moves[-2:] == [("V", "silence"), ("W", "speech_continued")]

    def test_a_far_voice_does_not_hold_the_turn_of_who_speaks_as_usual(self) -> None:
        call = self.known_caller()
        call.hear("....ssssssssss" + "...tttttttt..ttttttttttttt")
        assert call.engine.phase is VALIDATING
        call.hear("tttttttttt")
        assert call.engine.phase is VALIDATING

    def test_a_far_voice_does_not_hold_a_turn_that_was_continued_after_the_longest(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=10))
        call.hear(SPOKEN)
        call.transcribe("Now listen.")
        call.hear("s" * 110)
        call.transcribe("The first part.")
        call.hear("..." + "t" * 23)
        assert call.engine.phase is VALIDATING

    def test_the_level_of_what_had_no_words_is_not_the_callers(self) -> None:
        call = connected()
        call.hear("....SSSSSSSSSS" + "." * 26)
        call.transcribe("")
        assert call.engine.snapshot()["levels"]["caller_turns_dbfs"] == []  # type: ignore[index]
        call.hear("....ssssssssss" + "." * 26)
        assert call.engine.snapshot()["levels"]["caller_turns_dbfs"] == []  # type: ignore[index]
        call.transcribe("What is a rope?")
        [level_dbfs] = call.engine.snapshot()["levels"]["caller_turns_dbfs"]  # type: ignore[index]
        assert level_dbfs == pytest.approx(-25, abs=1)


class TestLateResults:
    def test_a_transcript_for_a_dead_id_changes_nothing(self) -> None:
        call = validating()
        stale = call.engine.process_user_utterance(utterance_id="other", transcript="Hello.", now=call.now)
        assert stale == [ReportStaleResult("transcript", "other", call.engine.active_utterance_id)]
        assert call.engine.phase is VALIDATING

    def test_a_transcript_that_comes_twice_is_answered_once(self) -> None:
        call = validating()
        call.transcribe("Hello.")
        assert names(list(call.transcribe("Hello."))) == ["ReportStaleResult"]
        assert len(call.asked(GenerateReply)) == 1

    def test_no_fact_about_a_dead_reply_changes_anything(self) -> None:
        call = speaking()
        engine, now = call.engine, call.now
        before = engine.snapshot()
        late = [
            engine.on_first_token(turn_id="dead", now=now),
            engine.on_sentence_started(turn_id="dead", sentence="No.", now=now),
            engine.on_sound_queued(turn_id="dead", samples=9, now=now),
            engine.on_sentence_queued(turn_id="dead", sentence="No.", samples=9, now=now),
            engine.on_reply_started(turn_id="dead", now=now),
            engine.on_reply_complete(turn_id="dead", now=now),
            engine.on_reply_failed(turn_id="dead", reason="late", now=now),
            engine.on_playback_finished(turn_id="dead", samples_sent=9, now=now),
            engine.on_reply_started(turn_id=engine.turn_id or "", now=now),
            engine.on_transcription_failed(utterance_id="dead", reason="late", now=now),
        ]
        assert {type(command) for commands in late for command in commands} == {ReportStaleResult}
        assert all(len(commands) == 1 for commands in late)
        assert engine.snapshot() == before

    def test_what_is_no_frame_is_refused_and_changes_nothing(self) -> None:
        call = connected()
        before = call.engine.snapshot()
        with pytest.raises(ValueError, match="1920"):
            call.engine.on_audio_frame(SILENT_FRAME[:-2], 1.0)
        assert call.engine.snapshot() == before


class TestReopening:
    def test_speech_that_goes_on_while_the_transcript_is_pending_joins_the_turn(self) -> None:
        call = validating()
        [first] = call.asked(TranscribeTurn)
        call.hear("....ssss" + "." * 26)
        assert call.asked(CancelTranscription) == [CancelTranscription(first.utterance_id)]
        [_, joined] = call.asked(TranscribeTurn)
        assert joined.utterance_id != first.utterance_id
        assert joined.turn_id != first.turn_id
        assert call.asked(SupersedeUtterance) == [
            SupersedeUtterance(first.utterance_id, superseded_by=joined.utterance_id, turn_id=first.turn_id)
        ]
        assert joined.audio.startswith(first.audio[: len(first.audio) // 2])
        assert 2_900 <= duration_ms(joined.audio) <= 3_500
        rows = [row.utterance_id for row in call.asked(OpenTurn)]
        assert rows == [first.utterance_id, joined.utterance_id]

    def test_speech_that_goes_on_before_the_first_reply_frame_cancels_the_reply(self) -> None:
        call = processing()
        [asked] = call.asked(GenerateReply)
        call.hear("ssss")
        assert call.engine.phase is WAIT
        assert call.asked(CancelReply) == [CancelReply(asked.turn_id)]
        assert ("W", "speech_continued") in call.moves
        late = call.engine.on_reply_started(turn_id=asked.turn_id, now=call.now)
        assert names(late) == ["ReportStaleResult"]

    def test_less_than_240_ms_changes_nothing(self) -> None:
        call = processing()
        before = len(call.commands)
        call.hear("ss" + "." * 10)
        assert call.commands[before:] == []
        assert call.engine.phase is PROCESSING

    def test_a_turn_may_be_reopened_again_and_again_and_is_transcribed_once_for_each_id(self) -> None:
        call = validating()
        for _ in range(3):
            call.hear("...ssss" + "." * 26)
        turns = call.asked(TranscribeTurn)
        assert len({turn.utterance_id for turn in turns}) == len(turns) == 4
        assert [s.superseded_by for s in call.asked(SupersedeUtterance)] == [t.utterance_id for t in turns[1:]]

    def test_an_apology_that_is_still_pending_gives_way_to_speech(self) -> None:
        call = validating()
        [turn] = call.asked(TranscribeTurn)
        call.take(call.engine.on_transcription_failed(utterance_id=turn.utterance_id, reason="timed out", now=call.now))
        call.hear("ssss" + "." * 26)
        assert [s.utterance_id for s in call.asked(SupersedeUtterance)] == [turn.utterance_id]

    def test_speech_over_a_pending_typed_turn_is_a_turn_of_its_own(self) -> None:
        call = connected()
        call.take(call.engine.on_user_text(transcript="Hello.", now=call.now))
        call.hear("ssss" + "." * 26)
        assert call.engine.phase is VALIDATING
        assert not call.asked(SupersedeUtterance)


WORDS = "ssssssss.." * 15
"""Fifteen seconds of speech with short gaps."""


class TestTheLongestTurn:
    """Ten seconds here."""

    def speaks(self, mic: str, *, answers_after: str = "....") -> Timeline:
        """Who goes on for longer than a turn may be; the recogniser answers so much later."""
        call = connected(TurnPolicy(max_turn_seconds=10))
        call.hear("....." + mic[: 96 + len(answers_after)])
        call.transcribe("The first part.")
        call.hear(mic[96 + len(answers_after) :] + "." * 30)
        return call

    @pytest.mark.parametrize("mic", ["s" * 150, WORDS], ids=["without a gap", "with gaps"])
    @pytest.mark.parametrize("answers_after", ["", "....", "." * 40], ids=["at once", "soon", "late"])
    def test_fifteen_seconds_of_speech_are_two_transcriptions_without_a_word_lost_or_doubled(
        self, mic: str, answers_after: str
    ) -> None:
        call = self.speaks(mic, answers_after=answers_after)
        assert call.engine.phase is VALIDATING
        first, second = call.asked(TranscribeTurn)
        assert first.utterance_id != second.utterance_id
        pre_roll, tail = 500, 500
        spoken = 100 * len(mic.rstrip("."))
        assert duration_ms(first.audio) + duration_ms(second.audio) == pytest.approx(pre_roll + spoken + tail, abs=60)
        assert 5_000 <= duration_ms(first.audio) <= 10_000

    def test_it_is_cut_between_two_words(self) -> None:
        first, _ = self.speaks(WORDS).asked(TranscribeTurn)
        assert duration_ms(first.audio) == pytest.approx(500 + 9_000 - 60, abs=60)

    def test_the_first_part_is_remembered_and_answered_together_with_the_second(self) -> None:
        call = self.speaks(WORDS)
        call.transcribe("The second part.")
        assert [said.transcript for said in call.asked(AcceptTranscript)] == ["The first part.", "The second part."]
        assert [asked.transcript for asked in call.asked(GenerateReply)] == ["The second part."]
        assert not call.asked(SupersedeUtterance)
        assert not call.asked(CancelTranscription)
        assert call.moves == [
            ("V", "max_turn"),
            ("W", "speech_continued"),
            ("V", "silence"),
            ("P", "transcript_accepted"),
        ]

    def test_an_answer_that_was_begun_already_is_dropped_and_the_words_stay(self) -> None:
        call = self.speaks("s" * 150, answers_after="")
        call.transcribe("The second part.")
        assert [said.transcript for said in call.asked(AcceptTranscript)] == ["The first part.", "The second part."]
        begun, _ = call.asked(GenerateReply)
        assert call.asked(CancelReply) == [CancelReply(begun.turn_id)]
        assert not call.asked(SupersedeUtterance)

    def test_nothing_is_said_into_the_speech_though_the_recogniser_fails(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=10))
        call.hear(WORDS[:110])
        [first] = call.asked(TranscribeTurn)
        call.take(
            call.engine.on_transcription_failed(utterance_id=first.utterance_id, reason="it is down", now=call.now)
        )
        assert call.engine.phase is WAIT
        assert [notice.code for notice in call.asked(Notify)] == ["transcription_failed"]
        call.hear(WORDS[110:] + "." * 30)
        assert len(call.asked(TranscribeTurn)) == 2
        assert not call.asked(SpeakLine)

    def test_a_first_part_without_words_changes_nothing_for_the_second(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=10))
        call.hear("....." + WORDS[:110])
        call.transcribe("")
        call.hear(WORDS[110:] + "." * 30)
        call.transcribe("The second part.")
        first, second = call.asked(TranscribeTurn)
        assert [asked.utterance_id for asked in call.asked(GenerateReply)] == [second.utterance_id]
        assert duration_ms(first.audio) + duration_ms(second.audio) == pytest.approx(500 + 14_800 + 500, abs=60)

    def test_a_second_part_without_words_leaves_the_first_to_be_answered(self) -> None:
        call = self.speaks(WORDS)
        call.transcribe("")
        assert [asked.transcript for asked in call.asked(GenerateReply)] == ["The first part."]
        assert call.engine.phase is PROCESSING
        call.hear("ssss" + "." * 26)
        call.transcribe("More.")
        assert not call.asked(SupersedeUtterance)

    def test_a_second_part_that_cannot_be_recognised_leaves_the_first_to_be_answered(self) -> None:
        call = self.speaks(WORDS)
        failed = call.engine.active_utterance_id or ""
        call.take(call.engine.on_transcription_failed(utterance_id=failed, reason="busy", now=call.now))
        assert [asked.transcript for asked in call.asked(GenerateReply)] == ["The first part."]
        assert [notice.code for notice in call.asked(Notify)] == ["transcription_failed"]
        assert not call.asked(SpeakLine)

    def test_who_has_stopped_when_it_ends_is_answered(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=10))
        call.hear("....." + "s" * 80 + "." * 26)
        call.transcribe("That is all.")
        call.start_reply("Good.")
        assert call.moves[0] == ("V", "max_turn")
        assert len(call.asked(TranscribeTurn)) == 1

    def test_half_a_minute_is_heard_to_its_end(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=10))
        for mic in (".....", *["ssssssss.."] * 30, "." * 30):
            call.hear(mic)
            if call.engine.phase is VALIDATING:
                call.transcribe("A part.")
        parts = [duration_ms(turn.audio) for turn in call.asked(TranscribeTurn)]
        assert len(parts) == 4
        assert sum(parts) == pytest.approx(500 + 29_800 + 500, abs=60)

    def test_a_turn_that_was_ended_by_hand_just_before_is_not_transcribed_again(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=10))
        call.hear("....." + "s" * 94)
        call.take(call.engine.end_turn(now=call.now))
        call.hear("s" * 20 + "." * 30)
        call.transcribe("The first part.")
        call.hear(".")
        assert len(call.asked(TranscribeTurn)) == 2
        assert not call.asked(SupersedeUtterance)


class TestTheAgentSpeaks:
    def test_a_word_over_the_agent_lowers_it_and_what_was_said_is_looked_at(self) -> None:
        call = speaking()
        before = len(call.commands)
        call.hear("sss.....")
        wanted = call.commands[before:]
        assert names(wanted) == ["DuckPlayback", "ReportBargeIn", "TranscribeProbe", "RestorePlayback"]
        assert call.engine.phase is SPEAKING

    def test_a_mm_hm_comes_and_goes_and_no_turn_is_made_of_it(self) -> None:
        call = speaking()
        call.hear("sss...")
        call.probe("Mm-hm.")
        call.hear("." * 10)
        call.finish_reply()
        call.hear("." * 30)
        assert [(bid.decision, bid.reason) for bid in call.asked(ReportBargeIn)][-1] == ("rejected", "backchannel")
        assert len(call.asked(TranscribeTurn)) == 1
        assert call.asked(CloseReply)[-1].interrupted is False

    def test_a_stop_gives_the_user_the_floor_with_all_that_was_said_under_one_id(self) -> None:
        call = speaking("One two three.", "Never heard.", completes=False)
        call.hear("." * 5)
        call.samples_sent = 40_000
        call.hear("ssssss...")
        accepted = call.probe("Wait, stop.")
        bid = call.asked(ReportBargeIn)[-1]
        assert names(list(accepted))[:3] == ["CancelPlayback", "ReportBargeIn", "CancelReply"]
        assert (bid.decision, bid.reason) == ("accepted", "stop_word")
        assert call.engine.phase is WAIT
        assert call.engine.active_utterance_id == bid.candidate_id
        assert call.asked(CloseReply)[-1].heard_text == "One two"
        call.hear("ssss" + "." * 26)
        (_, turn) = call.asked(TranscribeTurn)
        assert turn.utterance_id == bid.candidate_id
        assert duration_ms(turn.audio) == pytest.approx(500 + 1_300 + 500, abs=60)

    def test_a_user_who_stopped_the_agent_and_says_no_more_has_said_that(self) -> None:
        call = speaking()
        call.hear("ssss...")
        call.probe("Stop.")
        call.hear("." * 26)
        turn = call.asked(TranscribeTurn)[-1]
        assert duration_ms(turn.audio) == pytest.approx(500 + 400 + 500, abs=60)

    def test_a_probe_of_another_time_changes_nothing(self) -> None:
        call = speaking()
        call.hear("sss...")
        candidate = call.asked(TranscribeProbe)[-1]
        call.finish_reply()
        late = call.engine.on_probe_transcribed(
            candidate_id=candidate.candidate_id, look=1, transcript="stop", now=call.now
        )
        assert late == [ReportStaleResult("probe", candidate.candidate_id, None)]

    def test_a_key_that_is_pressed_takes_the_floor_and_its_release_ends_the_turn(self) -> None:
        call = processing()
        call.take(call.engine.on_media_settings(muted=True, push_to_talk=True, now=call.now))
        call.start_reply()
        call.samples_sent = 30_000
        call.hear("..")
        call.take(call.engine.on_media_settings(muted=False, push_to_talk=True, now=call.now))
        assert call.engine.phase is WAIT
        call.hear("ssssss")
        call.take(call.engine.on_media_settings(muted=True, push_to_talk=True, now=call.now))
        assert call.moves[-1] == ("V", "end_turn")

    def test_a_key_that_is_held_when_the_agent_begins_takes_the_floor_at_once(self) -> None:
        call = processing()
        call.take(call.engine.on_media_settings(muted=True, push_to_talk=True, now=call.now))
        call.take(call.engine.on_media_settings(muted=False, push_to_talk=True, now=call.now))
        call.start_reply()
        assert call.engine.phase is WAIT
        assert call.asked(CloseReply)[-1].heard_text == ""
        call.hear("ssssss")
        call.take(call.engine.on_media_settings(muted=True, push_to_talk=True, now=call.now))
        assert call.moves[-1] == ("V", "end_turn")

    def test_no_silence_ends_a_turn_while_the_key_is_held(self) -> None:
        call = connected()
        call.take(call.engine.on_media_settings(muted=True, push_to_talk=True, now=call.now))
        call.take(call.engine.on_media_settings(muted=False, push_to_talk=True, now=call.now))
        call.hear("ssssss" + "." * 45)
        assert call.engine.phase is WAIT
        call.take(call.engine.on_media_settings(muted=True, push_to_talk=True, now=call.now))
        assert call.moves[-1] == ("V", "end_turn")

    def test_what_a_few_doubtful_words_may_have_been_as_well_reaches_the_decision(self) -> None:
        call = speaking()
        call.hear("ssssss...")
        asked = call.asked(TranscribeProbe)[-1]
        heard = {
            "transcript": "Okay, start.",
            "avg_logprob": -0.5,
            "is_doubtful": True,
            "alternatives": ["Okay, stop."],
        }
        ids = {"candidate_id": asked.candidate_id, "look": asked.look}
        call.take(call.engine.on_probe_transcribed(**ids, **heard, now=call.now))
        bid = call.asked(ReportBargeIn)[-1]
        assert (bid.decision, bid.reason) == ("accepted", "stop_word")

    def test_speech_that_outlasts_the_agent_becomes_the_turn_with_its_beginning(self) -> None:
        call = speaking()
        call.hear("..........sssss")
        call.finish_reply()
        assert call.engine.active_utterance_id is not None
        call.hear("sssss" + "." * 26)
        turn = call.asked(TranscribeTurn)[-1]
        assert duration_ms(turn.audio) == pytest.approx(500 + 1_000 + 500, abs=60)

    def test_speech_that_began_before_the_agent_and_outlasts_it_is_kept_from_its_beginning(self) -> None:
        call = processing()
        call.hear("ss")
        call.start_reply()
        call.hear("sss")
        call.finish_reply()
        call.hear("sssss" + "." * 26)
        turn = call.asked(TranscribeTurn)[-1]
        assert duration_ms(turn.audio) == pytest.approx(500 + 1_000 + 500, abs=60)

    def test_the_row_of_speech_that_outlasts_the_agent_begins_when_the_speech_did(self) -> None:
        call = processing()
        call.hear("." * 17 + "ss")
        call.start_reply()
        call.hear("sss")
        call.finish_reply()
        call.hear("sssss" + "." * 26)
        assert call.asked(OpenTurn)[-1].started_at == pytest.approx(4.6 + 1.7 + 0.02)

    def test_stop_silences_at_once_and_the_history_keeps_what_was_heard(self) -> None:
        call = speaking("One two three.", "Never heard.", completes=False)
        call.hear("." * 8)
        turn_id = call.engine.turn_id or ""
        commands = call.take(call.engine.cancel_tts(samples_sent=38_400, now=call.now))
        assert names(list(commands))[:2] == ["CancelPlayback", "CancelReply"]
        assert call.engine.phase is WAIT
        [closed] = call.asked(CloseReply)
        assert closed == CloseReply(turn_id, "One two three. Never heard.", "One two", interrupted=True, at=call.now)

    def test_stop_within_the_first_sentence_keeps_the_words_that_left(self) -> None:
        call = processing()
        call.begin_sentence("One two three four five six.", seconds=1.5)
        call.take(call.engine.on_reply_started(turn_id=call.engine.turn_id or "", now=call.now))
        call.take(call.engine.cancel_tts(samples_sent=72_000, now=call.now))
        [closed] = call.asked(CloseReply)
        assert closed.planned_text == "One two three four five six."
        assert closed.heard_text == "One two three four five"
        assert closed.interrupted

    def test_a_voice_that_fails_within_a_sentence_leaves_what_was_heard_of_it(self) -> None:
        call = processing()
        call.begin_sentence("One two three four five six.", seconds=1.0)
        turn_id = call.engine.turn_id or ""
        call.take(call.engine.on_reply_started(turn_id=turn_id, now=call.now))
        call.take(call.engine.on_reply_failed(turn_id=turn_id, reason="it is down", now=call.now))
        call.finish_reply(samples_sent=48_000)
        [closed] = call.asked(CloseReply)
        assert closed.planned_text == closed.heard_text == "One two three"
        assert [notice.code for notice in call.asked(Notify)] == ["reply_broke_off"]

    def test_the_browsers_playout_delay_counts(self) -> None:
        call = speaking("One two three.")
        call.take(call.engine.on_playout_delay(delay_ms=500, now=call.now))
        call.take(call.engine.cancel_tts(samples_sent=38_400, now=call.now))
        assert [closed.heard_text for closed in call.asked(CloseReply)] == ["One"]

    def test_a_user_who_speaks_when_pressing_stop_has_the_floor_at_once(self) -> None:
        call = speaking()
        call.hear("sss")
        call.take(call.engine.cancel_tts(samples_sent=9_600, now=call.now))
        assert call.engine.active_utterance_id is not None
        call.hear("ss" + "." * 26)
        assert call.engine.phase is VALIDATING

    @pytest.mark.parametrize(("sounds", "decision"), [("ssssssss", "accepted"), ("s", "rejected")])
    def test_what_was_weighed_when_stop_was_pressed_says_that_it_was_the_user(self, sounds: str, decision: str) -> None:
        call = speaking()
        call.hear(sounds)
        call.take(call.engine.cancel_tts(samples_sent=9_600, now=call.now))
        assert [(bid.decision, bid.reason) for bid in call.asked(ReportBargeIn)][-1] == (decision, "user_took_over")

    def test_what_was_weighed_when_the_agent_ended_says_so(self) -> None:
        call = speaking()
        call.hear("ssssssss")
        call.finish_reply()
        assert [(bid.decision, bid.reason) for bid in call.asked(ReportBargeIn)][-1] == ("accepted", "agent_finished")

    def test_stop_drops_a_pending_reply(self) -> None:
        call = processing()
        call.take(call.engine.cancel_tts(samples_sent=0, now=call.now))
        assert call.moves[-1] == ("W", "user_took_over")
        assert len(call.asked(CancelReply)) == 1
        assert not call.asked(CloseReply)

    def test_stop_drops_a_turn_that_is_still_transcribed(self) -> None:
        call = validating()
        [turn] = call.asked(TranscribeTurn)
        commands = call.take(call.engine.cancel_tts(samples_sent=0, now=call.now))
        assert names(list(commands)) == ["CancelTranscription", "PhaseChanged"]
        assert call.moves[-1] == ("W", "user_took_over")
        late = call.engine.process_user_utterance(utterance_id=turn.utterance_id, transcript="Hm.", now=call.now)
        assert names(late) == ["ReportStaleResult"]
        assert call.engine.active_utterance_id is None

    def test_who_speaks_on_after_the_longest_turn_and_presses_stop_is_heard_on(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=10))
        call.hear("s" * 110)
        call.take(call.engine.cancel_tts(samples_sent=0, now=call.now))
        call.hear("ssss" + "." * 26)
        assert len(call.asked(TranscribeTurn)) == 2

    def test_stop_where_nobody_is_waited_for_does_nothing(self) -> None:
        call = connected()
        call.hear("....ssssss")
        assert call.engine.cancel_tts(samples_sent=0, now=call.now) == []

    def test_a_reply_that_breaks_off_is_heard_as_far_as_it_came(self) -> None:
        call = speaking("One two three.", completes=False)
        turn_id = call.engine.turn_id or ""
        assert call.engine.on_reply_failed(turn_id=turn_id, reason="gone", now=call.now) == []
        assert call.engine.phase is SPEAKING
        call.finish_reply()
        assert [notice.code for notice in call.asked(Notify)] == ["reply_broke_off"]
        assert [closed.heard_text for closed in call.asked(CloseReply)] == ["One two three."]
        assert call.engine.phase is WAIT


class TestImDone:
    def test_the_turn_is_over_at_once(self) -> None:
        call = connected()
        call.hear("..........ssssssssss.")
        commands = call.take(call.engine.end_turn(now=call.now))
        assert names(list(commands)) == ["SpeakingChanged", "PhaseChanged", "OpenTurn", "TranscribeTurn"]
        assert call.moves == [("V", "end_turn")]

    def test_a_word_that_is_not_believed_yet_ended_when_it_was_last_heard(self) -> None:
        call = connected()
        call.hear("..........cc")
        call.take(call.engine.end_turn(now=call.now))
        call.transcribe("No.")
        call.start_reply()
        call.finish_reply()
        assert [report.end_of_turn_ms for report in call.asked(ReportTurn)] == [0]

    def test_with_nothing_said_it_says_so(self) -> None:
        call = connected()
        call.hear("..........")
        assert [n.code for n in call.engine.end_turn(now=call.now) if isinstance(n, Notify)] == ["nothing_said"]

    @pytest.mark.parametrize("make", [validating, processing, speaking])
    def test_where_it_is_not_the_users_move_it_does_nothing(self, make: object) -> None:
        call = make()  # type: ignore[operator]
        assert call.engine.end_turn(now=call.now) == []


class TestTyping:
    def test_a_typed_turn_is_answered_without_recognition(self) -> None:
        call = connected()
        call.take(call.engine.on_user_text(transcript=" What is a rope? ", now=1.0))
        assert names(call.commands[1:]) == ["OpenTurn", "AcceptTranscript", "PhaseChanged", "GenerateReply"]
        assert call.moves == [("P", "text_typed")]
        assert call.asked(GenerateReply)[0].transcript == "What is a rope?"

    def test_a_blank_line_does_nothing(self) -> None:
        assert connected().engine.on_user_text(transcript="  \n", now=1.0) == []

    def test_it_drops_an_open_capture(self) -> None:
        call = connected()
        call.hear("..........sssss")
        call.take(call.engine.on_user_text(transcript="Hello.", now=call.now))
        assert call.engine.phase is PROCESSING
        assert [change.speaking for change in call.asked(SpeakingChanged)] == [True, False]
        call.hear("." * 26)
        assert not call.asked(TranscribeTurn)

    def test_it_takes_the_place_of_pending_work(self) -> None:
        call = validating()
        call.take(call.engine.on_user_text(transcript="Hello.", now=call.now))
        assert len(call.asked(CancelTranscription)) == 1
        call.take(call.engine.on_user_text(transcript="Hello again.", now=call.now))
        assert len(call.asked(CancelReply)) == 1
        assert [asked.transcript for asked in call.asked(GenerateReply)] == ["Hello.", "Hello again."]
        assert call.engine.phase is PROCESSING

    def test_it_silences_the_agent(self) -> None:
        call = speaking("One two three.")
        call.hear("." * 8)
        call.take(call.engine.on_user_text(transcript="Stop.", now=call.now))
        assert len(call.asked(CancelPlayback)) == 1
        [closed] = call.asked(CloseReply)
        assert closed.interrupted and closed.heard_text == "One two"
        assert call.moves[-2:] == [("W", "user_took_over"), ("P", "text_typed")]


class TestFailures:
    def test_a_failed_recognition_is_apologised_for(self) -> None:
        call = validating()
        [turn] = call.asked(TranscribeTurn)
        call.take(call.engine.on_transcription_failed(utterance_id=turn.utterance_id, reason="timed out", now=call.now))
        assert [line.line for line in call.asked(SpeakLine)] == ["apology"]
        assert [notice.code for notice in call.asked(Notify)] == ["transcription_failed"]
        call.start_reply("Sorry.")
        call.finish_reply()
        assert [phase for phase, _ in call.moves] == ["V", "P", "A", "W"]

    def test_a_failed_reply_is_apologised_for_under_an_id_of_its_own(self) -> None:
        call = processing()
        [asked] = call.asked(GenerateReply)
        call.take(call.engine.on_reply_failed(turn_id=asked.turn_id, reason="timed out", now=call.now))
        [line] = call.asked(SpeakLine)
        assert line.line == "apology" and line.turn_id != asked.turn_id
        assert call.engine.phase is PROCESSING
        assert [notice.code for notice in call.asked(Notify)] == ["reply_failed"]

    def test_an_apology_that_fails_is_not_apologised_for(self) -> None:
        call = processing()
        for _ in range(2):
            call.take(call.engine.on_reply_failed(turn_id=call.engine.turn_id or "", reason="no voice", now=call.now))
        assert len(call.asked(SpeakLine)) == 1
        assert [notice.code for notice in call.asked(Notify)] == ["reply_failed", "voice_failed"]
        assert call.moves[-1] == ("W", "reply_failed")

    def test_an_empty_reply_is_a_failed_one(self) -> None:
        call = processing()
        call.take(call.engine.on_reply_complete(turn_id=call.engine.turn_id or "", now=call.now))
        assert [line.line for line in call.asked(SpeakLine)] == ["apology"]

    def test_a_reply_without_a_frame_is_a_failed_one(self) -> None:
        call = processing()
        call.finish_reply(samples_sent=0)
        assert [line.line for line in call.asked(SpeakLine)] == ["apology"]


class TestDeadlines:
    def test_a_recogniser_that_hangs_is_given_up(self) -> None:
        call = validating()
        [turn] = call.asked(TranscribeTurn)
        call.wait(30)
        assert call.asked(CancelTranscription) == [CancelTranscription(turn.utterance_id)]
        assert [line.line for line in call.asked(SpeakLine)] == ["apology"]
        assert names(list(call.transcribe("Too late."))) == ["ReportStaleResult"]

    def test_a_long_turn_is_given_more_time(self) -> None:
        short, long = validating(), connected()
        long.hear("s" * 300 + "." * 26)
        long.now = short.now = max(long.now, short.now)
        [asked_short], [asked_long] = short.asked(TranscribeTurn), long.asked(TranscribeTurn)
        patience = [
            (call.engine.get_timer() or 0) - call.time_of(asked)
            for call, asked in ((short, asked_short), (long, asked_long))
        ]
        assert patience[1] - patience[0] == pytest.approx(29 * 0.5, abs=0.5)

    def test_a_reply_that_hangs_ends_in_an_apology_and_a_silent_apology_in_a_notice(self) -> None:
        call = processing()
        call.wait(26)
        assert [line.line for line in call.asked(SpeakLine)] == ["apology"]
        call.wait(26)
        assert call.engine.phase is WAIT
        assert [notice.code for notice in call.asked(Notify)] == ["reply_failed", "voice_failed"]

    def test_a_reply_that_stalls_in_mid_speech_gives_the_floor_back(self) -> None:
        call = speaking("One two three.", completes=False)
        call.wait(10.5)
        assert call.engine.phase is SPEAKING
        call.wait(2)
        assert call.engine.phase is WAIT
        assert [notice.code for notice in call.asked(Notify)] == ["reply_broke_off"]
        assert len(call.asked(CancelPlayback)) == 1
        assert [(reply.heard_text, reply.interrupted) for reply in call.asked(CloseReply)] == [
            ("One two three.", False)
        ]

    def test_a_long_sentence_does_not_stall_while_its_sound_keeps_coming(self) -> None:
        call = processing()
        call.begin_sentence("A very long sentence.", seconds=0.5)
        call.take(call.engine.on_reply_started(turn_id=call.engine.turn_id or "", now=call.now))
        for _ in range(15):
            call.wait(2)
            call.more_sound(seconds=0.5)
        assert call.engine.phase is SPEAKING
        call.wait(11)
        assert call.engine.phase is WAIT
        assert [notice.code for notice in call.asked(Notify)] == ["reply_broke_off"]

    def test_the_persona_asks_once_whether_somebody_is_there_and_ends_the_call_after_ten_minutes(self) -> None:
        call = connected()
        call.hear(".")
        call.wait(15)
        assert [line.line for line in call.asked(SpeakLine)] == ["still_there"]
        call.start_reply("Are you there?")
        call.finish_reply()
        call.wait(580)
        assert not call.asked(EndCall)
        call.wait(10)
        assert call.asked(EndCall) == [EndCall("idle")]
        assert len(call.asked(SpeakLine)) == 1

    def test_it_is_asked_again_after_somebody_has_spoken(self) -> None:
        call = connected()
        call.hear(".")
        for _ in range(2):
            call.wait(15)
            call.start_reply("Are you there?")
            call.finish_reply()
            call.hear(SPOKEN)
            call.transcribe("Yes.")
            call.start_reply("Good.")
            call.finish_reply()
        assert [line.line for line in call.asked(SpeakLine)] == ["still_there"] * 2

    def test_who_is_speaking_is_not_asked(self) -> None:
        call = connected(TurnPolicy(idle_prompt_seconds=5))
        call.hear("." + "ssssssssss.........." * 8)
        assert not call.asked(SpeakLine)

    def test_the_longest_turn_ends_though_the_user_speaks_on(self) -> None:
        call = connected(TurnPolicy(max_turn_seconds=10))
        call.hear("s" * 105)
        assert call.moves[0] == ("V", "max_turn")

    def test_a_turn_ends_though_the_frames_have_stopped(self) -> None:
        call = connected()
        call.hear(".....sssss")
        call.wait(200)
        assert ("V", "max_turn") in call.moves

    def test_a_microphone_without_sound_is_mentioned_once(self) -> None:
        call = connected(TurnPolicy(idle_prompt_seconds=300))
        call.hear("z" * 120)
        assert [notice.code for notice in call.asked(Notify)] == ["no_microphone_sound"]

    def test_a_microphone_that_never_sends_a_frame_is_mentioned_too(self) -> None:
        call = connected()
        call.wait(6)
        assert [notice.code for notice in call.asked(Notify)] == ["no_microphone_sound"]

    def test_a_microphone_that_was_closed_on_purpose_is_not_mentioned(self) -> None:
        call = connected()
        call.take(call.engine.on_media_settings(muted=True, now=1.0))
        call.hear("z" * 120)
        assert not call.asked(Notify)
        call.take(call.engine.on_media_settings(muted=False, now=call.now))
        call.hear("." * 60)
        assert not call.asked(Notify)


class TestTheEnd:
    @pytest.mark.parametrize("make", [connected, validating, processing, speaking])
    def test_hanging_up_drops_everything_and_nothing_happens_after(self, make: object) -> None:
        call = make()  # type: ignore[operator]
        commands = call.engine.end_call(reason="hung_up", now=call.now)
        assert commands[-1] == EndCall("hung_up")
        assert call.engine.get_timer() is None
        assert call.engine.end_call(reason="again", now=call.now) == []
        call.commands.clear()
        call.hear("ssssssssss")
        call.transcribe("Hello.")
        call.connect()
        assert call.commands == []

    def test_a_reply_that_is_cut_by_the_end_keeps_what_was_heard(self) -> None:
        call = speaking("One two three.")
        call.hear("." * 8)
        call.take(call.engine.end_call(reason="hung_up", now=call.now))
        assert [closed.heard_text for closed in call.asked(CloseReply)] == ["One two"]

    def test_a_new_connection_in_mid_reply_only_announces_the_phase(self) -> None:
        call = speaking()
        [announced] = call.connect()
        assert isinstance(announced, PhaseChanged)
        assert announced.phase == announced.previous == "AI_SPEAKING"


def test_every_fact_is_a_method_and_every_public_method_is_a_fact_or_a_question() -> None:
    public = {name for name in vars(CallEngine) if not name.startswith("_") and callable(getattr(CallEngine, name))}
    assert public - FACTS == {"get_timer", "snapshot", "take_in", "flush_conditioned"}
    assert public >= FACTS

"""Whose move is it, and what makes it the other's? A call told step by step.

python test_conversation_flow.py          tells the stories, and fails where one is not true
python -m pytest test_conversation_flow.py -v
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from ai_agent.commands import CloseReply, Command, EndCall, Notify, PhaseChanged, SpeakLine, TranscribeTurn
from ai_agent.conversation import TRANSITIONS, ConversationPhase
from tests.timeline import Timeline

WAIT, VALIDATING, PROCESSING, SPEAKING = ConversationPhase

SPOKEN = ".....ssssssssss" + "." * 26
"""Half a second of quiet, a second of speech, and the silence that ends the turn."""


class Story:
    """A call that says what happens while it happens."""

    def __init__(self, title: str, *, has_greeting: bool = False) -> None:
        print(f"\n{title}\n{'─' * len(title)}")
        self.call = Timeline(has_greeting=has_greeting)

    def step(self, what: str, do: Callable[[], object], *, then: ConversationPhase) -> list[Command]:
        """One thing happens; afterwards it is this phase's move."""
        begin = len(self.call.commands)
        do()
        asked = self.call.commands[begin:]
        phase = self.call.engine.phase
        words = ", ".join(type(command).__name__ for command in asked) or "nothing"
        print(f"{self.call.now:7.2f} s  {what:<48} {phase:<21} {words}")
        assert phase is then, f"after {what!r} it should be {then}, and is {phase}"
        return asked

    def connect(self) -> None:
        self.step("the line is open", self.call.connect, then=WAIT)

    def speak(self) -> None:
        self.step("the user speaks, then 2.5 s of silence", lambda: self.call.hear(SPOKEN), then=VALIDATING)

    def understand(self, words: str = "What is a rope?") -> None:
        self.step(f"the recogniser heard “{words}”", lambda: self.call.transcribe(words), then=PROCESSING)

    def answer(self, *sentences: str) -> None:
        self.step("the first sound of the reply leaves", lambda: self.call.start_reply(*sentences), then=SPEAKING)


def test_a_whole_exchange() -> None:
    story = Story("A question and its answer", has_greeting=True)
    call = story.call
    story.step("the line is open: the greeting is asked for", call.connect, then=PROCESSING)
    story.answer("Hello, I am here.")
    story.step("the greeting is over", call.finish_reply, then=WAIT)
    story.speak()
    story.understand()
    story.answer("A rope is a long thing.")
    asked = story.step("the reply is over", call.finish_reply, then=WAIT)
    [closed] = [command for command in asked if isinstance(command, CloseReply)]
    assert closed.heard_text == "A rope is a long thing."


def test_stop() -> None:
    story = Story("The user presses stop")
    call = story.call
    story.connect()
    story.speak()
    story.understand()
    story.answer("One two three.")

    def stop() -> None:
        call.take(call.engine.cancel_tts(samples_sent=38_400, now=call.now))

    asked = story.step("stop, after 0.8 s of the reply", stop, then=WAIT)
    [closed] = [command for command in asked if isinstance(command, CloseReply)]
    assert closed.interrupted and closed.heard_text == "One two"


def test_stop_before_the_words_are_recognised() -> None:
    story = Story("The user presses stop, and did not mean to say anything")
    call = story.call
    story.connect()
    story.speak()
    asked = story.step("stop", lambda: call.take(call.engine.cancel_tts(samples_sent=0, now=call.now)), then=WAIT)
    assert [command.reason for command in asked if isinstance(command, PhaseChanged)] == ["user_took_over"]
    story.step("the recogniser's answer comes too late", lambda: call.transcribe("Hm."), then=WAIT)


def test_the_line_goes_in_mid_sentence() -> None:
    story = Story("The line goes while the user speaks")
    before = story.call
    story.connect()
    story.step("the user speaks", lambda: before.hear(".....ssssssssss"), then=WAIT)
    story.call = call = Timeline(snapshot=before.engine.snapshot(), start_at=before.now)
    asked = story.step("another session goes on: what was that?", call.connect, then=PROCESSING)
    assert [command.line for command in asked if isinstance(command, SpeakLine)] == ["did_not_catch"]


def test_i_am_done() -> None:
    story = Story("“I'm done” instead of waiting")
    call = story.call
    story.connect()
    story.step("the user speaks", lambda: call.hear(".....ssssssssss"), then=WAIT)
    asked = story.step("done", lambda: call.take(call.engine.end_turn(now=call.now)), then=VALIDATING)
    assert sum(isinstance(command, TranscribeTurn) for command in asked) == 1


def test_typing() -> None:
    story = Story("The user types")
    call = story.call
    story.connect()

    def type_words() -> None:
        call.take(call.engine.on_user_text(transcript="What is a rope?", now=call.now))

    story.step("a typed question", type_words, then=PROCESSING)
    story.answer("A long thing.")
    story.step("another one, into the reply", type_words, then=PROCESSING)


def test_nothing_intelligible() -> None:
    story = Story("Noise that sounded like speech")
    call = story.call
    story.connect()
    story.speak()
    asked = story.step("the recogniser found no words", lambda: call.transcribe(""), then=WAIT)
    assert [command.code for command in asked if isinstance(command, Notify)] == ["not_understood"]


def test_a_recogniser_that_hangs() -> None:
    story = Story("The recogniser does not answer")
    call = story.call
    story.connect()
    story.speak()
    asked = story.step("its deadline passes: an apology", lambda: call.wait(25), then=PROCESSING)
    assert [command.line for command in asked if isinstance(command, SpeakLine)] == ["apology"]
    story.answer("Sorry, that did not work.")
    story.step("the apology is over", call.finish_reply, then=WAIT)


def test_everything_is_down() -> None:
    story = Story("No answer, and no voice for the apology")
    call = story.call
    story.connect()
    story.speak()
    story.understand()

    def fail() -> None:
        turn_id = call.engine.turn_id or ""
        call.take(call.engine.on_reply_failed(turn_id=turn_id, reason="it is down", now=call.now))

    story.step("the reply fails: an apology", fail, then=PROCESSING)
    asked = story.step("the apology fails: a notice, and no loop", fail, then=WAIT)
    assert any(isinstance(command, Notify) for command in asked)


def test_nobody_is_there() -> None:
    story = Story("Nobody says anything")
    call = story.call
    story.connect()
    call.hear(".")
    story.step("15 s pass: are you still there?", lambda: call.wait(15), then=PROCESSING)
    story.answer("Are you still there?")
    story.step("that is over", call.finish_reply, then=WAIT)
    asked = story.step("ten minutes have passed", lambda: call.wait(600), then=WAIT)
    assert asked == [EndCall("idle")]


def test_the_table_is_all_there_is() -> None:
    print("\nThe table\n─────────")
    for (phase, event), to in TRANSITIONS.items():
        print(f"{phase:<21} {event:<22} → {to}")
    assert {phase for phase, _ in TRANSITIONS} == set(ConversationPhase)


def main() -> int:
    """Tell every story; how many are not true."""
    failed = 0
    for name, story in list(globals().items()):
        if name.startswith("test_"):
            try:
                story()
            except AssertionError as error:
                failed += 1
                print(f"❌ {name}: {error}")
    print("\n✅ every story is true" if failed == 0 else f"\n❌ {failed} stories are not true")
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)

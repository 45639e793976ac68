"""What the persona owes: an answer before everything, then a word about what it missed, then its greeting."""

from __future__ import annotations

import doctest

from ai_agent import owed
from ai_agent.call_state import UnansweredTurn
from ai_agent.commands import AcceptTranscript
from ai_agent.exchange import Utterance
from ai_agent.owed import Owed


def understood(number: int = 1, replaces: Utterance | None = None) -> Utterance:
    return Utterance(f"u{number}", f"t{number}", transcript="What is a rope?", replaces=replaces)


def test_the_examples_in_the_module_hold() -> None:
    assert doctest.testmod(owed).failed == 0


def test_words_that_were_understood_are_stored_and_want_an_answer() -> None:
    mine = Owed(greeting=False)
    assert mine.accept(understood()) == AcceptTranscript("t1", "u1", "What is a rope?")
    assert mine.unanswered == UnansweredTurn("t1", "u1", "What is a rope?")
    mine.forgive_answer()
    assert mine.unanswered is None


def test_what_the_user_goes_on_from_is_answered_with_the_whole() -> None:
    mine, first = Owed(greeting=False), understood()
    mine.accept(first)
    mine.join(understood(2, replaces=first))
    assert mine.unanswered is None


def test_an_utterance_that_stands_by_itself_leaves_the_debt_as_it_is() -> None:
    mine = Owed(greeting=False)
    mine.accept(understood())
    mine.join(understood(2))
    mine.join(understood(4, replaces=understood(3)))
    assert mine.unanswered is not None


def test_a_line_pays_for_what_was_missed_and_only_the_greeting_for_the_greeting() -> None:
    mine = Owed(greeting=True)
    mine.has_missed_something = True
    mine.pay("did_not_catch")
    assert mine.next_line == "greeting"
    mine.pay("apology")
    assert mine.next_line == "greeting"
    mine.pay("greeting")
    assert mine.next_line is None

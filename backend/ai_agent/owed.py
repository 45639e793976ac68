"""What does the persona still owe the user? An answer, or a word about what it missed, or its greeting.

It outlives the process: who goes on with the call pays first what is owed, an answer before everything else.
"""

from __future__ import annotations

from ai_agent.call_state import UnansweredTurn
from ai_agent.commands import AcceptTranscript, LineName
from ai_agent.exchange import Utterance


class Owed:
    """One call's debts to the user.

    >>> owed = Owed(greeting=True)
    >>> owed.next_line
    'greeting'
    >>> owed.has_missed_something = True
    >>> owed.next_line
    'did_not_catch'
    """

    def __init__(self, *, greeting: bool, opens: bool = False) -> None:
        """`opens`: the persona has the first word whenever a call begins or goes on."""
        self.greeting = greeting
        self._opens = opens
        self.unanswered: UnansweredTurn | None = None
        """The last transcript that was accepted, until a reply begins: answered later, or after a lost connection."""
        self.has_missed_something = False
        """The user was not heard to the end before the connection was lost, and has not been told."""

    def accept(self, utterance: Utterance) -> AcceptTranscript:
        """These words were understood: they are shown and stored, and want an answer."""
        self.unanswered = UnansweredTurn(utterance.turn_id, utterance.utterance_id, utterance.transcript)
        return AcceptTranscript(utterance.turn_id, utterance.utterance_id, utterance.transcript)

    def note(self, utterance: Utterance) -> AcceptTranscript:
        """These words were understood, and want no answer by themselves: more is to follow."""
        return AcceptTranscript(utterance.turn_id, utterance.utterance_id, utterance.transcript)

    def join(self, utterance: Utterance) -> None:
        """What the user went on from is answered with the whole, and no longer by itself."""
        before = utterance.replaces
        if before and self.unanswered and self.unanswered.utterance_id == before.utterance_id:
            self.unanswered = None

    def forgive_answer(self) -> None:
        """It has begun, or nobody wants it any more, or nothing can be said at all."""
        self.unanswered = None

    @property
    def next_line(self) -> LineName | None:
        """The line with which the persona begins, where it owes one."""
        if self.has_missed_something:
            return "did_not_catch"
        return "greeting" if self.greeting or self._opens else None

    def pay(self, line: LineName) -> None:
        """The persona is about to say this; whatever it is, what was missed is no longer spoken of."""
        self.has_missed_something = self._opens = False
        if line == "greeting":
            self.greeting = False

"""What does the interviewer say? Templates with the names of points, two sentences at most, never the answer.

    praise        "Good, I liked what you said about how each of them is stored."
    next question "Question four: what does an index of a database cost?"

A name is what the bank says aloud of a key point: it names the matter and gives nothing away. Which template is taken
depends on the number of the question only, so that a call that is played again says the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ai_agent.interviewer.state import Doubt
from ai_agent.interviewer.verdicts import KeyPoint
from ai_agent.speakable import split_sentences

MOST_SENTENCES: Final = 2

PRAISE: Final = ("Good", "Right", "Yes, good", "Well put")
NUMBERS: Final = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

NUDGE: Final = "Take your time."
OFFER: Final = "If it helps, say repeat, hint or skip."
GRANTED: Final = "Of course, take your time."
DID_NOT_CATCH: Final = "I did not catch that. Could you say it again?"
GOODBYE: Final = "Goodbye."
SECOND_CORRECT: Final = "Good, now you have it."
SECOND_OVER: Final = "Thank you, let us go on."
SKIPPED: Final = "All right, we leave that one."
NO_ANSWER: Final = "We leave that one for now."
DOES_NOT_COUNT: Final = "I could not hear you well enough to judge that, so this question does not count."
NOT_JUDGED: Final = "Something went wrong on my side, so this question does not count."
LAST_ONE: Final = "That was the last question."
NO_OTHER_WORDS: Final = "I have no other words for it."
STOP_HERE: Final = "Shall we stop here? Say yes to stop, or just answer the question."
STOPPED: Final = "All right, we stop here. Come back within a day, and we go on where we were."
PAUSED: Final = "Let us stop here for now. Come back within a day, and we go on with the next question."
WENT_ON: Final = "Let us go on."

UNCLEAR: Final[Mapping[Doubt, str]] = {
    "low_snr": "It is loud around you, and I could not hear that well. Could you say it again?",
    "clipping": "That was too loud for your microphone. Could you say it again, a little farther from it?",
    "doubtful_transcript": "I am not sure that I understood you. Could you say it again?",
    "recogniser_failed": "Sorry, that was my side. Could you say it again?",
    "evaluator_failed": "Sorry, that was my side. Could you say it again?",
    "no_words": DID_NOT_CATCH,
}
"""What is said of words that could not be made out, the first time."""


def two_sentences(*parts: str) -> str:
    """The parts one after the other; where that is too long, a statement runs on into what follows it.

    >>> two_sentences("Good.", "Think of a list.", "What does it cost?")
    'Good; Think of a list. What does it cost?'
    """
    sentences = [sentence for part in parts for sentence in split_sentences(part)]
    while len(sentences) > MOST_SENTENCES:
        at = next((at for at, sentence in enumerate(sentences[:-1]) if sentence.endswith((".", "!"))), None)
        if at is None:
            break
        sentences[at : at + 2] = [f"{sentences[at].rstrip('.!')}; {sentences[at + 1]}"]
    return " ".join(sentences)


def statements(line: str) -> str:
    """A line without what it asks: the interview's own question follows it.

    >>> statements("I did not catch that. Could you say it again?")
    'I did not catch that.'
    """
    return " ".join(sentence for sentence in split_sentences(line) if "?" not in sentence)


def asked(text: str, number: int) -> str:
    """A question with its number, from 0.

    >>> asked("What does a lock do?", 2)
    'Question three: What does a lock do?'
    """
    named = NUMBERS[number] if number < len(NUMBERS) else str(number + 1)
    return f"Question {named}: {text}"


def greeting(line: str, question: str) -> str:
    """The persona's own greeting and the first question.

    >>> greeting("Hello, I am Mira. How are you?", "Question one: Locks can block. Why?")
    'Hello, I am Mira; Question one: Locks can block. Why?'
    """
    return two_sentences(statements(line), question)


def praise(names: Sequence[str], number: int) -> str:
    """A right answer, by what was right in it.

    >>> praise(["what each of them costs", "where it is kept", "who may change it"], 0)
    'Good, I liked what you said about what each of them costs and where it is kept.'
    """
    opening = PRAISE[number % len(PRAISE)]
    return f"{opening}, I liked what you said about {_joined(names)}." if names else f"{opening}, that is right."


def partly(names: Sequence[str]) -> str:
    """What was right of an answer to which something is missing. Where none of it has a name, none is claimed."""
    return f"You are right about {_joined(names)}, and there is more to it." if names else "Let us look at it again."


def contradicted(name: str) -> str:
    """Something in it was the other way round; which way is not said."""
    return f"Think once more about {name}."


def not_yet(name: str) -> str:
    """A general hint: it names a matter and says nothing of it.

    >>> not_yet("how each of them is stored")
    'Not quite yet. Think about how each of them is stored.'
    """
    return f"Not quite yet. {think_about(name)}"


def never_mind(name: str) -> str:
    """After "I don't know"."""
    return f"That is all right. {think_about(name)}"


def hint(text: str) -> str:
    """A hint that was asked for."""
    return f"Here is a hint: {text}"


def given_hint(point: KeyPoint, *, is_full: bool) -> str:
    """What a hint to this point said."""
    return point.hint if is_full else think_about(point.name)


def again(question: str, hint_text: str = "") -> str:
    """The question once more, with the hint where there was one."""
    return two_sentences(question, hint_text)


def closing(feedback: str, goodbye: str) -> str:
    """After the last question."""
    return two_sentences(feedback, LAST_ONE, goodbye)


def think_about(name: str) -> str:
    """What names a matter and says nothing of it."""
    return f"Think about {name}."


def _joined(names: Sequence[str]) -> str:
    """The first two: nobody listens to more."""
    return " and ".join(names[:2])

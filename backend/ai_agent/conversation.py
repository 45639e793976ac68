"""Whose move is it? Four phases, and a table of what leads from one to the next.

    WAIT_FOR_USER ──▶ VALIDATING_UTTERANCE ──▶ PROCESSING_USER ──▶ AI_SPEAKING ──▶ WAIT_FOR_USER
    the user's move    what was said?            what to answer?     the agent's move

The table is all there is: what has no row cannot happen. Everything that may go wrong while somebody is waited for
leads to a phase that listens, or to one in which the persona says what went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ConversationPhase(StrEnum):
    """Whose move it is."""

    WAIT_FOR_USER = "WAIT_FOR_USER"
    VALIDATING_UTTERANCE = "VALIDATING_UTTERANCE"
    PROCESSING_USER = "PROCESSING_USER"
    AI_SPEAKING = "AI_SPEAKING"


class ConversationEvent(StrEnum):
    """What moves the conversation from one phase to another."""

    UTTERANCE_ENDED = "utterance_ended"
    """The user has finished: silence, "I'm done", or the longest turn."""
    TEXT_TYPED = "text_typed"
    LINE_BEGUN = "line_begun"
    """The persona says something of its own: the greeting, "are you still there?"."""
    REPLY_RESUMED = "reply_resumed"
    """A transcript that was accepted before is answered now: the connection was lost, or no words followed it."""
    TRANSCRIPT_ACCEPTED = "transcript_accepted"
    TRANSCRIPT_EMPTY = "transcript_empty"
    TIME_ASKED = "time_asked"
    """The last words were "let me think": the user has the floor again, and is not answered."""
    WORDS_NOT_CAUGHT = "words_not_caught"
    """There were none to be made out in this sound: the persona says that it did not catch them."""
    TRANSCRIPTION_FAILED = "transcription_failed"
    """The persona apologises."""
    SPEECH_CONTINUED = "speech_continued"
    """The user went on before the first frame of the reply had left."""
    USER_TOOK_OVER = "user_took_over"
    """The pending work is dropped, because the user typed or pressed stop."""
    REPLY_STARTED = "reply_started"
    REPLY_FAILED = "reply_failed"
    """Nothing more can be said: even the apology failed, or the reply broke off."""
    PLAYBACK_FINISHED = "playback_finished"


_P = ConversationPhase
_E = ConversationEvent

TRANSITIONS: Final[Mapping[tuple[ConversationPhase, ConversationEvent], ConversationPhase]] = {
    (_P.WAIT_FOR_USER, _E.UTTERANCE_ENDED): _P.VALIDATING_UTTERANCE,
    (_P.WAIT_FOR_USER, _E.TEXT_TYPED): _P.PROCESSING_USER,
    (_P.WAIT_FOR_USER, _E.LINE_BEGUN): _P.PROCESSING_USER,
    (_P.WAIT_FOR_USER, _E.REPLY_RESUMED): _P.PROCESSING_USER,
    (_P.VALIDATING_UTTERANCE, _E.TRANSCRIPT_ACCEPTED): _P.PROCESSING_USER,
    (_P.VALIDATING_UTTERANCE, _E.TRANSCRIPT_EMPTY): _P.WAIT_FOR_USER,
    (_P.VALIDATING_UTTERANCE, _E.TIME_ASKED): _P.WAIT_FOR_USER,
    (_P.VALIDATING_UTTERANCE, _E.WORDS_NOT_CAUGHT): _P.PROCESSING_USER,
    (_P.VALIDATING_UTTERANCE, _E.REPLY_RESUMED): _P.PROCESSING_USER,
    (_P.VALIDATING_UTTERANCE, _E.TRANSCRIPTION_FAILED): _P.PROCESSING_USER,
    (_P.VALIDATING_UTTERANCE, _E.SPEECH_CONTINUED): _P.WAIT_FOR_USER,
    (_P.VALIDATING_UTTERANCE, _E.USER_TOOK_OVER): _P.WAIT_FOR_USER,
    (_P.PROCESSING_USER, _E.SPEECH_CONTINUED): _P.WAIT_FOR_USER,
    (_P.PROCESSING_USER, _E.USER_TOOK_OVER): _P.WAIT_FOR_USER,
    (_P.PROCESSING_USER, _E.REPLY_STARTED): _P.AI_SPEAKING,
    (_P.PROCESSING_USER, _E.REPLY_FAILED): _P.WAIT_FOR_USER,
    (_P.AI_SPEAKING, _E.PLAYBACK_FINISHED): _P.WAIT_FOR_USER,
    (_P.AI_SPEAKING, _E.USER_TOOK_OVER): _P.WAIT_FOR_USER,
    (_P.AI_SPEAKING, _E.REPLY_FAILED): _P.WAIT_FOR_USER,
}

PENDING: Final = frozenset({_P.VALIDATING_UTTERANCE, _P.PROCESSING_USER})
"""Phases in which work is under way and speech that goes on reopens the turn."""


class IllegalTransition(Exception):
    """The table has no row for this. It is a mistake in the engine, never in the call."""


def next_phase(phase: ConversationPhase, event: ConversationEvent) -> ConversationPhase:
    """Where this event leads.

    >>> next_phase(ConversationPhase.AI_SPEAKING, ConversationEvent.PLAYBACK_FINISHED).value
    'WAIT_FOR_USER'

    Raises:
        IllegalTransition: the table has no such row.
    """
    try:
        return TRANSITIONS[phase, event]
    except KeyError:
        raise IllegalTransition(f"{event} cannot happen in {phase}") from None

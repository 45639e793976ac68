"""Why is there no call for this person now, or not any more? What the store says in place of a row."""

from __future__ import annotations


class LeaseLost(Exception):
    """A newer connection drives this call, or it is over: stop, and write nothing more."""


class RoomNotFound(Exception):
    """There is no such room, it is not this person's, or no calls are made in it any more."""


class AtCapacity(Exception):
    """No call now, in words for the caller: this person has enough of them, or this process has."""

    @classmethod
    def of_a_person(cls, live: int) -> AtCapacity:
        """Somebody has as many calls as one person may."""
        return cls(f"You have {live} {'call' if live == 1 else 'calls'} going on already. End one first.")


class InterviewOver(Exception):
    """The interview of this room has ended; no new call goes on with it. The argument is its id, for its report."""


class InterviewUnavailable(Exception):
    """There are no questions for an interview with this persona; one line says why."""


class PersonaArchived(Exception):
    """No new call begins with this room's persona."""

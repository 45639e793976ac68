"""What goes when a call is deleted? Its recording first, then its rows: what cannot be removed keeps its row."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from ai_agent.models import Call
from ai_agent.recording_folders import call_folder, remove_folder


def recording_folder(call: Call) -> Path:
    """Where this call's recording lies, or would."""
    return call_folder(Path(settings.RECORDINGS_DIR), call.room_id, call.id)


def remove_recordings(calls: QuerySet[Call]) -> None:
    """Remove what was recorded of these calls; one that goes on records no more.

    Raises:
        OSError: something could not be removed.
    """
    for call in calls.only("id", "room_id"):
        remove_folder(recording_folder(call))


def remove_recordings_of_person(person_id: int) -> None:
    """Somebody's account is about to be deleted with all that is theirs. Raises OSError as `remove_recordings`."""
    remove_recordings(Call.objects.filter(room__owner_id=person_id))

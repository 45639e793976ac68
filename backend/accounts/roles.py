"""What may somebody do in the admin? Two roles; `manage.py ensure_roles` makes groups of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_EVIDENCE: Final = (
    "interviewsession",
    "interviewquestionstate",
    "answerreview",
    "call",
    "turn",
    "bargein",
    "room",
)

REVIEWER: Final = "reviewer"
OPERATOR: Final = "operator"

ROLES: Final[Mapping[str, tuple[str, ...]]] = {
    REVIEWER: (
        *(f"ai_agent.view_{model}" for model in _EVIDENCE),
        "ai_personas.view_persona",
        "ai_personas.view_personaversion",
        "ai_agent.reevaluate_interviews",
    ),
    OPERATOR: ("ai_agent.*", "ai_personas.*", "accounts.*", "auth.view_group", "admin.view_logentry"),
}
"""Permissions of each; `*`: every one of that app. A reviewer reads and has answers evaluated again; an operator does
all that there is to do in the admin, and makes nobody a superuser."""

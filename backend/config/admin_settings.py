"""How does the admin look, and what stands in its menu? Settings of django-unfold, which every admin page uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _page(title: str, icon: str, model: str) -> dict[str, Any]:
    app, _, name = model.partition(".")
    link = reverse_lazy(f"admin:{app}_{name}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": _may(f"{app}.view_{name}")}


ADMIN_LOOK: dict[str, Any] = {
    "SITE_TITLE": "Parley",
    "SITE_HEADER": "Parley",
    "SITE_SUBHEADER": "Admin",
    "SITE_SYMBOL": "graphic_eq",
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "6px",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("ai_agent/icon.svg")}],
    "STYLES": [lambda request: static("ai_agent/admin.css")],
    "DASHBOARD_CALLBACK": "ai_agent.admin_pages.index.fill_index",
    "COLORS": {
        "primary": {
            "50": "oklch(0.975 0.012 168)",
            "100": "oklch(0.955 0.022 168)",
            "200": "oklch(0.9 0.04 168)",
            "300": "oklch(0.83 0.06 168)",
            "400": "oklch(0.73 0.085 168)",
            "500": "oklch(0.62 0.095 168)",
            "600": "oklch(0.52 0.095 168)",
            "700": "oklch(0.45 0.088 168)",
            "800": "oklch(0.38 0.07 168)",
            "900": "oklch(0.32 0.055 168)",
            "950": "oklch(0.24 0.04 168)",
        }
    },
    "SIDEBAR": {
        "show_search": True,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "Interviews",
                "separator": False,
                "items": [
                    _page("Interviews", "assignment", "ai_agent.interviewsession"),
                    _page("Questions", "quiz", "ai_agent.interviewquestionstate"),
                    _page("Reviews", "rate_review", "ai_agent.answerreview"),
                ],
            },
            {
                "title": "Calls",
                "separator": True,
                "items": [
                    _page("Calls", "call", "ai_agent.call"),
                    _page("Rooms", "meeting_room", "ai_agent.room"),
                    _page("Processes", "dns", "ai_agent.process"),
                ],
            },
            {
                "title": "Personas",
                "separator": True,
                "items": [
                    _page("Personas", "record_voice_over", "ai_personas.persona"),
                    _page("Versions", "history_edu", "ai_personas.personaversion"),
                ],
            },
            {
                "title": "People",
                "separator": True,
                "items": [
                    _page("People", "group", "accounts.user"),
                    _page("Roles", "badge", "auth.group"),
                    _page("Who changed what", "policy", "admin.logentry"),
                ],
            },
        ],
    },
}

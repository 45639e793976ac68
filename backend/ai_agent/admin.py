"""What does an operator see of the calls? Rooms, calls with turns and barge-ins, and the processes that hold them.

Interviews have pages of their own, in `admin_pages`.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from ai_agent.admin_pages import interviews, questions  # noqa: F401 - they register their pages
from ai_agent.admin_pages.deletion import TakesItsPartsAlong
from ai_agent.call_deletion import remove_recordings
from ai_agent.models import BargeIn, Call, CallStatus, Process, Room, Turn
from config.admin_look import ModelAdmin, ReadOnly, TabularInline, display

STATUS_COLOURS = {
    CallStatus.LIVE: "info",
    CallStatus.LOST: "warning",
    CallStatus.ENDED: "success",
    CallStatus.ABANDONED: "danger",
}


class RemovesRecordings:
    """A call's recording goes with its rows, also where they go with something else."""

    calls_of: str
    """From a call to what this page deletes."""

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        remove_recordings(Call.objects.filter(**{self.calls_of: obj.pk}))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        remove_recordings(Call.objects.filter(**{f"{self.calls_of}__in": list(queryset.values_list("pk", flat=True))}))
        super().delete_queryset(request, queryset)


class TurnInline(ReadOnly, TabularInline):
    model = Turn
    fields = ["number", "started_at", "transcript", "heard_text", "interrupted", "superseded_by", "snr_db", "metrics"]
    readonly_fields = fields
    ordering = ["number"]
    extra = 0
    can_delete = False


class BargeInInline(ReadOnly, TabularInline):
    model = BargeIn
    fields = [
        "onset_at",
        "decided_at",
        "decision",
        "reason",
        "voiced_ms",
        "level_dbfs",
        "ducked_ms",
        "lost_ms",
        "probes",
    ]
    readonly_fields = fields
    ordering = ["onset_at", "id"]
    extra = 0
    can_delete = False


@admin.register(Room)
class RoomAdmin(RemovesRecordings, TakesItsPartsAlong, ModelAdmin):
    calls_of = "room_id"
    list_display = ["id", "owner", "persona", "is_active", "created_at"]
    list_select_related = ["owner", "persona"]
    list_filter = ["is_active", "persona"]
    search_fields = ["id", "owner__username"]
    search_help_text = "A room's id, or its owner's name"
    date_hierarchy = "created_at"
    readonly_fields = ["id", "owner", "persona", "call", "noise_learned_at", "created_at"]
    exclude = ["noise_profile"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Call)
class CallAdmin(ReadOnly, RemovesRecordings, ModelAdmin):
    calls_of = "pk"
    list_display = [
        "id",
        "owner",
        "persona_version",
        "shown_status",
        "end_reason",
        "turn_count",
        "started_at",
        "ended_at",
    ]
    list_select_related = ["room__owner", "persona_version__persona"]
    list_filter = ["status", "persona", "recording"]
    search_fields = ["id", "room__id", "room__owner__username"]
    search_help_text = "A call's or a room's id, or the owner's name"
    date_hierarchy = "started_at"
    exclude = ["state"]
    inlines = [TurnInline, BargeInInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Call]:
        return super().get_queryset(request).annotate(turn_count=Count("turns"))

    @display(description="status", ordering="status", label=STATUS_COLOURS)
    def shown_status(self, call: Call) -> tuple[str, str]:
        return call.status, call.get_status_display().partition(":")[0]

    @display(ordering="room__owner__username")
    def owner(self, call: Call) -> str:
        return call.room.owner.username

    @display(description="turns", ordering="turn_count")
    def turn_count(self, call: Call) -> int:
        return call.turn_count


@admin.register(Process)
class ProcessAdmin(ReadOnly, ModelAdmin):
    list_display = ["name", "calls", "slots", "draining", "seen_at"]

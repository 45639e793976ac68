"""What outlives a process? Rooms, the calls in them, their turns, and the processes that hold calls."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q


class Room(models.Model):
    """The container: one person, one persona, any number of calls, at most one of them going on."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rooms")
    persona = models.ForeignKey("ai_personas.Persona", on_delete=models.RESTRICT, related_name="rooms")
    is_active = models.BooleanField(default=True, help_text="No call can be made in a room that is not active.")
    call = models.OneToOneField(
        "ai_agent.Call",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="current_in",
        help_text="The present call, or the last one.",
    )
    noise_profile = models.JSONField(
        null=True, blank=True, encoder=DjangoJSONEncoder, help_text="What its last call learned of the room's noise."
    )
    noise_learned_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["owner", "-created_at"], name="room_of_owner_newest_first")]

    def __str__(self) -> str:
        return f"Room {self.id}"


class CallStatus(models.TextChoices):
    LIVE = "live", "live"
    LOST = "lost", "lost: may still be resumed"
    ENDED = "ended", "ended"
    ABANDONED = "abandoned", "abandoned"


OPEN_STATUSES = (CallStatus.LIVE, CallStatus.LOST)
"""A call in one of these is still its room's only one."""


NEVER_OFFERED = Q(status=CallStatus.LIVE, lease_owner="")
"""A row that names a call in `ready`; nobody has driven it, and most likely nobody will if its socket is gone."""


class CallQuerySet(models.QuerySet["Call"]):
    def begun(self) -> CallQuerySet:
        """Those that somebody has offered for: what people mean by a call."""
        return self.exclude(NEVER_OFFERED)

    def never_offered(self) -> CallQuerySet:
        return self.filter(NEVER_OFFERED)


class Call(models.Model):
    """One conversation in a room. Persona and version are frozen when the row is made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="calls")
    persona = models.ForeignKey("ai_personas.Persona", on_delete=models.RESTRICT, related_name="calls")
    persona_version = models.ForeignKey("ai_personas.PersonaVersion", on_delete=models.RESTRICT, related_name="calls")
    status = models.CharField(max_length=9, choices=CallStatus, default=CallStatus.LIVE)
    end_reason = models.CharField(max_length=60, blank=True)
    lease_owner = models.CharField(max_length=120, blank=True, help_text="The process that drives this call.")
    lease_epoch = models.PositiveIntegerField(default=1, help_text="Rises with every offer; every write names it.")
    state = models.JSONField(
        null=True, blank=True, encoder=DjangoJSONEncoder, help_text="The engine's snapshot at the last turn."
    )
    max_at = models.FloatField(default=0.0, help_text="The latest moment of the call's own clock, in seconds.")
    recording = models.BooleanField(default=False, help_text="The person had said yes when the call began.")
    started_at = models.DateTimeField(auto_now_add=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["room"], condition=Q(status__in=OPEN_STATUSES), name="one_open_call_a_room"
            ),
            models.CheckConstraint(condition=Q(status__in=CallStatus.values), name="call_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=OPEN_STATUSES, ended_at__isnull=True)
                | (~Q(status__in=OPEN_STATUSES) & Q(ended_at__isnull=False)),
                name="call_ended_at_when_over",
            ),
            models.CheckConstraint(
                condition=~Q(status=CallStatus.LOST) | Q(lost_at__isnull=False), name="call_lost_at"
            ),
            models.CheckConstraint(condition=Q(lease_epoch__gte=1), name="call_epoch_from_one"),
        ]
        indexes = [
            models.Index(fields=["room", "-started_at"], name="call_of_room_newest_first"),
            models.Index(fields=["status", "lease_owner"], name="call_by_status_and_owner"),
        ]

    def __str__(self) -> str:
        return f"Call {self.id} ({self.status})"

    @property
    def is_open(self) -> bool:
        """Live, or lost and still to be resumed."""
        return self.status in OPEN_STATUSES

    @property
    def was_offered(self) -> bool:
        """Somebody drives it, or did."""
        return bool(self.lease_owner)


class Turn(models.Model):
    """One exchange: an utterance and the reply to it. A superseded utterance keeps its row."""

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="turns")
    turn_id = models.UUIDField()
    utterance_id = models.UUIDField(null=True, blank=True, unique=True, help_text="Empty: the persona spoke unasked.")
    number = models.PositiveIntegerField(help_text="Its place in the call, from 1.")
    started_at = models.FloatField(help_text="Seconds on the call's clock.")
    ended_at = models.FloatField(null=True, blank=True, help_text="Seconds on the call's clock.")
    transcript = models.TextField(blank=True)
    planned_text = models.TextField(blank=True, help_text="All of the reply that was queued for speech.")
    heard_text = models.TextField(blank=True, help_text="What of it left for the listener's ear.")
    interrupted = models.BooleanField(default=False)
    superseded_by = models.UUIDField(
        null=True, blank=True, help_text="The utterance that holds all of it: the user had gone on speaking."
    )
    energy_dbfs = models.FloatField(null=True, blank=True, help_text="How loud the user spoke.")
    noise_floor_dbfs = models.FloatField(null=True, blank=True, help_text="How loud the room was.")
    snr_db = models.FloatField(null=True, blank=True, help_text="How far the user's speech stood above the room.")
    spectral_flatness = models.FloatField(null=True, blank=True, help_text="0 for a tone, 0.56 for white noise.")
    clipping_percent = models.FloatField(null=True, blank=True, help_text="The share of samples at the rails.")
    metrics = models.JSONField(default=dict, blank=True, help_text="Times in milliseconds.")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="turn_number_once_a_call"),
            models.UniqueConstraint(
                fields=["call", "turn_id"], condition=Q(superseded_by__isnull=True), name="turn_id_once_a_call"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("started_at")),
                name="turn_ends_after_it_started",
            ),
        ]

    def __str__(self) -> str:
        return f"Turn {self.number} of call {self.call_id}"


class BargeInOutcome(models.TextChoices):
    ACCEPTED = "accepted", "accepted: the agent fell silent"
    REJECTED = "rejected", "rejected: the agent went on"


class BargeIn(models.Model):
    """One bid for the floor while the agent spoke, once it was decided. Times are seconds on the call's clock."""

    id = models.BigAutoField(primary_key=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="barge_ins")
    candidate_id = models.UUIDField(unique=True, help_text="The id of the utterance that it became, if accepted.")
    turn_id = models.UUIDField(null=True, blank=True, help_text="The reply over which it came.")
    onset_at = models.FloatField()
    suspected_at = models.FloatField(help_text="From here on the agent was lowered.")
    held_at = models.FloatField(null=True, blank=True, help_text="From here on the agent was silent.")
    decided_at = models.FloatField()
    decision = models.CharField(max_length=8, choices=BargeInOutcome)
    reason = models.CharField(max_length=60, blank=True)
    voiced_ms = models.PositiveIntegerField(help_text="So long there was near-end speech in it.")
    level_dbfs = models.FloatField(help_text="How loud it was.")
    noise_floor_dbfs = models.FloatField(help_text="How loud the room was.")
    echo_dbfs = models.FloatField(help_text="How loud the agent's echo may have been.")
    caller_dbfs = models.FloatField(help_text="How loud this caller usually speaks.")
    ducked_ms = models.PositiveIntegerField(help_text="So long the agent was lowered or silent for it.")
    lost_ms = models.PositiveIntegerField(help_text="So much of what the agent said was not heard for it.")
    probes = models.JSONField(default=list, blank=True, encoder=DjangoJSONEncoder, help_text="The looks at its words.")

    class Meta:
        ordering = ["onset_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=BargeInOutcome.values), name="barge_in_decision_known"),
            models.CheckConstraint(
                condition=Q(suspected_at__gte=models.F("onset_at"), decided_at__gte=models.F("suspected_at")),
                name="barge_in_decided_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True)
                | Q(held_at__gte=models.F("suspected_at"), held_at__lte=models.F("decided_at")),
                name="barge_in_held_before_it_was_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"Barge-in {self.candidate_id} ({self.decision}: {self.reason})"


class Process(models.Model):
    """A running server that holds calls. Its row says how many it takes and that it is still there."""

    name = models.CharField(max_length=120, primary_key=True)
    slots = models.PositiveIntegerField()
    calls = models.PositiveIntegerField(default=0)
    draining = models.BooleanField(default=False)
    seen_at = models.DateTimeField(help_text="By the database's clock.")

    class Meta:
        verbose_name_plural = "processes"
        indexes = [models.Index(fields=["seen_at"], name="process_by_seen_at")]

    def __str__(self) -> str:
        return f"{self.name} ({self.calls}/{self.slots})"

"""What outlives a process? Rooms, the calls and the interview in each, turns, and the processes that hold calls."""

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


class InterviewStatus(models.TextChoices):
    ACTIVE = "active", "active: goes on with the next call"
    PAUSED = "paused", "paused: goes on with the next call"
    FINISHED = "finished", "finished"
    ABANDONED = "abandoned", "abandoned: nobody came back"


OPEN_INTERVIEWS = (InterviewStatus.ACTIVE, InterviewStatus.PAUSED)
"""An interview in one of these goes on when its room is called again."""


class InterviewSession(models.Model):
    """One interview: the questions chosen for its room when it began, and where it stands. One a room."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="interview")
    persona = models.ForeignKey("ai_personas.Persona", on_delete=models.RESTRICT, related_name="interviews")
    persona_version = models.ForeignKey(
        "ai_personas.PersonaVersion", on_delete=models.RESTRICT, related_name="interviews"
    )
    question_bank = models.CharField(max_length=60)
    bank_version = models.TextField(help_text="The version of each topic of the bank.")
    question_ids = models.JSONField(help_text="In the order in which they are asked; chosen once.")
    status = models.CharField(max_length=9, choices=InterviewStatus, default=InterviewStatus.ACTIVE)
    score = models.PositiveSmallIntegerField(default=0, help_text="All points so far.")
    score_out_of = models.PositiveSmallIntegerField(
        default=0, help_text="Nine for each question that was asked and could be scored."
    )
    asked_count = models.PositiveSmallIntegerField(default=0, help_text="Questions that were asked.")
    done_count = models.PositiveSmallIntegerField(default=0, help_text="Questions that are over, however they ended.")
    completion_percent = models.PositiveSmallIntegerField(default=0, help_text="Done, of all that were chosen.")
    state = models.JSONField(
        default=dict, blank=True, encoder=DjangoJSONEncoder, help_text="From here the next call goes on."
    )
    started_at = models.DateTimeField(auto_now_add=True)
    active_at = models.DateTimeField(help_text="When it last went on, by the database's clock.")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=InterviewStatus.values), name="interview_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=OPEN_INTERVIEWS, finished_at__isnull=True)
                | (~Q(status__in=OPEN_INTERVIEWS) & Q(finished_at__isnull=False)),
                name="interview_finished_at_when_over",
            ),
            models.CheckConstraint(
                condition=Q(score__lte=models.F("score_out_of")), name="interview_score_within_what_there_is"
            ),
            models.CheckConstraint(condition=Q(completion_percent__lte=100), name="interview_done_at_most_all"),
        ]
        indexes = [models.Index(fields=["status", "active_at"], name="interview_by_status_and_time")]

    def __str__(self) -> str:
        return f"Interview {self.id} ({self.status}, {self.score}/{self.score_out_of})"

    @property
    def is_open(self) -> bool:
        """Whether the room's next call goes on with it."""
        return self.status in OPEN_INTERVIEWS


class QuestionStage(models.TextChoices):
    BASIC = "basic", "basic"
    MODERATE = "moderate", "moderate"
    ADVANCED = "advanced", "advanced"


class QuestionStatus(models.TextChoices):
    """Where a question stands in its life; as on the wire, which knows no question before it is asked."""

    PENDING = "pending", "pending"
    ASKING = "asking", "asking"
    AWAIT_1 = "await_1", "first answer awaited"
    EVAL_1 = "eval_1", "first answer evaluated"
    HINTING = "hinting", "hint given"
    AWAIT_2 = "await_2", "second answer awaited"
    EVAL_2 = "eval_2", "second answer evaluated"
    DONE = "done", "done"


class QuestionOutcome(models.TextChoices):
    SCORED = "scored", "scored by its answers"
    SKIPPED = "skipped", "skipped"
    NO_ANSWER = "no_answer", "no answer"
    UNSCORABLE = "unscorable", "could not be scored"


class AttemptOutcome(models.TextChoices):
    CORRECT = "correct", "correct"
    PARTIAL = "partial", "partly correct"
    INCORRECT = "incorrect", "incorrect"
    DONT_KNOW = "dont_know", "“I don't know”"
    SKIPPED = "skipped", "skipped"
    NO_ANSWER = "no_answer", "no answer"


class InterviewQuestionState(models.Model):
    """A question's whole life: what was asked, each attempt under its utterance's id, the evaluation, the points."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(InterviewSession, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField(help_text="Its place in the interview, from 1.")
    question_id = models.CharField(max_length=120)
    topic = models.CharField(max_length=60)
    stage = models.CharField(max_length=8, choices=QuestionStage)
    entry = models.JSONField(help_text="All that the bank says of it, as it was when the interview began.")
    status = models.CharField(max_length=7, choices=QuestionStatus, default=QuestionStatus.PENDING)
    outcome = models.CharField(max_length=10, choices=QuestionOutcome, blank=True, help_text="Empty until it is over.")
    is_asked = models.BooleanField(default=False, help_text="70 % of its words were heard, or it was answered.")
    attempts = models.JSONField(
        default=list, blank=True, encoder=DjangoJSONEncoder, help_text="Each with utterance, transcript, evaluation."
    )
    evaluation = models.JSONField(
        null=True, blank=True, encoder=DjangoJSONEncoder, help_text="The one that counts: of all attempts together."
    )
    first_outcome = models.CharField(max_length=9, choices=AttemptOutcome, blank=True)
    second_outcome = models.CharField(
        max_length=9, choices=AttemptOutcome, blank=True, help_text="Of both attempts together."
    )
    hints = models.JSONField(default=list, blank=True, help_text="Each with its key point, and what came before it.")
    hint_given = models.BooleanField(default=False, help_text="There is one; for lists and exports.")
    hint_asked_first = models.BooleanField(default=False, help_text="Before the first answer: at most seven points.")
    clarifications = models.PositiveSmallIntegerField(default=0)
    repeats = models.PositiveSmallIntegerField(default=0)
    silences = models.PositiveSmallIntegerField(default=0, help_text="How often silence was spoken to.")
    unclear_count = models.PositiveSmallIntegerField(default=0, help_text="Attempts that could not be understood.")
    unscorable_reason = models.CharField(max_length=60, blank=True)
    points = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty: not scored.")
    asked_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="question_number_once_an_interview"),
            models.UniqueConstraint(fields=["session", "question_id"], name="question_once_an_interview"),
            models.CheckConstraint(condition=Q(number__gte=1), name="question_number_from_one"),
            models.CheckConstraint(condition=Q(stage__in=QuestionStage.values), name="question_stage_known"),
            models.CheckConstraint(condition=Q(status__in=QuestionStatus.values), name="question_status_known"),
            models.CheckConstraint(
                condition=Q(status=QuestionStatus.DONE, outcome__in=QuestionOutcome.values)
                | (~Q(status=QuestionStatus.DONE) & Q(outcome="")),
                name="question_outcome_when_done",
            ),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__lte=9), name="question_points_in_table"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=("scored", "skipped", "no_answer"), points__isnull=False)
                | Q(outcome__in=("", "unscorable"), points__isnull=True),
                name="question_points_when_scored",
            ),
        ]

    def __str__(self) -> str:
        return f"Question {self.number} of interview {self.session_id}: {self.question_id}"


class ReviewKind(models.TextChoices):
    CORRECTION = "correction", "the candidate has put a transcript right"
    REEVALUATION = "reevaluation", "evaluated again"
    UNSCORABLE = "unscorable", "marked as not scorable"
    SCORABLE = "scorable", "counts again"


class AnswerReview(models.Model):
    """One more look at an answer after the interview. What was lived stays as it is; the latest look counts."""

    id = models.BigAutoField(primary_key=True)
    question = models.ForeignKey(InterviewQuestionState, on_delete=models.CASCADE, related_name="reviews")
    kind = models.CharField(max_length=12, choices=ReviewKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="answer_reviews"
    )
    attempt = models.PositiveSmallIntegerField(default=0, help_text="From 1; 0: the whole question.")
    transcript = models.TextField(blank=True, help_text="As it should read; empty: as it was heard.")
    evaluation = models.JSONField(
        null=True, blank=True, encoder=DjangoJSONEncoder, help_text="Of this attempt alone; empty: it is no answer."
    )
    outcome = models.CharField(
        max_length=9, choices=AttemptOutcome, blank=True, help_text="Where this attempt is no answer."
    )
    first_outcome = models.CharField(max_length=9, choices=AttemptOutcome, blank=True, help_text="From here on.")
    second_outcome = models.CharField(max_length=9, choices=AttemptOutcome, blank=True, help_text="From here on.")
    points = models.PositiveSmallIntegerField(null=True, blank=True, help_text="From here on. Empty: not scored.")
    note = models.CharField(max_length=500, blank=True, help_text="Why, in the reviewer's words.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        permissions = [
            ("reevaluate_interviews", "Can have interviews evaluated again"),
            ("leave_out_questions", "Can mark a question as not scorable, and take it back"),
            ("export_interviews", "Can export interviews"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "attempt"], condition=Q(kind="correction"), name="answer_corrected_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=ReviewKind.values), name="review_kind_known"),
            models.CheckConstraint(condition=Q(attempt__lte=2), name="review_attempt_in_question"),
            models.CheckConstraint(
                condition=Q(kind="unscorable", attempt=0, points__isnull=True)
                | Q(kind="scorable", attempt=0)
                | (~Q(kind__in=("unscorable", "scorable")) & Q(attempt__gte=1)),
                name="review_of_an_attempt_or_of_all",
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction") | ~Q(transcript=""), name="review_correction_has_words"
            ),
            models.CheckConstraint(condition=Q(points__isnull=True) | Q(points__lte=9), name="review_points_in_table"),
        ]

    def __str__(self) -> str:
        return f"Review {self.id} ({self.kind}) of question {self.question_id}"


class PracticeAnswer(models.Model):
    """A question answered once more after the interview, to practise. It is never counted."""

    id = models.BigAutoField(primary_key=True)
    question = models.ForeignKey(InterviewQuestionState, on_delete=models.CASCADE, related_name="practice")
    answer = models.TextField()
    evaluation = models.JSONField(encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"Practice {self.id} of question {self.question_id}"


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

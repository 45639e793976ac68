"""Who is calling, and how would they like to be listened to?"""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

MIN_SILENCE_DURATION_MS = 2_500
MAX_SILENCE_DURATION_MS = 10_000


class Theme(models.TextChoices):
    SYSTEM = "system", "as the system has it"
    LIGHT = "light", "light"
    DARK = "dark", "dark"


class User(AbstractUser):
    """A person with an account, and what they prefer in every call."""

    recording = models.BooleanField(
        null=True,
        blank=True,
        default=None,
        help_text="May calls be recorded? Empty until the person was asked; nothing is recorded before a yes.",
    )
    silence_duration_ms = models.PositiveIntegerField(
        "more time (ms)",
        null=True,
        blank=True,
        validators=[MinValueValidator(MIN_SILENCE_DURATION_MS), MaxValueValidator(MAX_SILENCE_DURATION_MS)],
        help_text="Silence that ends this person's turn; empty: what the persona says.",
    )
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.SYSTEM)

    is_demo = models.BooleanField(
        default=False, editable=False, help_text="Made by `ensure_demo_account`; may sign in only where DEBUG is on."
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(silence_duration_ms__isnull=True)
                | models.Q(
                    silence_duration_ms__gte=MIN_SILENCE_DURATION_MS, silence_duration_ms__lte=MAX_SILENCE_DURATION_MS
                ),
                name="user_silence_duration_in_range",
            ),
            models.CheckConstraint(condition=models.Q(theme__in=Theme.values), name="user_theme_known"),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def display_name(self) -> str:
        """What a persona calls this person."""
        return self.first_name or self.username

"""Which personas are there, whose are they, and what did each say at which time? Versions are added, never changed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import slug_re
from django.db import models
from django.db.models import Q


class PersonaQuerySet(models.QuerySet["Persona"]):
    def visible_to(self, user: Any) -> PersonaQuerySet:
        """Presets are everyone's; a person's own are that person's. Nobody else's are seen."""
        return self.filter(Q(is_preset=True) | Q(owner_id=user.pk))

    def called(self, slug: str) -> PersonaQuerySet:
        """The one of that slug; none where it cannot be one (PostgreSQL cannot even be asked for a NUL)."""
        return self.filter(slug=slug) if slug_re.fullmatch(slug) else self.none()

    def ready_for_calls(self) -> PersonaQuerySet:
        """Those with which a call may begin: published and not archived. Presets first, then by name."""
        published = self.filter(is_archived=False, published_version__isnull=False)
        return published.select_related("published_version").order_by("-is_preset", "id")


class Persona(models.Model):
    """Somebody to talk with. What it says and how is in its versions."""

    slug = models.SlugField(max_length=80, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="personas",
        help_text="Nobody owns a preset.",
    )
    is_preset = models.BooleanField(default=False, help_text="Came with the product: for everyone, read-only.")
    is_archived = models.BooleanField(default=False, help_text="No new call begins with it; its calls stay readable.")
    published_version = models.ForeignKey(
        "PersonaVersion",
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The version that new calls use.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonaQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_preset=False) | Q(owner__isnull=True), name="a_preset_belongs_to_nobody"
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class PersonaVersion(models.Model):
    """A configuration as it was at one time. A call keeps the version with which it began."""

    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within its persona.")
    configuration = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["persona_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["persona", "number"], name="a_version_number_is_used_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_numbers_begin_at_one"),
        ]

    def __str__(self) -> str:
        return f"{self.persona.slug} v{self.number}"

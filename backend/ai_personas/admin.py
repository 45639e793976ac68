"""What does an operator see of the personas? All of them and every version; words are changed by new versions only."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ai_personas.models import Persona, PersonaVersion
from config.admin_look import ModelAdmin, TabularInline
from config.admin_look import ReadOnly as NeverWritten


class ReadOnly(NeverWritten):
    """Versions are facts: looked at, never added, changed or deleted here."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VersionInline(ReadOnly, TabularInline):
    model = PersonaVersion
    fk_name = "persona"
    fields = ("number", "created_at", "created_by")
    readonly_fields = fields
    show_change_link = True
    extra = 0


@admin.register(Persona)
class PersonaAdmin(ModelAdmin):
    list_display = ("slug", "shown_name", "owner", "is_preset", "is_archived", "version_number")
    list_filter = ("is_preset", "is_archived")
    list_select_related = ("owner", "published_version")
    search_fields = ("slug", "owner__username")
    fields = ("slug", "owner", "is_preset", "is_archived", "published_version", "created_at")
    readonly_fields = ("slug", "owner", "is_preset", "published_version", "created_at")
    inlines = (VersionInline,)

    @admin.display(description="name")
    def shown_name(self, persona: Persona) -> str:
        return persona.published_version.configuration["name"] if persona.published_version else "–"

    @admin.display(description="version")
    def version_number(self, persona: Persona) -> int | str:
        return persona.published_version.number if persona.published_version else "–"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(PersonaVersion)
class PersonaVersionAdmin(ReadOnly, ModelAdmin):
    list_display = ("persona", "number", "created_at", "created_by")
    list_select_related = ("persona", "created_by")
    fields = ("persona", "number", "created_at", "created_by", "written")
    readonly_fields = fields

    @admin.display(description="configuration")
    def written(self, version: PersonaVersion) -> SafeString:
        return format_html("<pre>{}</pre>", json.dumps(version.configuration, indent=2, ensure_ascii=False))

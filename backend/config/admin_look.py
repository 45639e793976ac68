"""What does every admin page stand on? django-unfold's classes, imported from it here and nowhere else."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import BigAutoField, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.admin import ModelAdmin as UnfoldAdmin
from unfold.admin import StackedInline, TabularInline
from unfold.contrib.import_export.forms import ExportForm
from unfold.decorators import action, display
from unfold.forms import (
    AdminPasswordChangeForm,
    AuthenticationForm,
    PaginationInlineFormSet,
    UserChangeForm,
    UserCreationForm,
)
from unfold.widgets import UnfoldAdminTextareaWidget

__all__ = [
    "AdminPasswordChangeForm",
    "AuthenticationForm",
    "ExportForm",
    "ModelAdmin",
    "PaginationInlineFormSet",
    "ReadOnly",
    "StackedInline",
    "TabularInline",
    "UnfoldAdminTextareaWidget",
    "UserChangeForm",
    "UserCreationForm",
    "action",
    "can_be_key",
    "display",
]


class ReadOnly:
    """What happened is looked at, not written."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ModelAdmin(UnfoldAdmin):
    """A page of the admin. What is selected in a list is checked before anything is asked of the database."""

    list_per_page = 50

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """What cannot be a key of these rows is not looked for: a database may not even understand it."""
        wanted = request.POST.getlist(ACTION_CHECKBOX_NAME)
        possible = [key for key in wanted if can_be_key(self.model, key)]
        if possible != wanted:
            post = request.POST.copy()
            post.setlist(ACTION_CHECKBOX_NAME, possible)
            request.POST = post  # type: ignore[assignment]
        return super().response_action(request, queryset)


def can_be_key(model: type[Model], key: str) -> bool:
    """Whether a row of this model may have this key."""
    field = model._meta.pk
    try:
        value = field.to_python(key)
    except (ValidationError, ValueError, OverflowError):
        return False
    if isinstance(field, BigAutoField):
        return 0 < value <= BigAutoField.MAX_BIGINT
    return "\0" not in str(value)

"""What does an operator see of the people? Accounts and preferences; the admin's own door is counted like the other."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.module_loading import import_string

from accounts.models import User


class CountedAdminForm(AdminAuthenticationForm):
    """The admin's sign-in under the same limit as the product's: by name and address, with the same rest."""

    def clean(self) -> dict[str, Any]:
        credentials = {name: self.cleaned_data.get(name) or "" for name in ("username", "password")}
        adapter = get_adapter(self.request)
        self.user_cache = adapter.authenticate(self.request, **credentials)
        if self.user_cache is None:
            raise self.get_invalid_login_error()
        self.confirm_login_allowed(self.user_cache)
        return self.cleaned_data

    def get_invalid_login_error(self) -> ValidationError:
        return ValidationError(
            self.error_messages["invalid_login"],
            code="invalid_login",
            params={"username": self.username_field.verbose_name},
        )


admin.site.login_form = CountedAdminForm
admin.site.site_title = admin.site.site_header = "Parley"
admin.site.index_title = "Calls, people and personas"


@admin.register(User)
class PersonAdmin(UserAdmin):
    list_display = ["username", "display_name", "recording", "silence_duration_ms", "is_staff", "last_login"]
    list_filter = [*UserAdmin.list_filter, "recording"]
    fieldsets = [*UserAdmin.fieldsets, ("Preferences", {"fields": ["recording", "silence_duration_ms", "theme"]})]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """A person leaves with all that is theirs, also with what nobody may delete by itself."""
        deleted, counts, _, protected = super().get_deleted_objects(objs, request)
        return deleted, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        _leave(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            _leave(person)
        super().delete_queryset(request, queryset)


def _leave(person: User) -> None:
    """Whoever keeps more of a person than rows removes it first."""
    for step in settings.BEFORE_A_PERSON_IS_DELETED:
        import_string(step)(person.pk)

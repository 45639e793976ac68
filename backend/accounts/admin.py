"""What does an operator see of the people? Accounts, roles and who changed what; the admin's own door is counted like
the other. Who is no superuser makes nobody one, and does not change one.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.module_loading import import_string

from accounts.models import User
from accounts.roles import ROLES
from config.admin_look import (
    AdminPasswordChangeForm,
    AuthenticationForm,
    ModelAdmin,
    ReadOnly,
    UserChangeForm,
    UserCreationForm,
    display,
)


class CountedAdminForm(AuthenticationForm):
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


ACTION_COLOURS = {ADDITION: "success", CHANGE: "info", DELETION: "danger"}

admin.site.login_form = CountedAdminForm
admin.site.site_title = admin.site.site_header = "Parley"
admin.site.index_title = "Calls, people and personas"


@admin.register(User)
class PersonAdmin(UserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "display_name", "recording", "silence_duration_ms", "is_staff", "last_login"]
    list_filter = [*UserAdmin.list_filter, "recording"]
    fieldsets = [*UserAdmin.fieldsets, ("Preferences", {"fields": ["recording", "silence_duration_ms", "theme"]})]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _may_touch(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fields = list(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else [*fields, "is_superuser", "user_permissions"]

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> Any:
        """Who is no superuser gives and takes the roles, and leaves other groups as they are."""
        form = super().get_form(request, obj, **kwargs)
        groups = form.base_fields.get("groups")
        if groups is not None and not request.user.is_superuser:
            has_already = Q(user=obj) if obj is not None else Q()
            groups.queryset = Group.objects.filter(Q(name__in=ROLES) | has_already).distinct()
        return form

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, set[str], Any]:
        """A person leaves with all that is theirs, also with what nobody may delete by itself."""
        deleted, counts, _, protected = super().get_deleted_objects(objs, request)
        untouched = [f"{person}, a superuser" for person in objs if not _may_touch(request, person)]
        return deleted, counts, set(), [*protected, *untouched]

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        _leave(obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for person in queryset:
            _leave(person)
        super().delete_queryset(request, queryset)


def _may_touch(request: HttpRequest, person: User | None) -> bool:
    """A superuser is changed and deleted by superusers."""
    return person is None or request.user.is_superuser or not person.is_superuser


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(GroupAdmin, ModelAdmin):
    """What each role may do. `manage.py ensure_roles` sets reviewer and operator to what `accounts.roles` says."""


@admin.register(LogEntry)
class LogAdmin(ReadOnly, ModelAdmin):
    """Who changed what: every change in the admin, every review, every export."""

    list_display = ["action_time", "user", "shown_action", "content_type", "object_repr", "what"]
    list_select_related = ["user", "content_type"]
    list_filter = ["action_flag", ("user", admin.RelatedOnlyFieldListFilter), "content_type", "action_time"]
    search_fields = ["object_repr", "object_id", "change_message", "user__username"]
    search_help_text = "A name, an id, or words of what was done"
    date_hierarchy = "action_time"
    fields = ["action_time", "user", "shown_action", "content_type", "object_id", "object_repr", "what"]
    readonly_fields = fields

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description="action", ordering="action_flag", label=ACTION_COLOURS)
    def shown_action(self, entry: LogEntry) -> tuple[int, str]:
        return entry.action_flag, entry.get_action_flag_display()

    @display(description="what")
    def what(self, entry: LogEntry) -> str:
        return entry.get_change_message() or "–"


def _leave(person: User) -> None:
    """Whoever keeps more of a person than rows removes it first."""
    for step in settings.BEFORE_A_PERSON_IS_DELETED:
        import_string(step)(person.pk)

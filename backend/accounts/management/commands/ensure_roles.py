"""Who is a reviewer, who an operator? Two groups, with exactly the permissions that `accounts.roles` names."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.roles import ROLES


class Command(BaseCommand):
    help = "Make the groups reviewer and operator, and give them their permissions. Safe to run twice."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for role, names in ROLES.items():
            group, is_new = Group.objects.get_or_create(name=role)
            group.permissions.set([one for name in names for one in _permissions(name)])
            self.stdout.write(f"The role {role!r} {'is new' if is_new else 'stands'}: {len(names)} permissions named.")


def _permissions(name: str) -> list[Permission]:
    app, _, codename = name.partition(".")
    of_app = Permission.objects.filter(content_type__app_label=app)
    found = list(of_app if codename == "*" else of_app.filter(codename=codename))
    if not found:
        raise CommandError(f"There is no permission {name}. Run `migrate` first.")
    return found

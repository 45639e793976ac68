"""Which app is this? Accounts: who somebody is, and what they prefer."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "People"

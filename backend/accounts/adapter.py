"""By what are sign-ins counted? By the name together with the address, so that a stranger cannot lock the owner out."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from accounts.client_address import address_of_request


class AccountAdapter(DefaultAccountAdapter):
    """allauth, with our idea of a caller's address and of a failed sign-in's key."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of_request(request)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The demo account's password lies in a file that many have read: outside of DEBUG it opens nothing."""
        user = super().authenticate(request, **credentials)
        return None if user is not None and user.is_demo and not settings.DEBUG else user

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth's key (site and name) and the address; of IPv6 the network that one household has."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{get_ip(request)}"

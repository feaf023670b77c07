"""What we ask of allauth beyond its settings."""

from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy as _lazy


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an admin or by command; links lead to `SITE_URL`."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _lazy("The e-mail address or the password is wrong."),
    }

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        request.last_user = user  # type: ignore[attr-defined]

    def logout(self, request: HttpRequest) -> None:
        super().logout(request)
        request.last_user = None  # type: ignore[attr-defined]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return resolve_url("home")

    def get_reset_password_from_key_url(self, key: str) -> str:
        url = urlsplit(super().get_reset_password_from_key_url(key))
        return f"{settings.SITE_URL}{url.path}"

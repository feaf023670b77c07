"""Cookies that only this host can set, where the dashboard has `https`: their names say so."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage

HOST_PREFIX = "__Host-"
"""A browser takes such a cookie with `Secure`, without a domain and for the path `/` only."""


def cookie_name(name: str) -> str:
    """Return what the browser calls the cookie `name`."""
    return f"{HOST_PREFIX}{name}" if settings.SESSION_COOKIE_SECURE else name


class HostCookieStorage(CookieStorage):
    @property
    def cookie_name(self) -> str:  # type: ignore[override]
        return cookie_name("messages")


class HostMessages(FallbackStorage):
    """Messages for the next page, as Django keeps them by default."""

    storage_classes = (HostCookieStorage, SessionStorage)

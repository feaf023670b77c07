"""What a session owes to an identity provider, and what a person could use one for."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.display.isolation import isolated


def is_by_provider(request: HttpRequest, user: Any) -> bool:
    """Return whether an identity provider signed `user` in, in this session."""
    steps = get_authentication_records(request, user)
    return any(entry.get("method") == "socialaccount" for entry in steps)


def must_use_provider(request: HttpRequest, user: Any) -> bool:
    """Return whether `user` may sign in by a provider only, and has not."""
    return settings.SSO_ONLY and not user.is_owner and not is_by_provider(request, user)


def providers_of(user: Any) -> list[dict[str, Any]]:
    """Return the providers that have signed `user` in, as ways to confirm."""
    if not settings.IDENTITY_PROVIDERS or not user.is_authenticated:
        return []
    known = set(SocialAccount.objects.filter(user=user).values_list("provider", flat=True))
    return [
        {
            "id": entry.id,
            "description": _("Sign in again with %(name)s") % {"name": isolated(entry.name)},
            "url": reverse(entry.begins_at, args=[entry.id]),
        }
        for entry in settings.IDENTITY_PROVIDERS
        if entry.id in known
    ]

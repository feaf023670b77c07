"""Leads people to set up a second factor where their role needs one."""

from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from admin_ui.accounts.guard.stash import keep_form
from admin_ui.accounts.identity.sessions import is_by_provider
from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import ALLOWED, Role


class FactorRequired(PermissionDenied):
    """The role of the person needs a second factor, which they do not have yet."""


def check_factor(request: Any, role: str) -> None:
    """Raise `FactorRequired` where `role` needs a factor and the person of `request` has none."""
    user: User = request.user
    if not _needs_factor(user, role) or is_by_provider(request, user):
        return  # a provider asks for its own factors
    if not _has_factor(user):
        raise FactorRequired


def check_factor_anywhere(request: Any) -> None:
    """Raise `FactorRequired` where a role of the person in any workspace needs a factor, and they
    have none: for pages about all their workspaces."""
    user: User = request.user
    if settings.SECOND_FACTOR_FROM:
        roles = set(user.memberships.values_list("role", flat=True))
        for role in roles | ({Role.ADMIN} if user.is_owner else set()):
            check_factor(request, role)


def _needs_factor(user: User, role: str) -> bool:
    first = settings.SECOND_FACTOR_FROM
    if first in ("", "owner"):
        return bool(first) and user.is_owner
    return ALLOWED[first] <= ALLOWED[role]


def _has_factor(user: User) -> bool:
    if user.has_second_factor is None:  # the page was read in Django's way
        user.has_second_factor = is_mfa_enabled(user, ["totp", "webauthn"])
    return user.has_second_factor


def lead_to_factor(request: HttpRequest) -> HttpResponse:
    """Redirect to the page that asks for a factor. What was typed is kept.

    A background request gets a notice, so that people stay on the page on which they type.
    """
    kept = keep_form(request.user, request)  # type: ignore[arg-type]
    if request.headers.get("X-Background"):
        context = {"kept": kept}
        answer = render(request, "accounts/guard/_factor_required.html", context, status=403)
        answer["X-Kept"] = "true" if kept else "false"
        return retarget(reswap(answer, "innerHTML"), "#notices")
    if kept:
        messages.info(request, _("What you typed is kept. You find it where you typed it."))
    address = resolve_url("own:second_factor")
    return HttpResponseClientRedirect(address) if _is_htmx(request) else redirect(address)


def _is_htmx(request: Any) -> bool:
    return bool(request.htmx)

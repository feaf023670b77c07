"""Pages on which people decide about their own account."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from admin_ui.accounts.factors.factor_state import factors_of
from admin_ui.accounts.own import own
from admin_ui.accounts.own.own_form import OwnForm
from admin_ui.accounts.own.session_list import open_sessions
from admin_ui.accounts.views import read_or_send
from admin_ui.notices.mails.mail_choices import mail_context
from admin_ui.request.http import SeeOther


@login_required
@read_or_send
def account(request: Any) -> HttpResponse:
    """Show how the person signs in; show and change their name, time zone and colours."""
    form = OwnForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        own.save_own(user=request.user, **form.cleaned_data)
        messages.success(request, _("Your account is saved."))
        return SeeOther(request.path)
    context = {
        "form": form,
        "factors": factors_of(request.user),
        "sessions": open_sessions(request.user, own_key=request.session.session_key),
        **mail_context(request.user),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/own/account.html", context, status=status)


@login_required
@require_safe
def second_factor(request: Any) -> HttpResponse:
    """Ask for a second factor, which the person's role needs on this dashboard."""
    if factors_of(request.user).is_on:
        return SeeOther(resolve_url("home"))
    return render(request, "accounts/own/second_factor.html")


@login_required
@require_POST
def steps_hide(request: Any) -> HttpResponse:
    """Close the first steps on Home, and go back there."""
    own.hide_steps(user=request.user)
    return SeeOther(page_before(request))


@login_required
@require_POST
def choose(request: Any) -> HttpResponse:
    """Store a choice that a button of any page sends, and go back to that page.

    A script that has shown the choice already sends it in the background and gets 204.
    """
    name = next((name for name in own.OWN_LOOKS if name in request.POST), "")
    try:
        own.choose_look(user=request.user, name=name, value=request.POST.get(name, ""))
    except ValueError:
        return HttpResponseBadRequest()
    if "X-Background" in request.headers:
        return HttpResponse(status=204)
    return SeeOther(page_before(request))


def page_before(request: Any) -> str:
    """Return the page of this site that a form names as `next`, else the start page."""
    page: str = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else resolve_url("home")

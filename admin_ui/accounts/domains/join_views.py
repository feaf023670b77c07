"""Pages for joining by an address: asking for a link, and using it."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from admin_ui.accounts.domains import joining
from admin_ui.accounts.forms import NewAccountForm
from admin_ui.accounts.models import JoinLink, Member, Workspace
from admin_ui.accounts.selectors import has_account, sends_mail
from admin_ui.accounts.services import AccountExists
from admin_ui.accounts.signing_in.addresses import check_arrives
from admin_ui.accounts.signing_in.mailing import run_in_background
from admin_ui.accounts.signing_in.refusals import dead_link, too_many_tries
from admin_ui.accounts.views import read_or_send
from admin_ui.audit.sign_in import mail_must_wait
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther

JOIN_IN_SESSION = "join_link"


class JoinForm(forms.Form):
    email = forms.EmailField(
        max_length=254, validators=[*forms.EmailField.default_validators, check_arrives]
    )


@read_or_send
def join_ask(request: HttpRequest) -> HttpResponse:
    """Mail a link to an address of an allowed domain. Answer and speed are the same for all."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and sends_mail():
        if wait := mail_must_wait(request, request.POST.get("email", "")):
            return too_many_tries(request, wait)
        if form.is_valid():
            run_in_background(joining.mail_join_link, form.cleaned_data["email"])
            return SeeOther(resolve_url("join_sent"))
    context = {"form": form, "sends_mail": sends_mail()}
    status = 422 if form.errors else 200
    return render(request, "accounts/domains/ask.html", context, status=status)


@require_safe
def join_sent(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/domains/sent.html")


@read_or_send
@sensitive_post_parameters()
def join(request: Any, token: str = "") -> HttpResponse:
    """Join by the link from the mail: signed in, or with a new account.

    As for invitations, the token moves from the address into the session at once.
    """
    try:
        link, opened = joining.find_join_link(token or request.session.get(JOIN_IN_SESSION, ""))
    except joining.JoinClosed:
        return _closed(request, token)
    if token and request.method != "POST":
        request.session[JOIN_IN_SESSION] = token
        return redirect("join_form")
    if request.user.is_authenticated:
        return _join_signed_in(request, link, opened)
    if settings.SSO_ONLY or has_account(link.email):
        return _page(request, link, opened, "sign_in")
    return _join_as_newcomer(request, link, opened)


def _join_signed_in(request: Any, link: JoinLink, opened: list[Workspace]) -> HttpResponse:
    is_sent = request.method == "POST"
    if request.user.email != link.email:
        return _page(request, link, opened, "other", status=403 if is_sent else 200)
    if not is_sent:
        return _page(request, link, opened, "accept")
    try:
        members = joining.join_signed_in(user=request.user, link=link)
    except joining.JoinClosed:
        return _closed(request)
    return _welcome(request, members)


def _join_as_newcomer(request: Any, link: JoinLink, opened: list[Workspace]) -> HttpResponse:
    form = NewAccountForm(request.POST if request.method == "POST" else None, email=link.email)
    if not form.is_valid():
        return _page(request, link, opened, "new", form=form, status=422 if form.is_bound else 200)
    try:
        user, members = joining.join_with_new_account(link=link, **form.cleaned_data)
    except joining.JoinClosed:
        return _closed(request)
    except AccountExists:  # somebody created an account for the address just now
        return _page(request, link, opened, "sign_in", status=409)
    get_adapter().login(request, user)
    return _welcome(request, members)


def _page(
    request: HttpRequest,
    link: JoinLink,
    opened: list[Workspace],
    state: str,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    context = {"link": link, "workspaces": opened, "state": state, **context}
    return render(request, "accounts/domains/join.html", context, status=status)


def _closed(request: HttpRequest, token: str = "") -> HttpResponse:
    request.session.pop(JOIN_IN_SESSION, None)
    return dead_link(request, "accounts/domains/closed.html", token=token)


def _welcome(request: HttpRequest, members: list[Member]) -> HttpResponse:
    request.session.pop(JOIN_IN_SESSION, None)
    for member in members:
        text = _("Welcome to %(workspace)s. Your role is %(role)s.")
        values = {"workspace": isolated(member.workspace.name), "role": member.get_role_display()}
        messages.success(request, text % values)
    return SeeOther(resolve_url("assistants:home", members[0].workspace.slug))

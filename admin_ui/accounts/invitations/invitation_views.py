"""Pages about invitations: making them on the team page, and accepting one by link or on Home."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from admin_ui.accounts import selectors
from admin_ui.accounts.forms import AddMemberForm, NewAccountForm
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.invitations import invitations
from admin_ui.accounts.invitations.limits import TooManyInvitations
from admin_ui.accounts.invitations.wording import limit_text
from admin_ui.accounts.models import Invitation
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.services import AlreadyMember
from admin_ui.accounts.signing_in.refusals import dead_link
from admin_ui.accounts.views import keep_for_next_page, read_or_send, team_page, to_team
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther

INVITATION_IN_SESSION = "invitation_token"


@require(Action.MANAGE_TEAM)
@read_or_send
def team_add(request: WorkspaceRequest) -> HttpResponse:
    """Invite somebody by email address."""
    if request.method != "POST":
        return redirect("accounts:team", request.workspace.slug)
    form = AddMemberForm(request.POST)
    if not form.is_valid():
        return team_page(request, status=422, form=form)
    try:
        invited = invitations.invite(
            actor=request.member, workspace=request.workspace, **form.cleaned_data
        )
    except AlreadyMember:
        form.add_error("email", _("This person is already in the team. Change their role below."))
        return team_page(request, status=422, form=form)
    except TooManyInvitations as error:
        return too_many_invitations(request, error, form=form)
    return to_team_with(request, invited)


@require(Action.MANAGE_TEAM)
@require_POST
def invitation_again(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Make a new link, or mail one; the previous link ends. 429 when that happens too often."""
    try:
        invited = invitations.invite_again(
            actor=request.member, invitation=selectors.get_invitation(request.workspace, pk)
        )
    except (AlreadyMember, invitations.InvitationClosed):
        return team_page(request, status=409, problem=closed_text())
    except TooManyInvitations as error:
        return too_many_invitations(request, error)
    return to_team_with(request, invited)


@require(Action.MANAGE_TEAM)
@require_POST
def invitation_revoke(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """End an invitation, or take one that is over off the list."""
    invitation = selectors.get_invitation(request.workspace, pk)
    try:
        invitations.revoke_invitation(actor=request.member, invitation=invitation)
    except invitations.InvitationClosed:
        return team_page(request, status=409, problem=closed_text())
    text = _("The invitation for %(email)s is revoked. Its link no longer works.")
    if invitation.is_over:
        text = _("The invitation for %(email)s is removed.")
    messages.success(request, text % {"email": invitation.email})
    return to_team(request)


def to_team_with(request: WorkspaceRequest, invited: invitations.Invited) -> HttpResponse:
    """Redirect to the team page, which shows the link once unless it was mailed."""
    email = {"email": invited.invitation.email}
    if invited.link:
        keep_for_next_page(request, "link", {"link": invited.link, **email})
    elif invited.mail_failed:
        text = _("%(email)s is invited, but the email could not be sent. Send it again below.")
        messages.error(request, text % email)
    else:
        messages.success(request, _("An invitation is on its way to %(email)s.") % email)
    return to_team(request)


def too_many_invitations(
    request: WorkspaceRequest, error: TooManyInvitations, **context: Any
) -> HttpResponse:
    """Show the team page with 429, and say when the next invitation can be made."""
    response = team_page(request, status=429, problem=limit_text(error), **context)
    response["Retry-After"] = str(error.seconds)
    return response


def closed_text() -> str:
    return _("This invitation is no longer open. It has been accepted, revoked or replaced.")


@read_or_send
@sensitive_post_parameters()
def invitation(request: HttpRequest, token: str = "") -> HttpResponse:
    """Accept an invitation by its link: signed in, or with a new account for a new address.

    The token moves from the address into the session at once, so that neither the `Referer` of
    the next request nor a log line about the form can show it.
    """
    try:
        found = invitations.find_open_invitation(
            token or request.session.get(INVITATION_IN_SESSION, "")
        )
    except invitations.InvitationClosed:
        return closed_page(request, token)
    if token and request.method != "POST":
        request.session[INVITATION_IN_SESSION] = token
        return redirect("invitation_form")
    if shown_another(request, found):
        messages.warning(
            request,
            _("You have opened another invitation in the meantime. This page shows the newer one."),
        )
        return SeeOther(resolve_url("invitation_form"))
    if request.user.is_authenticated:
        return accept_signed_in(request, found, holds_link=True)
    if settings.SSO_ONLY or selectors.has_account(found.email):
        return invitation_page(request, found, "sign_in")
    return accept_as_newcomer(request, found)


def shown_another(request: HttpRequest, found: Invitation) -> bool:
    """Return whether the form comes from a page that showed another invitation than `found`."""
    return request.POST.get("invitation", str(found.pk)) != str(found.pk)


def accept_signed_in(request: Any, found: Invitation, *, holds_link: bool) -> HttpResponse:
    if request.user.email != found.email:
        return invitation_page(request, found, "other", status=200 if is_reading(request) else 403)
    if is_reading(request):
        return invitation_page(request, found, "accept")
    try:
        invitations.accept_invitation(user=request.user, invitation=found, holds_link=holds_link)
    except invitations.InvitationClosed:
        return closed_page(request)
    except AlreadyMember:
        pass  # they joined in another way; show them the workspace
    else:
        add_welcome(request, found)
    return to_workspace(request, found)


def accept_as_newcomer(request: HttpRequest, found: Invitation) -> HttpResponse:
    form = NewAccountForm(
        None if is_reading(request) else request.POST,
        initial={"name": found.name},
        email=found.email,
    )
    if not form.is_valid():
        return invitation_page(
            request, found, "new", form=form, status=422 if form.is_bound else 200
        )
    try:
        user = invitations.accept_with_new_account(invitation=found, **form.cleaned_data)
    except invitations.InvitationClosed:
        return closed_page(request)
    except invitations.NotInvited:  # somebody created an account for the address just now
        return invitation_page(request, found, "sign_in", status=409)
    get_adapter().login(request, user)
    add_welcome(request, found)
    return to_workspace(request, found)


@require_POST
def invitation_decline(request: HttpRequest) -> HttpResponse:
    """Decline the invitation whose link was opened in this browser."""
    try:
        found = invitations.find_open_invitation(request.session.get(INVITATION_IN_SESSION, ""))
    except invitations.InvitationClosed:
        return closed_page(request)
    if shown_another(request, found):
        return SeeOther(resolve_url("invitation_form"))
    return decline_and_answer(request, found, holds_link=True)


def decline_and_answer(request: Any, found: Invitation, *, holds_link: bool) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    try:
        invitations.decline_invitation(user=user, invitation=found, holds_link=holds_link)
    except invitations.InvitationClosed:
        return closed_page(request)
    except invitations.NotInvited:
        return invitation_page(request, found, "other", status=403)
    request.session.pop(INVITATION_IN_SESSION, None)
    if user is None:
        return render(request, "accounts/invitations/closed.html", {"declined": found})
    text = _("You declined the invitation to %(workspace)s.")
    messages.success(request, text % {"workspace": isolated(found.workspace.name)})
    return SeeOther(resolve_url("home"))


@login_required
@require_POST
def answer_on_home(request: Any, pk: int, *, act: str) -> HttpResponse:
    """Accept or decline an invitation without its link, which needs a proven address."""
    found = selectors.invitations_for(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    answer = accept_signed_in if act == "accept" else decline_and_answer
    return answer(request, found, holds_link=False)


def invitation_page(
    request: HttpRequest, found: Invitation, state: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    context = {"invitation": found, "state": state, **context}
    return render(request, "accounts/invitations/invitation.html", context, status=status)


def closed_page(request: HttpRequest, token: str = "") -> HttpResponse:
    request.session.pop(INVITATION_IN_SESSION, None)
    return dead_link(request, "accounts/invitations/closed.html", token=token)


def is_reading(request: HttpRequest) -> bool:
    return request.method != "POST"


def add_welcome(request: HttpRequest, found: Invitation) -> None:
    text = _("Welcome to %(workspace)s. Your role is %(role)s.")
    values = {"workspace": isolated(found.workspace.name), "role": found.get_role_display()}
    messages.success(request, text % values)


def to_workspace(request: HttpRequest, found: Invitation) -> HttpResponse:
    request.session.pop(INVITATION_IN_SESSION, None)
    return SeeOther(resolve_url("assistants:home", found.workspace.slug))

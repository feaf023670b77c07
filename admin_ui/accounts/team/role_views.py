"""Changing the role of a member in the team's list, and undoing it."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from admin_ui.accounts import selectors, services
from admin_ui.accounts.forms import RoleForm
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.leaving.leaving_views import act_or_ask_again, member_page
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, Role
from admin_ui.accounts.team.team_views import (
    address_of_list,
    list_answer,
    row_answer,
)
from admin_ui.accounts.views import keep_for_next_page, read_or_send, team_page, to_team
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther


@require(Action.MANAGE_TEAM)
@confirmed()
@read_or_send
def team_role(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Change a role, after asking (409) about what is worth more than the new one.

    409 too where something has changed since it was asked, and for the last admin. GET asks
    without changing anything: a request of htmx is led there, where others are asked at once.
    """
    member = selectors.get_member(request.workspace, pk)
    form = RoleForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        return _no_role(request)
    role = form.cleaned_data["role"]
    if request.method != "POST":
        return member_page(request, member, role)
    undoes = form.cleaned_data["undoes"]
    last_before = services.last_admin_of(request.member, request.workspace)
    act = partial(
        leaving.change_role,
        actor=request.member,
        member=member,
        role=role,
        seen=undoes or member.role,
    )
    try:
        if refusal := act_or_ask_again(request, act, partial(_ask, request, member, role)):
            return refusal
    except leaving.RoleMoved:
        text = _("Somebody else has just changed the role of %(person)s. Nothing was changed.")
        return _lead_back(request, text % {"person": isolated(member.user)})
    except leaving.StillNarrowed:
        text = _(
            "%(person)s can change only some assistants or fields. Remove these limits first, then"
            " make them an admin."
        )
        return _lead_back(request, text % {"person": isolated(member.user)})
    changed = _said(request, member, role, undoes)
    last_after = services.last_admin_of(request.member, request.workspace)
    return _answer(request, member, changed, others_change=last_before != last_after)


def _ask(
    request: WorkspaceRequest, member: Member, role: Role, *undecided: Any, status: int
) -> HttpResponse:
    if not request.htmx:
        return member_page(request, member, role, *undecided, status=status)
    page = resolve_url("accounts:team_role", request.workspace.slug, member.pk)
    return HttpResponseClientRedirect(f"{page}?{urlencode({'role': role})}")


def _no_role(request: WorkspaceRequest) -> HttpResponse:
    if request.method != "POST":
        return to_team(request)
    text = _("Choose one of the roles.")
    if request.htmx:
        return _lead_back(request, text)
    return team_page(request, status=422, problem=text)


def _lead_back(request: WorkspaceRequest, text: str) -> HttpResponse:
    messages.warning(request, text)
    return _go(request, address_of_list(request))


def _go(request: WorkspaceRequest, address: str) -> HttpResponse:
    return HttpResponseClientRedirect(address) if request.htmx else SeeOther(address)


def _said(request: WorkspaceRequest, member: Member, role: Role, undoes: str) -> dict[str, str]:
    """Return what the list says of the change, and how to undo it if that can be done."""
    if undoes:
        text = _("The role of %(person)s is %(role)s again.")
    else:
        text = _("The role of %(person)s is now %(role)s.")
    text = text % {"person": isolated(member.user), "role": role.label}
    if "asked" in request.POST:
        text = f"{text} {_('What you revoked for it stays revoked.')}"
    if member.is_narrowed:
        text = f"{text} {_('The limits on what they can change stay.')}"
    said = {"text": text, "person": str(member.user)}
    if not undoes and role != member.role:
        said |= {"member": str(member.pk), "back_to": member.role, "undoes": role}
    return said


def _answer(
    request: WorkspaceRequest, member: Member, said: dict[str, str], *, others_change: bool
) -> HttpResponse:
    """Answer with the row alone if no other one changes, else with the list or another page."""
    is_own = member.user_id == request.user.pk
    if is_own or not request.htmx:  # with another role, one's own page has other parts
        keep_for_next_page(request, "role", said)
        return _go(request, address_of_list(request))
    if others_change or request.htmx.target != f"member-{member.pk}":
        return list_answer(request, said=said, focus=str(member.pk))
    return row_answer(request, selectors.get_member(request.workspace, member.pk), said=said)

"""The list of the team page: as a part of the page, and alone when htmx asks for it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.safestring import SafeString
from django_htmx.http import push_url, reswap, retarget

from admin_ui.accounts import services
from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.guard.middleware import page_to_return_to
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, Role, can
from admin_ui.accounts.team.members import LONGEST_TEAM_SEARCH, team_list
from admin_ui.accounts.team.rows import member_rows


def list_context(
    request: WorkspaceRequest, params: dict[str, str], *, focus: str = ""
) -> dict[str, Any]:
    """Return what the list of the team shows of the page that `params` ask for.

    `focus` is the key of the member whose roles get the focus.
    """
    team = team_list(request.workspace, params)
    return {
        "team": team,
        "page": team.people,
        "longest": LONGEST_TEAM_SEARCH,
        "roles": Role.choices,
        "rows": rows_for(request, team.members, focus=focus),
    }


def rows_for(
    request: WorkspaceRequest, members: Sequence[Member], *, focus: str = ""
) -> list[SafeString]:
    """Return the rows of `members` as this person sees them."""
    manages = can(request.member, Action.MANAGE_TEAM)
    kept = services.last_admin_of(request.member, request.workspace) if manages else None
    slug = request.workspace.slug
    return member_rows(request, slug, members, manages=manages, kept=kept, focus=focus)


def found_answer(request: WorkspaceRequest) -> HttpResponse:
    """Answer a search or a filter with the list alone, and put its address into the browser."""
    context = list_context(request, request.GET.dict())
    chosen = {name: value for name, value in context["team"].selection.params().items() if value}
    address = f"{request.path}?{urlencode(chosen)}" if chosen else request.path
    return push_url(render(request, "accounts/team/_members.html", context), address)


def list_answer(request: WorkspaceRequest, *, said: dict[str, str], focus: str) -> HttpResponse:
    """Answer with the list that the person has before them, and say what has changed in it."""
    params = QueryDict(urlsplit(address_of_list(request)).query).dict()
    context = list_context(request, params, focus=focus) | {"said": said}
    answer = render(request, "accounts/team/_changed.html", context)
    return retarget(reswap(answer, "outerHTML"), "#members")


def row_answer(request: WorkspaceRequest, person: Member, *, said: dict[str, str]) -> HttpResponse:
    (row,) = rows_for(request, [person])
    context = {"said": said, "row": row}
    return render(request, "accounts/team/_changed.html", context)


def address_of_list(request: WorkspaceRequest) -> str:
    """Return the team page as the person left it: the address with its search and filter."""
    team, page = resolve_url("accounts:team", request.workspace.slug), page_to_return_to(request)
    return page if urlsplit(page).path == team else team

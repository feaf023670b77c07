"""The page that removes somebody from a workspace, after showing and deciding what they leave."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts import leaving, selectors, services
from admin_ui.accounts.access import WorkspaceRequest, require
from admin_ui.accounts.belongings import (
    Belonging,
    Choice,
    Decision,
    Undecided,
    belongings_of,
    kinds,
)
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action
from admin_ui.http import SeeOther
from admin_ui.isolation import isolated

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


@dataclass(frozen=True)
class Item:
    """One belonging with the choice that is picked on the page, and whether it needs a decision."""

    belonging: Belonging
    picked: str
    is_open: bool


@dataclass(frozen=True)
class Group:
    """All belongings of one kind, and what can be decided about all of them at once."""

    kind: str
    title: "StrPromise"
    help: "StrPromise"
    items: list[Item]
    for_all: list[Choice]


def groups_of(
    found: Sequence[Belonging],
    posted: Mapping[str, str],
    undecided: Collection[Belonging] = (),
) -> list[Group]:
    """Return what the form of decisions shows; what was `posted` is picked again."""
    wanting = {entry.field for entry in undecided}
    groups = []
    for kind in kinds():
        mine = [entry for entry in found if entry.kind == kind.kind]
        items = [Item(entry, _picked(entry, posted), entry.field in wanting) for entry in mine]
        choices = {choice.value: choice for entry in mine for choice in entry.choices}
        for_all = list(choices.values()) if len(mine) > 1 else []
        if mine:
            groups.append(Group(kind.kind, kind.title, kind.help, items, for_all))
    return groups


def _picked(entry: Belonging, posted: Mapping[str, str]) -> str:
    value = posted.get(f"what-{entry.field}", "")
    return value if entry.allows(value) else entry.choices[0].value


def decisions_from(posted: Mapping[str, str]) -> dict[str, Decision]:
    """Return what was decided in the form, by the field of a belonging.

    `what-<field>` and `mark-<field>` are about one; `all-<kind>` goes before each of that kind.
    """
    decisions = {}
    for name, value in posted.items():
        if name.startswith("what-"):
            field = name.removeprefix("what-")
            for_all = posted.get(f"all-{field.partition('-')[0]}", "")
            decisions[field] = Decision(for_all or value, posted.get(f"mark-{field}", ""))
    return decisions


@require(Action.MANAGE_TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def team_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET lists what the person leaves; POST decides about each thing and removes them.

    409 where something has changed since the page was shown, and for the last admin.
    """
    member = selectors.get_member(request.workspace, pk)
    if request.method != "POST":
        return _page(request, member)
    try:
        leaving.remove_member(
            actor=request.member, member=member, decisions=decisions_from(request.POST.dict())
        )
    except services.LastAdmin:
        return _page(request, member, status=409)
    except Undecided as error:
        return _page(request, member, error.belongings, status=409)
    except Member.DoesNotExist as error:
        raise Http404 from error
    messages.success(
        request, _("%(person)s is no longer in the team.") % {"person": isolated(member.user)}
    )
    if member.user == request.user and not request.user.is_owner:
        return SeeOther(resolve_url("home"))
    return SeeOther(resolve_url("accounts:team", request.workspace.slug))


def _page(
    request: WorkspaceRequest,
    member: Member,
    undecided: Collection[Belonging] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    everybody = selectors.members_of(request.workspace)
    keeps_rights = member.user.is_owner and member.user.is_active
    found = [] if keeps_rights else belongings_of(member.user, request.workspace)
    context = {
        "person": member,
        "is_last_admin": services.last_admin_of(request.member, everybody) == member.pk,
        "keeps_rights": keeps_rights,
        "groups": groups_of(found, request.POST, undecided),
        "changed": bool(undecided),
    }
    return render(request, "accounts/team_remove.html", context, status=status)

"""Pages that take a role or a workspace from a person, and ask what to do with what they leave."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from admin_ui.accounts import selectors, services
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.leaving.belongings import (
    Belonging,
    BelongingChoice,
    Decision,
    Undecided,
    belongings_of,
    registered_kinds,
)
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, Role
from admin_ui.accounts.views import read_or_send, to_team
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther

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
    for_all: list[BelongingChoice]


def groups_of(
    found: Sequence[Belonging],
    posted: Mapping[str, str],
    undecided: Collection[Belonging] = (),
) -> list[Group]:
    """Return what the form of decisions shows; what was `posted` is picked again."""
    wanting = {entry.field for entry in undecided} if "asked" in posted else set()
    groups = []
    for kind in registered_kinds():
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


def deciding_page(
    request: HttpRequest,
    template: str,
    found: Sequence[Belonging],
    undecided: Collection[Belonging] = (),
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """Render a page that asks about what was `found`; some of it again, where it is `undecided`."""
    context["groups"] = groups_of(found, request.POST, undecided)
    context["changed"] = bool(undecided) and "asked" in request.POST
    return render(request, template, context, status=status)


def act_or_ask_again(
    request: HttpRequest, act: Callable[..., object], page: Callable[..., HttpResponse]
) -> HttpResponse | None:
    """Do `act` with the decisions of the form; returns the `page` with 409 where it is refused."""
    try:
        act(decisions=decisions_from(request.POST.dict()))
    except (services.LastAdmin, leaving.LastOwner):
        return page(status=409)
    except Undecided as error:
        return page(error.belongings, status=409)
    except Member.DoesNotExist as error:
        raise Http404 from error
    return None


@require(Action.MANAGE_TEAM)
@confirmed()
@read_or_send
def team_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET lists what the person leaves; POST decides about each thing and removes them.

    409 where something has changed since the page was shown, and for the last admin.
    """
    member = selectors.get_member(request.workspace, pk)
    page = partial(member_page, request, member, None)
    if request.method != "POST":
        return page()
    act = partial(leaving.remove_member, actor=request.member, member=member)
    if refusal := act_or_ask_again(request, act, page):
        return refusal
    messages.success(
        request, _("%(person)s is no longer in the team.") % {"person": isolated(member.user)}
    )
    if member.user == request.user and not request.user.is_owner:
        return SeeOther(resolve_url("home"))
    return to_team(request)


def member_page(
    request: WorkspaceRequest,
    member: Member,
    role: Role | None,
    undecided: Collection[Belonging] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    """Ask about what is worth more than `role`, or about everything where that is None."""
    is_last = services.last_admin_of(request.member, request.workspace) == member.pk
    keeps_rights = leaving.keeps_rights(member.user)
    roles = {request.workspace.pk: role} if role else {}
    found = [] if keeps_rights else belongings_of(member.user, request.workspace, roles=roles)
    return deciding_page(
        request,
        "accounts/team/role.html" if role else "accounts/team/remove.html",
        found,
        undecided,
        status=status,
        person=member.user,
        member_is_narrowed=member.is_narrowed,
        role=role,
        is_last=is_last,
        keeps_rights=keeps_rights,
        back=resolve_url("accounts:team", request.workspace.slug),
    )

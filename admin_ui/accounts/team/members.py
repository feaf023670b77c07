"""The members of a workspace as the team page lists them: searched, filtered, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member, User, Workspace, shown_name
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.selectors import owners
from admin_ui.compiled import CompiledQuery
from admin_ui.paging import Order, ResultPage, page

MEMBERS_A_PAGE = 25
LONGEST_TEAM_SEARCH = 100
MOST_TEAM_WORDS = 10
OWNER_FILTER = "owner"
"""Not a role of a member, but the filter offers it, since the list shows owners too."""
BY_NAME = Order(("shown", "pk"), descending=False)


class TeamSelection(NamedTuple):
    """Which people of a team are wanted; "" for all."""

    text: str
    role: str

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "TeamSelection":
        """Read a query string; a role that does not exist does nothing."""
        text = " ".join(params.get("q", "").replace("\0", "").split())[:LONGEST_TEAM_SEARCH]
        role = params.get("role", "")
        return cls(text, role if role in (*Role.values, OWNER_FILTER) else "")

    def params(self) -> dict[str, str]:
        return {"q": self.text, "role": self.role}


@dataclass(frozen=True)
class TeamPage:
    """One page of a team, and how many people there are in all and in the selection."""

    selection: TeamSelection
    owners: list[User]
    """Those of the selection, on its first page only."""
    people: ResultPage[User]
    members: list[Member]
    """The members that `people` are, with their users."""
    total: int
    found: int

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The values and labels of the filter by role."""
        return [*((role.value, str(role.label)) for role in Role), (OWNER_FILTER, _("Owner"))]


def team_list(workspace: Workspace, params: Mapping[str, str]) -> TeamPage:
    """Return the page of a team that the query string asks for, owners first, then by name.

    An owner who is a member too counts as an owner. Four or five queries.
    """
    selection = TeamSelection.of(params)
    place = {name: params[name] for name in ("before", "after") if params.get(name)}
    found = _page_of(workspace, selection, place)
    all_owners = _OWNERS()
    asked = selection.role in ("", OWNER_FILTER)
    shown = [owner for owner in all_owners if asked and _is_meant(owner, selection.text)]
    is_whole = not (found.newer or found.older)
    total = sum(_SIZES(workspace.pk))
    matching = len(found.rows) if is_whole else total
    if any(selection) and not is_whole:
        matching = _selected(workspace.pk, selection).count()
    return TeamPage(
        selection,
        [] if found.newer else shown,
        found,
        _with_members(workspace, found.rows),
        total + len(all_owners),
        matching + len(shown),
    )


def _page_of(
    workspace: Workspace, selection: TeamSelection, place: Mapping[str, str]
) -> ResultPage[User]:
    if not (any(selection) or place):
        first = _FIRST(workspace.pk)
        return page(User.objects.none(), BY_NAME, {}, size=MEMBERS_A_PAGE, read=lambda *_: first)
    return page(
        _selected(workspace.pk, selection),
        BY_NAME,
        {**selection.params(), **place},
        size=MEMBERS_A_PAGE,
    )


def _selected(workspace: int, selection: TeamSelection) -> QuerySet[User]:
    return _listed_in(workspace, selection.role).filter(has_words(selection.text))


def _listed_in(workspace: int, role: str = "") -> QuerySet[User]:
    """Return the people of a workspace but its owners, with what the list sorts by as `shown`.

    Begins with the people, so that an index gives them by name; few of them are in no workspace.
    """
    there = Member.objects.filter(workspace=workspace, user=OuterRef("pk"))
    there = there.filter(role=role) if role else there
    people = User.objects.filter(Exists(there), is_service=False)
    return people.exclude(is_owner=True, is_active=True).annotate(shown=shown_name())


def _first_in(workspace: int) -> QuerySet[User]:
    return _listed_in(workspace).order_by(*BY_NAME.by(reverse=False))[: MEMBERS_A_PAGE + 1]


def _sizes_of(workspace: int) -> QuerySet[Member, int]:
    """Return how many rows of members there are, and less than 0 for those not in the list.

    So indexes count them. Asking each person takes a millisecond for a few thousand.
    """
    apart = User.objects.filter(Q(is_owner=True) | Q(is_service=True))
    apart = apart.exclude(is_owner=True, is_active=False)
    every = Member.objects.filter(workspace=workspace)
    sizes = every.values("workspace").annotate(size=Count("pk"))
    others = every.filter(user__in=apart.values("pk")).values("workspace")
    others = others.annotate(size=Count("pk") * -1)
    return sizes.values_list("size", flat=True).union(
        others.values_list("size", flat=True), all=True
    )


def _members_of(workspace: int, *users: int) -> QuerySet[Member]:
    return Member.objects.filter(workspace=workspace, user__in=users)


# What the page asks for when it is opened.
_FIRST, _MEMBERS = CompiledQuery(_first_in), CompiledQuery(_members_of)
_SIZES = CompiledQuery(_sizes_of)
_OWNERS = CompiledQuery(lambda: owners().order_by("email"))


def _with_members(workspace: Workspace, people: Sequence[User]) -> list[Member]:
    """Return the members that `people` are, in their order. One query."""
    if not people:
        return []
    rows = _MEMBERS(workspace.pk, *(user.pk for user in people))
    found = {member.user_id: member for member in rows}
    members = []
    for user in people:
        if member := found.get(user.pk):
            member.user, member.workspace = user, workspace
            members.append(member)
    return members


def has_words(text: str) -> Q:
    """Return the condition that each word is in the name or the address of a user."""
    condition = Q()
    for word in text.split()[:MOST_TEAM_WORDS]:
        # SQLite knows the capitals of ASCII only.
        cases = {word} if word.isascii() else {word, word.lower(), word.upper(), word.title()}
        either = Q()
        for form in sorted(cases):
            either |= Q(name__icontains=form)
            either |= Q(email__icontains=form)
        condition &= either
    return condition


def _is_meant(user: User, text: str) -> bool:
    """Return whether `user` has the words of `text`, as `has_words` asks the database."""
    own = f"{user.name}\n{user.email}".lower()
    return all(word.lower() in own for word in text.split()[:MOST_TEAM_WORDS])

"""The members of a workspace as the team page lists them: searched, filtered, page by page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member, User, Workspace, shown_name
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.selectors import owners
from admin_ui.compiled import CompiledQuery
from admin_ui.paging import Order, ResultPage, all_rows, page

MEMBERS_A_PAGE = 25
LONGEST_TEAM_SEARCH = 100
MOST_TEAM_WORDS = 10
OWNER_FILTER = "owner"
"""Not a role of a member, but the filter offers it, since the list shows owners too."""
BY_NAME = Order(("name", "pk"), descending=False)


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
    members: ResultPage[Member]
    total: int
    found: int

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The values and labels of the filter by role."""
        return [*((role.value, str(role.label)) for role in Role), (OWNER_FILTER, _("Owner"))]


def team_list(workspace: Workspace, params: Mapping[str, str]) -> TeamPage:
    """Return the page of a team that the query string asks for, owners first, then by name.

    An owner who is a member too counts as an owner. Three or four queries.
    """
    selection = TeamSelection.of(params)
    members = _listed_of(workspace.pk)
    of_members = has_words(selection.text, "user__") & _has_role(selection.role)
    place = {name: params[name] for name in ("before", "after") if params.get(name)}
    is_plain = not (any(selection) or place)
    found = page(
        members.filter(of_members),
        BY_NAME,
        {**selection.params(), **place},
        size=MEMBERS_A_PAGE,
        read=(lambda _rows, _stretch: _FIRST(workspace.pk)) if is_plain else all_rows,
    )
    wanted = selection.role in ("", OWNER_FILTER)
    of_owners = has_words(selection.text)
    shown = list(owners().filter(of_owners).order_by("email")) if wanted else []
    is_whole = not (found.newer or found.older)
    total, matching = _counts(workspace.pk, Q() if is_whole else of_members)
    all_owners = owners().count() if any(selection) else len(shown)
    return TeamPage(
        selection,
        [] if found.newer else shown,
        found,
        total + all_owners,
        (len(found.rows) if is_whole else matching) + len(shown),
    )


def _listed_of(workspace: int) -> QuerySet[Member]:
    """Return the members of a workspace but its owners, with the `name` that the list sorts by."""
    members = Member.objects.filter(workspace=workspace, user__is_service=False)
    listed = members.exclude(user__is_owner=True, user__is_active=True).select_related("user")
    return listed.annotate(name=shown_name("user__"))


def _first_of(workspace: int) -> QuerySet[Member]:
    return _listed_of(workspace).order_by(*BY_NAME.by(reverse=False))[: MEMBERS_A_PAGE + 1]


def _size_of(workspace: int) -> QuerySet[Member, int]:
    sized = _listed_of(workspace).order_by().values("workspace").annotate(size=Count("pk"))
    return sized.values_list("size", flat=True)


# What the page asks for when it is opened.
_FIRST, _SIZE = CompiledQuery(_first_of), CompiledQuery(_size_of)


def has_words(text: str, prefix: str = "") -> Q:
    """Return the condition that each word is in the name or the address of a user."""
    condition = Q()
    for word in text.split()[:MOST_TEAM_WORDS]:
        # SQLite knows the capitals of ASCII only.
        cases = {word} if word.isascii() else {word, word.lower(), word.upper(), word.title()}
        either = Q()
        for form in sorted(cases):
            either |= Q(**{f"{prefix}name__icontains": form})
            either |= Q(**{f"{prefix}email__icontains": form})
        condition &= either
    return condition


def _has_role(role: str) -> Q:
    return Q(role=role) if role else Q()


def _counts(workspace: int, condition: Q) -> tuple[int, int]:
    """Return how many members there are, and how many meet the condition."""
    if not condition:
        every = sum(_SIZE(workspace))
        return every, every
    members, those = _listed_of(workspace).order_by(), Count("pk", filter=condition)
    counts = members.aggregate(every=Count("pk"), found=those)
    return counts["every"], counts["found"]

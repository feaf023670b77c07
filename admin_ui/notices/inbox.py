"""The notices of one person: how many are unread, a page of them, and marking them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from admin_ui.accounts.guard.one_query import MOST_ABOUT_A_PAGE, MOST_NOTICES_COUNTED
from admin_ui.accounts.models import User
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Happening, Notice
from admin_ui.paging import Order, ResultPage, is_number, page
from admin_ui.serving.best_effort import best_effort

NOTICES_A_PAGE = 30
LATEST_FIRST = Order(("pk",))


@dataclass(frozen=True)
class NoticeFilter:
    """Which notices a page shows: unread ones or all, of one kind or of every kind."""

    all: bool = False
    kind: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "NoticeFilter":
        """Read a query string; what makes no sense in it chooses nothing."""
        kind = params.get("kind", "")
        known = kind if kind in NoticeKind.values else ""
        return cls(all=params.get("show") == "all", kind=known)

    def params(self) -> dict[str, str]:
        """Return it as parameters of an address."""
        found = {"show": "all" if self.all else "", "kind": self.kind}
        return {name: value for name, value in found.items() if value}

    def rows(self, user: User) -> QuerySet[Notice]:
        """Return those notices of `user`."""
        rows = Notice.objects.filter(user=user)
        if not self.all:
            rows = rows.filter(read_at=None)
        return rows.filter(kind=self.kind) if self.kind else rows


def inbox_page(user: User, params: Mapping[str, str]) -> ResultPage[Notice]:
    """Return a page of the notices of `user` that `params` choose, the newest first."""
    choice = NoticeFilter.of(params)
    rows = choice.rows(user).select_related("happening", "workspace")
    shown = rows.only(
        "kind",
        "created_at",
        "read_at",
        "happening__kind",
        "happening__subject",
        "happening__actor_name",
        "happening__details",
        "workspace__name",
    )
    places = {name: params.get(name, "") for name in ("before", "after")}
    return page(shown, LATEST_FIRST, choice.params() | places, size=NOTICES_A_PAGE)


def unread_of(user: User) -> int:
    """Return how many notices `user` has not read, at most 100.

    No query where the session was read together with them (`guard/one_query.py`).
    """
    if user.unread_notices is None:
        unread = Notice.objects.filter(user=user, read_at=None)
        user.unread_notices = unread[:MOST_NOTICES_COUNTED].count()
    return user.unread_notices


def mark(*, user: User, pk: int, read: bool) -> None:
    """Mark one notice of `user` as read or unread; one of somebody else stays as it is."""
    rows = Notice.objects.filter(user=user, pk=pk, read_at__isnull=read)
    rows.update(read_at=timezone.now() if read else None)


def mark_opened(*, user: User, paths: Collection[str]) -> None:
    """Mark the notices of `user` that lead to these pages as read: the person looks at them.

    No query if there are none to read; one where nothing newly happened to these pages. Nothing
    happens if the database is busy.
    """
    if user.unread_notices == 0:
        return
    about = Happening.objects.filter(path__in=paths).order_by("-pk")
    found = list(about.values_list("pk", flat=True)[:MOST_ABOUT_A_PAGE])
    unread = Notice.objects.filter(happening__in=found, user=user, read_at=None)
    with best_effort("reading notices"):
        if found and unread.update(read_at=timezone.now()):
            user.unread_notices = None
            unread_of(user)


def mark_done(*, kind: NoticeKind, path: str, users: Collection[int]) -> None:
    """Mark notices of `kind` about a page as read, since nobody waits for these people any more."""
    about = Happening.objects.filter(path=path, kind=kind).order_by("-pk")
    found = list(about.values_list("pk", flat=True)[:MOST_ABOUT_A_PAGE])
    rows = Notice.objects.filter(happening__in=found, user__in=users, read_at=None)
    rows.update(read_at=timezone.now())


def mark_all_read(*, user: User, kind: str, up_to: int) -> int:
    """Mark the unread notices of `user` as read, of one kind or ("") of all; returns how many.

    Those above the id `up_to` have come since the person looked, and stay unread.
    """
    rows = Notice.objects.filter(user=user, read_at=None, pk__lte=up_to)
    return (rows.filter(kind=kind) if kind else rows).update(read_at=timezone.now())


def number(text: str) -> int:
    """Return the id that a form sends; 0 for anything else."""
    return int(text) if is_number(text) else 0

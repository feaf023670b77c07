"""The discussion of a change request, ready to be shown; few queries, whatever was said."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from admin_ui.accounts.models import Member
from admin_ui.paging import Order, ResultPage, is_number, page
from assistants.models import ChangeRequest, Round, Thread, ThreadStep
from assistants.selectors.talk.threads import ShownThread, show_threads

THREADS_A_PAGE = 25


@dataclass(frozen=True)
class ThreadGroup:
    """The threads about one field, or about the whole."""

    field: str
    threads: list[ShownThread]


@dataclass(frozen=True)
class Discussion:
    """A page of threads, in `groups`; those about lines that are gone are `outdated`."""

    groups: list[ThreadGroup]
    beside: list[ThreadGroup]
    """Threads that are shown beside their fields."""
    outdated: list[ShownThread]
    unresolved: int
    resolved: int
    named: int
    """The thread that the address names; 0 for none."""
    suggestions: int
    """How many suggestions wait for the author."""
    is_author: bool
    is_open: bool
    shows_resolved: bool
    is_empty: bool
    """Whether there is none of these, apart from the one that the address names."""
    page: ResultPage[Thread]

    @property
    def opens_outdated(self) -> bool:
        """Whether the address names one of those that are folded."""
        return any(thread.pk == self.named for thread in self.outdated)


def discussion_of(
    request: ChangeRequest,
    *,
    of: Round,
    member: Member,
    params: Mapping[str, str],
    shown_fields: Collection[str] = (),
) -> Discussion:
    """Return a page of the threads of `request`, beside its round `of`.

    Those that are not resolved; with `resolved` in `params`, those that are; and in any case the
    one that `thread` names. `shown_fields` have their threads beside what the page shows of them.
    At most nine queries.
    """
    is_resolved = bool(params.get("resolved"))
    named = int(text) if is_number(text := params.get("thread", "")) else 0
    counts = request.threads.aggregate(
        resolved=Count("pk", filter=Q(is_resolved=True)), all=Count("pk")
    )
    found: ResultPage[Thread] = ResultPage([])
    if counts["all"]:
        rows = request.threads.filter(is_resolved=is_resolved)
        order = Order(("id",), descending=False)
        kept = {name: params.get(name, "") for name in ("resolved", "after", "before")}
        found = page(rows, order, kept, size=THREADS_A_PAGE)
    listed = _with_named(found.rows, request, named)
    shown = show_threads(listed, request=request, of=of, member=member)
    current = [thread for thread in shown if not thread.is_outdated]
    groups = _grouped(current)
    return Discussion(
        groups=[group for group in groups if group.field not in shown_fields],
        beside=[group for group in groups if group.field in shown_fields],
        outdated=[thread for thread in shown if thread.is_outdated],
        unresolved=counts["all"] - counts["resolved"],
        resolved=counts["resolved"],
        named=named,
        suggestions=_waiting(request) if counts["all"] else 0,
        is_author=request.author_id == member.user.pk,
        is_open=request.is_open,
        shows_resolved=is_resolved,
        is_empty=not found.rows,
        page=found,
    )


def _with_named(rows: list[Thread], request: ChangeRequest, named: int) -> list[Thread]:
    """Return `rows` with the thread `named`, wherever it is in the discussion."""
    if not named or any(thread.pk == named for thread in rows):
        return rows
    return [*rows, *request.threads.filter(pk=named)]


def _waiting(request: ChangeRequest) -> int:
    rows = ThreadStep.objects.filter(thread__change_request=request, end=None)
    return rows.filter(kind=ThreadStep.Kind.SUGGESTED).count()


def _grouped(threads: Iterable[ShownThread]) -> list[ThreadGroup]:
    """Group by field: the whole first, and those about lines in the order of these."""
    groups: dict[str, list[ShownThread]] = {}
    for thread in sorted(threads, key=lambda each: (each.field, each.last_line, each.pk)):
        groups.setdefault(thread.field, []).append(thread)
    return [ThreadGroup(field, held) for field, held in groups.items()]

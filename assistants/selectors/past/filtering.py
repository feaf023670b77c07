"""Which revisions a query string asks for: of a workspace, or of one assistant."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from admin_ui.compiled import LARGEST
from admin_ui.paging import (
    CompiledStretches,
    Order,
    ResultPage,
    Stretch,
    is_number,
    page,
    rows_of_either,
)
from assistants.models import (
    KEY_AUTHOR,
    Assistant,
    Outcome,
    Revision,
    RevisionName,
    Status,
    newest_names,
    without_texts,
)
from assistants.selectors.past.finding import search_of
from assistants.selectors.past.hits import HitReader, Hits, few_of, hits_in

BY_NUMBER = Order(("number",))
NEWEST = Order(("pk",))
A_DAY = timedelta(days=1)
PENDING = "pending"
"""The outcome of a revision that has none yet."""
PAST_FILTERS = ("q", "person", "key", "kind", "field", "outcome", "named", "since", "until")
"""Parameters of an address that leave out revisions."""
PastOwner = dict[str, Any]
"""Whose revisions, as a condition: of an `assistant`, or of a `workspace`."""


@dataclass(frozen=True)
class PastRows:
    """Revisions that were asked for, and how they are read."""

    rows: QuerySet[Revision]
    order: Order
    read: Callable[[QuerySet[Revision], Stretch], list[Revision]]
    hits: HitReader | None = None
    """What reads them, if an index of hits gives them; each of an event is there."""
    is_whole: bool = False
    """Whether nothing filters them: all of an assistant or a workspace."""

    def by_batches(self, *, size: int) -> Iterator[list[Revision]]:
        """Yield all of them, the newest first, in lists of `size`; each takes its own queries."""
        place: dict[str, str] = {}
        while True:
            found = self.page(place, size=size)
            if found.rows:
                yield found.rows
            if not found.older:
                return
            place = dict(parse_qsl(found.older.removeprefix("?")))

    def page(self, params: Mapping[str, str], *, size: int) -> ResultPage[Revision]:
        """Return a page; `older` may go on from where a search stopped, even without rows."""
        found = page(self.rows, self.order, params, size=size, read=self.read)
        stopped = self.hits and self.hits.stopped_at
        return replace(found, older=found.after(Revision(pk=stopped))) if stopped else found

    @property
    def has_stopped(self) -> bool:
        """Whether the last page ended before all that was asked for had been looked at."""
        return self.hits is not None and self.hits.stopped_at is not None


def past_rows(
    params: Mapping[str, str], workspace: Workspace, assistant: Assistant | None = None
) -> PastRows:
    """Return the revisions that `params` ask for, without what may be of any size.

    `q` searches what was added and removed; `person` (as `people_of` names them), `key`, `kind`,
    `field`, `outcome`, `named`, `since` and `until` filter.
    """
    owner: PastOwner = {"assistant": assistant} if assistant else {"workspace": workspace}
    if not any(params.get(name) for name in PAST_FILTERS):
        return _everything(workspace, assistant)
    rows = shown_rows(**owner)
    rows = in_days(of_key(of_kind(rows, params), params), owner, params)
    people, outcome, is_named = by_person(params), outcome_in(params), bool(params.get("named"))
    if outcome:
        newest = Outcome.objects.filter(revision=OuterRef("pk")).order_by("-pk")
        rows = rows.alias(ended=Coalesce(Subquery(newest.values("status")[:1]), Value(PENDING)))
        rows = rows.filter(ended=outcome)
    if search := search_of(params, workspace, assistant):
        if is_named:
            rows = rows.filter(Exists(_named(owner).filter(revision=OuterRef("pk"))))
        narrow = of_key(of_kind(Revision.objects.filter(**owner), params), params)
        few = partial(few_of, narrow, people, "-number" if assistant else "-pk")
        return _found(rows, search.reader(*people, few=few if _is_narrow(params) else None))
    hits = hits_in(_named(owner), "revision_id") if is_named else _ended(outcome, owner)
    if hits:
        return _found(rows, HitReader(hits, people))
    order = BY_NUMBER if assistant else NEWEST
    return PastRows(rows, order, rows_of_either(*people))


def shown_rows(**owner: Any) -> QuerySet[Revision]:
    """Return the revisions of an `assistant` or a `workspace`, with what a list shows of each."""
    return without_texts(Revision.objects.filter(**owner)).select_related("acceptance")


def _everything(workspace: Workspace, assistant: Assistant | None) -> PastRows:
    if assistant:
        rows = shown_rows(assistant=assistant.pk)
        return PastRows(rows, BY_NUMBER, _OF_ASSISTANT.reader(rows, assistant.pk), is_whole=True)
    rows = shown_rows(workspace=workspace.pk)
    return PastRows(rows, NEWEST, _OF_WORKSPACE.reader(rows, workspace.pk), is_whole=True)


_OF_ASSISTANT = CompiledStretches[Revision](lambda pk: shown_rows(assistant=pk))
_OF_WORKSPACE = CompiledStretches[Revision](lambda pk: shown_rows(workspace=pk))


def _found(rows: QuerySet[Revision], hits: HitReader) -> PastRows:
    return PastRows(rows, NEWEST, hits.read, hits)


def _is_narrow(params: Mapping[str, str]) -> bool:
    """Return whether one filter with an index of its own may leave few revisions."""
    return sum(bool(params.get(name)) for name in ("person", "key", "kind")) == 1


def _named(owner: PastOwner) -> QuerySet[RevisionName]:
    return newest_names().filter(**owner).exclude(name="")


def _ended(outcome: str, owner: PastOwner) -> Hits | None:
    """Return where the few revisions with that outcome are found; None for the many published."""
    if outcome == PENDING:
        of = {"pk": owner["assistant"].pk} if "assistant" in owner else owner
        return hits_in(Assistant.objects.filter(**of, slot__isnull=False), "slot_id")
    if outcome in ("", Status.APPLIED):
        return None
    of = owner if "assistant" in owner else {"revision__workspace": owner["workspace"]}
    rows = Outcome.objects.filter(**of, version__isnull=True, status=outcome)
    return hits_in(rows, "revision_id")


def of_kind(rows: QuerySet[Revision], params: Mapping[str, str]) -> QuerySet[Revision]:
    """Keep the revisions of the `kind` that `params` names, if it does."""
    kind = params.get("kind", "")
    return rows.filter(kind=kind) if kind in Revision.Kind.values else rows


def of_key(rows: QuerySet[Revision], params: Mapping[str, str]) -> QuerySet[Revision]:
    """Keep what was written with API keys of the name `key` in `params`, if there is one."""
    key = params.get("key", "").replace("\0", "")
    return rows.filter(author=None, author_name=f"{KEY_AUTHOR}{key}") if key else rows


def outcome_in(params: Mapping[str, str]) -> str:
    """Return the outcome that `params` name; "" for none, or what is none."""
    outcome = params.get("outcome", "")
    return outcome if outcome in (*Status.values, PENDING) else ""


def by_person(params: Mapping[str, str]) -> tuple[Q, ...]:
    """Return the conditions, either of which finds revisions of the `person` in `params`."""
    if is_number(person := params.get("person", "")):
        return Q(author_id=int(person)), Q(drafter_id=int(person))
    if person:
        return (Q(author=None, author_name=person.replace("\0", "")),)
    return (Q(),)


def in_days(
    rows: QuerySet[Revision], owner: PastOwner, params: Mapping[str, str]
) -> QuerySet[Revision]:
    """Keep the revisions between the days `since` and `until`, found along an index.

    Rows are in the order in which they were added, which is that of their times but for a clock
    that was put back: for up to a day.
    """
    since, until = day_in(params, "since"), day_in(params, "until")
    column = "number" if "assistant" in owner else "pk"
    there = Revision.objects.filter(**owner).values_list(column, flat=True)
    if since is not None:
        begin = _midnight(since)
        first = there.filter(created_at__gte=begin - A_DAY).order_by("created_at", column).first()
        rows = rows.filter(**{f"{column}__gte": first or LARGEST}, created_at__gte=begin)
    if until is not None:
        end = _midnight(until) + A_DAY
        last = there.filter(created_at__lt=end + A_DAY).order_by("-created_at", f"-{column}")
        rows = rows.filter(**{f"{column}__lte": last.first() or 0}, created_at__lt=end)
    return rows


def day_in(params: Mapping[str, str], name: str) -> date | None:
    """Return the day that a parameter names; None for anything that is none."""
    try:
        day = date.fromisoformat(params.get(name, ""))
    except ValueError:
        return None
    return day if 1970 <= day.year < 9999 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))

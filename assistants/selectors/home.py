"""What the home page shows: what needs somebody, and what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import pairwise
from operator import attrgetter
from typing import Any

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member, Workspace
from admin_ui.compiled import CompiledQuery
from assistants.models import Assistant, Connection, FreezeWindow, Revision
from assistants.selectors.addresses import AssistantPages, WorkspacePages
from assistants.selectors.change_requests.addresses import ChangeRequestPages
from assistants.selectors.change_requests.freezes import freeze_soon
from assistants.selectors.change_requests.lists import ChangeRequestRow, sent_by, waiting_for
from assistants.selectors.change_requests.scheduled import ScheduledRow, scheduled_next
from assistants.selectors.changes import TOGETHER, Change, changes_of, repeats
from assistants.selectors.drafts.newest import newest_drafts, newest_of_others
from assistants.selectors.drafts.states import ToldRow, returned_by, told_at_home
from assistants.selectors.guiding.steps import Step, steps_of
from assistants.wording import (
    Chip,
    ago,
    assistant_chips,
    dated,
    gateway_error,
    join_html,
    size_of,
    summary,
)

CHART_DAYS = 14
_A_DAY = 86_400
FEW = 6
NOTE_BEGINNING = 160
LATEST = 8
FIRST_COLUMNS = ("workspace_id", "name", "remote_id", "is_sample", "live_version")


@dataclass(frozen=True, slots=True)
class DraftRow:
    name: str
    pages: AssistantPages
    user_pk: int
    who: str
    when: SafeString
    summary: SafeString
    size: str
    """In how many fields it differs from its base, or that it has none."""
    left: bool = False
    """Whether the person cannot edit it any more, so that a publisher has to decide about it."""
    returned: str = ""
    """Who returned it to its person, until they have changed it, and the beginning of the note."""
    note: str = ""

    @property
    def review(self) -> str:
        """Where somebody else reviews it."""
        return f"{self.pages.review}?drafter={self.user_pk}"


@dataclass(frozen=True, slots=True)
class TroubleRow:
    name: str
    url: str
    chips: SafeString
    when: SafeString


@dataclass(frozen=True, slots=True)
class ConnectionTrouble:
    name: str
    reason: str
    since: SafeString


@dataclass(frozen=True, slots=True)
class Day:
    """A bar of the chart, in the units of its view box: 100 high, 10 wide with a gap of 3."""

    label: str
    count: int
    x: int
    y: int
    height: int


@dataclass(frozen=True)
class Home:
    is_empty: bool
    has_samples: bool
    freeze: FreezeWindow | None
    """The freeze window that holds, or begins within a day."""
    steps: list[Step]
    """What the person does first, until a draft of theirs was published."""
    reviews: list[ChangeRequestRow]
    """The change requests that wait for the person."""
    sent: list[ChangeRequestRow]
    """What the person sent for review, and is not scheduled."""
    scheduled: list[ScheduledRow]
    drafts: list[DraftRow]
    others_drafts: list[DraftRow]
    told: list[ToldRow]
    """What colleagues did with the person's drafts."""
    troubled: list[TroubleRow]
    connections: list[ConnectionTrouble]
    latest: list[Change]
    days: list[Day]
    total: int


def home_of(member: Member) -> Home:
    """Return the home page of `member`; each part shows a few entries at most.

    The drafts of others are there for those who may publish them, unless their change request is.
    """
    workspace, user = member.workspace, member.user
    now = timezone.now()
    pages = WorkspacePages.of(workspace.slug)
    assistants = Assistant.objects.filter(workspace=workspace)
    latest = changes_of(workspace, {}, size=LATEST).changes
    # Two queries without a join, since each has an index then.
    sample = next(iter(_SAMPLES(workspace.pk)), None)
    first = sample or next(iter(_BY_NAME(workspace.pk)), None)
    if first is not None:
        first.workspace = workspace
    days = days_of(workspace, now)
    mine = _drafts(newest_drafts(member), pages, now)
    reviews, scheduled = waiting_for(member, FEW), scheduled_next(workspace, FEW)
    sent = sent_by(member, FEW)
    shown = {*(row.draft for row in reviews), *(row.draft for row in scheduled)}
    planned = {row.url for row in scheduled}
    return Home(
        is_empty=not latest and not assistants.exists(),
        has_samples=sample is not None,
        freeze=freeze_soon(workspace.pk),
        steps=steps_of(member, first, mine[0].pages if mine else None, has_sent=bool(sent)),
        reviews=reviews,
        sent=[row for row in sent if row.url not in planned],
        scheduled=scheduled,
        drafts=mine,
        others_drafts=_drafts(
            (
                row
                for row in newest_of_others(member)
                if (row.assistant_id, row.user_id) not in shown
            ),
            pages,
            now,
        ),
        told=told_at_home(workspace, user),
        troubled=[
            TroubleRow(
                name=str(row),
                url=pages.assistant(row.pk).history,
                chips=join_html(_chips(row, pages)[-1:]),
                when=ago(row.changed_at, now),
            )
            for row in _troubled(workspace)
        ],
        connections=[
            ConnectionTrouble(row.name, gateway_error(row.trouble), dated(row.trouble_since, now))
            for row in _FAILING(workspace.pk)
        ],
        latest=latest,
        days=days,
        total=sum(day.count for day in days),
    )


def _chips(row: Assistant, pages: WorkspacePages) -> list[Chip]:
    requests = ChangeRequestPages(pages.requests)
    return assistant_chips(row, pages.assistant(row.pk).revision, requests.request)


TROUBLE_STATES = (Assistant.State.LIVE, Assistant.State.MISSING, Assistant.State.DRAFT)
TROUBLED = (~Q(trouble="") & Q(state__in=TROUBLE_STATES), Q(state=Assistant.State.MISSING))


def _troubled(workspace: Workspace) -> list[Assistant]:
    """Return those that need somebody, the last changed first; each condition has an index."""
    found = {row.pk: row for query in _TROUBLED for row in query(workspace.pk)}
    return sorted(found.values(), key=attrgetter("changed_at", "pk"), reverse=True)[:FEW]


def _live(workspace: int) -> QuerySet[Assistant]:
    rows = Assistant.objects.filter(workspace=workspace, state=Assistant.State.LIVE)
    return rows.only(*FIRST_COLUMNS)


def _in_trouble(condition: Q, workspace: int) -> QuerySet[Assistant]:
    rows = Assistant.objects.filter(condition, workspace=workspace)
    return rows.order_by("-changed_at", "-pk")[:FEW]


def _failing(workspace: int) -> QuerySet[Connection]:
    rows = Connection.objects.filter(workspace=workspace, archived_at=None).exclude(trouble="")
    return rows.order_by("-is_default", "name")


# Compiled once, since each of these would take longer than all that it finds.
_SAMPLES = CompiledQuery(lambda pk: _live(pk).filter(is_sample=True).order_by("pk")[:1])
_BY_NAME = CompiledQuery(lambda pk: _live(pk).order_by("name", "pk")[:1])
_TROUBLED = tuple(CompiledQuery(partial(_in_trouble, condition)) for condition in TROUBLED)
_FAILING = CompiledQuery(_failing)


def _drafts(rows: Iterable[Any], pages: WorkspacePages, now: datetime) -> list[DraftRow]:
    return [
        DraftRow(
            name=str(row.assistant),
            pages=pages.assistant(row.assistant_id),
            user_pk=row.user_id,
            who=str(row.user),
            when=ago(row.updated_at, now),
            summary=summary(row.brief_changes) if row.base_id else SafeString(""),
            size=size_of(row.brief_changes) if row.base_id else _("New"),
            left=row.left,
            returned=returned_by(row) if row.is_returned else "",
            note=row.returned_note[:NOTE_BEGINNING] if row.is_returned else "",
        )
        for row in rows
    ]


def days_of(workspace: Workspace, now: datetime) -> list[Day]:
    """Count the changes of each of the last `CHART_DAYS` days.

    Days that are over do not change, so each process counts them once: `cache` keeps them. Then
    this takes one query of two.
    """
    today = timezone.localtime(now).date()
    dates = [today - timedelta(days=back) for back in reversed(range(CHART_DAYS))]
    key = f"days-{workspace.pk}-{_start(today).isoformat()}"
    past: list[int] | None = cache.get(key)
    counted = _counts(workspace, dates if past is None else dates[-1:])
    if past is None:
        cache.set(key, counted[:-1], timeout=_A_DAY)
    found = [*(past or ()), *counted]
    most = max(*found, 1)
    return [
        _bar(number, day, count, most)
        for number, (day, count) in enumerate(zip(dates, found, strict=True))
    ]


def _counts(workspace: Workspace, days: list[date]) -> list[int]:
    """Count the changes since each of `days` until the next; what was brought in together is one.

    All changes are counted along `revision_by_day`, which holds nothing else. Few are brought in.
    """
    recent = Revision.objects.filter(workspace=workspace, created_at__gte=_start(days[0]))
    since = {
        f"day_{number}": Count("pk", filter=Q(created_at__gte=_start(day)))
        for number, day in enumerate(days)
    }
    every = recent.aggregate(**since)
    repeated = repeats(recent.filter(TOGETHER)).aggregate(**since)
    sums = [every[name] - repeated[name] for name in since]
    return [here - after for here, after in pairwise([*sums, 0])]


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _bar(number: int, day: date, count: int, most: int) -> Day:
    height = max(round(96 * count / most), 3 if count else 1)
    return Day(date_format(day, "j M"), count, number * 13, 100 - height, height)


@dataclass(frozen=True)
class Sample:
    """A sample that is still there, and what of people's work would go with it."""

    name: str
    edited: int
    """The version that is live, if it is no longer the first; else 0."""
    drafts: int


def samples_of(workspace: Workspace) -> list[Sample]:
    """Return the sample assistants that are still there."""
    rows = Assistant.objects.filter(workspace=workspace, is_sample=True, state=Assistant.State.LIVE)
    return [
        Sample(str(row), row.live_version if row.live_version > 1 else 0, row.begun)
        for row in rows.annotate(begun=Count("drafts")).order_by("name", "pk")
    ]

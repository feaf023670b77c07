"""What the task workers do and what failed: for a page, for `/healthz` and for `work --status`."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_tasks_db.models import DBTaskResult, get_date_max

from admin_ui.display.times import precise
from admin_ui.tasks.alive import FRESH, lacks_worker
from admin_ui.tasks.enqueue import label_of
from admin_ui.tasks.models import Recurring, TaskWorker
from admin_ui.tasks.timetable import entries, task_named

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

FAILURES_SHOWN = 20
TOO_OLD = timedelta(minutes=5)
"""A task that is due and has waited for longer is worth a warning."""
RECENT = timedelta(hours=1)

STATE_LABELS = {
    "READY": gettext_lazy("Waiting"),
    "RUNNING": gettext_lazy("Running"),
    "SUCCESSFUL": gettext_lazy("Done"),
    "FAILED": gettext_lazy("Failed"),
}
"""What people read for each status of `django_tasks`."""


@dataclass(frozen=True)
class RecurringRun:
    """A recurring task, how often it runs, and its newest run."""

    name: str
    when: str
    queued_at: datetime | None = None
    state: str = ""
    """The status of that run, as `django_tasks` names it; "" if it is no longer kept."""

    @property
    def tone(self) -> str:
        """The class of its chip."""
        return {"FAILED": "danger", "SUCCESSFUL": "done"}.get(self.state, "")

    @property
    def state_label(self) -> str:
        return str(STATE_LABELS[self.state])


@dataclass(frozen=True)
class FailedTask:
    name: str
    at: datetime
    reason: str
    """The error in one line."""


@dataclass(frozen=True)
class TaskReport:
    """All that an operator looks at. `oldest` is the time since which the oldest due task waits."""

    workers: int
    queued: int
    oldest: datetime | None
    running: int
    recurring: list[RecurringRun]
    failures: list[FailedTask]


def report() -> TaskReport:
    """Return the state of the queue, in a constant number of queries."""
    now = timezone.now()
    counts = _queue()
    return TaskReport(
        workers=TaskWorker.objects.filter(seen_at__range=(now - FRESH, now + FRESH)).count(),
        queued=counts["queued"],
        oldest=_oldest(counts),
        running=DBTaskResult.objects.running().order_by().count(),
        recurring=_recurring(),
        failures=_failures(),
    )


def warnings() -> list[str]:
    """Return what an operator should look at, in sentences that name nobody and nothing."""
    found, oldest = [], _oldest(_queue())
    now = timezone.now()
    if lacks_worker():
        found.append("No task worker is running.")
    if oldest is not None and oldest < now - TOO_OLD:
        minutes = int((now - oldest).total_seconds() // 60)
        found.append(f"The oldest background task has waited for {minutes} minutes.")
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=now - RECENT)
    if count := failed.order_by().count():
        found.append(f"Background tasks that failed in the last hour: {count}.")
    return found


def queue_metrics() -> "Iterable[Metric]":
    """Return the length of the queue and its oldest task's seconds of waiting, for `/metrics`."""
    from prometheus_client.metrics_core import GaugeMetricFamily

    counts = _queue()
    oldest, now = _oldest(counts), timezone.now()
    waiting = max((now - oldest).total_seconds(), 0.0) if oldest else 0.0
    yield GaugeMetricFamily(
        "assistants_tasks_queued", "Background tasks that wait.", value=counts["queued"]
    )
    yield GaugeMetricFamily(
        "assistants_oldest_task_seconds",
        "Seconds for which the oldest background task has been due.",
        value=waiting,
    )


def sentences(found: TaskReport) -> list[str]:
    """Return a report as lines of text."""
    waits = f", the oldest since {precise(found.oldest)}" if found.oldest else ""
    lines = [
        f"Workers: {found.workers}",
        f"Queued: {found.queued}{waits}",
        f"Running: {found.running}",
    ]
    for run in found.recurring:
        last = (
            f"{precise(run.queued_at)}, {run.state.lower() or 'ended'}"
            if run.queued_at
            else "never"
        )
        lines.append(f"{run.name} ({run.when}): last run {last}")
    for failure in found.failures:
        lines.append(f"Failed at {precise(failure.at)}: {failure.name}: {failure.reason}")
    return lines


def _queue() -> dict[str, Any]:
    at_once = Q(run_after=get_date_max())
    return (
        DBTaskResult.objects.ready()
        .order_by()
        .aggregate(
            queued=Count("pk"),
            since=Min("enqueued_at", filter=at_once),
            due=Min("run_after", filter=~at_once),
        )
    )


def _oldest(counts: dict[str, Any]) -> datetime | None:
    times = [at for at in (counts["since"], counts["due"]) if isinstance(at, datetime)]
    return min(times, default=None)


def _recurring() -> list[RecurringRun]:
    rows = {row.name: row for row in Recurring.objects.all()}
    tasks = DBTaskResult.objects.in_bulk([row.task_id for row in rows.values() if row.task_id])
    found = []
    for name, every in entries().items():
        row = rows.get(name)
        run = tasks.get(row.task_id) if row and row.task_id else None
        label = label_of(task_named(name))
        found.append(
            RecurringRun(
                name=label,
                when=_when(every),
                queued_at=row.queued_at if row else None,
                state=run.status if run else "",
            )
        )
    return found


def _when(every: str) -> str:
    if ":" in every:
        return _("daily at %(time)s") % {"time": every}
    seconds = int(float(every))
    if seconds % 60 == 0:
        return ngettext("every minute", "every %(count)d minutes", seconds // 60) % {
            "count": seconds // 60
        }
    return ngettext("every second", "every %(count)d seconds", seconds) % {"count": seconds}


def _failures() -> list[FailedTask]:
    rows = DBTaskResult.objects.failed().order_by("-finished_at")[:FAILURES_SHOWN]
    return [
        FailedTask(_name(row), row.finished_at or row.enqueued_at, _reason(row)) for row in rows
    ]


def _name(row: "DBTaskResult[..., object]") -> str:
    try:
        return label_of(row.task)
    except Exception:  # the code of this task is gone
        return row.task_name


def _reason(row: "DBTaskResult[..., object]") -> str:
    lines = row.traceback.strip().splitlines()
    kind, _between, text = (lines[-1] if lines else "").partition(": ")
    if kind.endswith(".TaskFailed"):
        return text[:500]
    return f"{kind.rpartition('.')[2]}: {text}"[:500] if text else kind.rpartition(".")[2]

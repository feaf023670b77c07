"""Deleting what is kept for a while only."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from admin_ui.accounts.guard.open_sessions import ended_sessions
from admin_ui.accounts.guard.stash import expired_forms
from admin_ui.audit.budgets import expired_counts
from admin_ui.installation.upkeep import refresh_statistics, truncate_wal
from admin_ui.notices.spreading import old_happenings, old_notices
from admin_ui.tasks.enqueue import LONG, STOPPING, Later, labelled, repeatable
from assistants.services.editing.presence import silent_pages
from assistants.services.editing.states import expired_states, forget_without_text
from assistants.services.syncing.jobs import old_jobs
from assistants.services.webhooks.expiry import old_deliveries

SUCCESSES_KEPT = timedelta(days=1)
FAILURES_KEPT_FOR = timedelta(days=14)
ALSO_EXPIRED: list[Callable[[], QuerySet[Any]]] = []
"""What else expires; apps above this one add functions when they start."""
ROWS_A_STEP = 200
"""Few enough that nobody waits long for the database."""


@task(queue_name=LONG)
@repeatable(retries=2)
@labelled(_("Deleting what has expired"))
def clean_up() -> int:
    """Delete expired sessions, forms kept as typed, earlier states, counts, pages, jobs, notices,
    messages of webhooks and ended tasks.

    Then SQLite gets its upkeep. Returns the number of deleted rows.
    """
    now = timezone.now()
    deleted = sum(
        _delete_in_steps(rows)
        for rows in (
            Session.objects.filter(expire_date__lt=now),
            ended_sessions(),
            expired_forms(),
            expired_counts(now),
            silent_pages(),
            old_jobs(),
            expired_states(),
            old_notices(),
            old_happenings(),
            old_deliveries(),
            *(expired() for expired in ALSO_EXPIRED),
            DBTaskResult.objects.successful().filter(finished_at__lt=now - SUCCESSES_KEPT),
            DBTaskResult.objects.failed().filter(finished_at__lt=now - FAILURES_KEPT_FOR),
        )
    )
    deleted += forget_without_text()
    refresh_statistics()
    truncate_wal()
    return deleted


def _delete_in_steps(rows: QuerySet[Any]) -> int:
    """Delete `rows`, a few in each transaction; returns how many."""
    deleted = 0
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:ROWS_A_STEP]):
        if STOPPING.is_set():
            raise Later
        deleted += rows.filter(pk__in=pks).delete()[0]
    return deleted

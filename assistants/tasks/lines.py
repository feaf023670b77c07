"""Finding out who wrote which line before somebody asks."""

from time import monotonic

from django.db.models import F, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.tasks.enqueue import LONG, STOPPING, Later, labelled, repeatable
from assistants.models import Assistant, LineOrigins
from assistants.services.history.line_origins import trace_lines

MOST_BEHIND = 20
"""Versions that are left to the page; it works them out at once."""
A_STEP = 1.0
A_RUN = 60.0
"""Seconds: of one assistant, before others get their turn, and of one run."""


@task(queue_name=LONG)
@repeatable(retries=2)
@labelled(_("Finding out who wrote which line"))
def lines_due() -> int:
    """Trace the lines of assistants with more than `MOST_BEHIND` untraced versions.

    Returns how many assistants it worked on.
    """
    until, done = monotonic() + A_RUN, set[int]()
    while rows := list(_behind()[:10]):
        for assistant in rows:
            if STOPPING.is_set() or monotonic() > until:
                raise Later
            trace_lines(assistant=assistant, version=assistant.live_version, seconds=A_STEP)
            done.add(assistant.pk)
    return len(done)


def _behind() -> QuerySet[Assistant]:
    kept = LineOrigins.objects.filter(assistant=OuterRef("pk")).order_by().values("assistant")
    newest = Subquery(kept.annotate(last=Max("version")).values("last"), IntegerField())
    rows = Assistant.objects.filter(live_version__gt=MOST_BEHIND)
    rows = rows.annotate(kept=Coalesce(newest, 0))
    return rows.filter(live_version__gt=F("kept") + MOST_BEHIND).order_by("pk")

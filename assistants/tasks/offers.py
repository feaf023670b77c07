"""Reading what connections offer: in a worker, or behind a page if there is none."""

from django.core.cache import cache
from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.tasks.alive import has_live_worker
from admin_ui.tasks.enqueue import LONG, PAGE_WAITS, Later, enqueue, labelled, repeatable
from assistants.models import Connection
from assistants.services.connections.admission import GLANCE_AT_OFFERS
from assistants.services.connections.offers import refresh_offers, stale_kinds
from assistants.services.errors import NotNow
from assistants.wording.pauses import retry_after

ONE_GLANCE = 60.0
"""Seconds during which one web process looks at the offers of a connection once."""


@task(queue_name=LONG)
@repeatable()
@labelled(_("Reading what a connection offers"))
def read_offers_of(pk: int) -> dict[str, int]:
    """Read the stale lists of one connection. Returns the entries of each."""
    connection = Connection.objects.filter(pk=pk, archived_at=None).first()
    if connection is None:
        return {}
    try:
        return refresh_offers(connection=connection)
    except NotNow as error:
        raise Later(retry_after(error.until)) from error


@task()
@repeatable(retries=2)
@labelled(_("Looking for lists of models and files to read again"))
def offers_due() -> int:
    """Queue a task for each connection with stale lists; returns how many."""
    rows = Connection.objects.filter(archived_at=None, workspace__archived_at=None)
    rows = rows.exclude(profile="registry").order_by("pk")
    due = [row.pk for row in rows if stale_kinds(row)]
    for pk in due:
        enqueue(read_offers_of, pk, key=offers_key(pk))
    return len(due)


def offers_key(pk: int) -> str:
    """Return the key of the task that reads the lists of connection `pk`."""
    return f"offers {pk}"


def offers_behind(connection: Connection) -> bool:
    """Let the stale lists of `connection` be read for an open page. Returns whether to ask again.

    A worker reads them. Without one, they are read here, within `GATEWAY_CHECK_DEADLINE`.
    """
    if connection.archived_at is not None or not stale_kinds(connection):
        return False
    if has_live_worker():
        try:
            soon = read_offers_of.using(priority=PAGE_WAITS)
            enqueue(soon, connection.pk, key=offers_key(connection.pk))
        except DatabaseError:  # busy; the next page tries again
            return False
        return True
    if cache.add(f"offers-{connection.pk}", True, ONE_GLANCE):
        try:
            refresh_offers(connection=connection, errand=GLANCE_AT_OFFERS)
        except NotNow:
            cache.delete(f"offers-{connection.pk}")
    return False

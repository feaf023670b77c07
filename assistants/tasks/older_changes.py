"""Indexing the history of an installation that is older than its search."""

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.tasks.enqueue import LONG, STOPPING, Later, labelled, repeatable
from assistants.services.history.older_changes import index_older_changes

A_PART = 10.0
"""Seconds after which the worker looks whether it should stop."""


@task(queue_name=LONG)
@repeatable(retries=2)
@labelled(_("Preparing older changes for the search"))
def older_changes_due() -> bool:
    """Index what the search of the history does not know yet; returns True."""
    while not index_older_changes(seconds=A_PART):
        if STOPPING.is_set():
            raise Later
    return True

"""Recording who exports texts."""

from datetime import timedelta

from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.audit.record import record
from admin_ui.serving.best_effort import best_effort
from assistants.models import Assistant

EXPORT_NOTED_EVERY = timedelta(minutes=10)
"""A script that reads a history page by page adds one event in this time."""
MOST_FILTERS = 500
"""Characters that are kept of what a file is filtered by."""


def note_export(*, author: Member, assistant: Assistant) -> None:
    """Record that `author` exports the texts of `assistant` as JSON, once in ten minutes.

    Pages show the same texts, so a busy database does not prevent an export.
    """
    events = AuditEvent.objects.filter(kind=EventKind.EXPORT, workspace_id=author.workspace_id)
    mine = events.filter(actor=author.user, at__gt=timezone.now() - EXPORT_NOTED_EVERY)
    if not mine.filter(details__assistant=assistant.pk).exists():
        with best_effort("The export"):
            record(
                EventKind.EXPORT,
                workspace=author.workspace,
                actor=author.user,
                about=assistant,
                details={"assistant": assistant.pk, "format": "json"},
            )


def note_file(*, author: Member, about: Assistant | str, form: str, filters: str) -> None:
    """Record that `author` downloads a history, or all changes, as a file."""
    with best_effort("The export"):
        record(
            EventKind.EXPORT,
            workspace=author.workspace,
            actor=author.user,
            about=about,
            details={"format": form, "filters": filters[:MOST_FILTERS]},
        )

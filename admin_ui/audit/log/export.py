"""The audit log as a file: CSV or JSON lines, sent while it is read."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from admin_ui.accounts.models import Workspace
from admin_ui.audit.log.reading import BY_TIME, having
from admin_ui.audit.log.selection import Selection
from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.audit.record import INSTANCE_CHAIN, record
from admin_ui.display.row_files import row_file
from admin_ui.display.times import utc

COLUMNS = ("number", "at", "kind", "actor", "about", "address", "details", "previous", "digest")
EVENTS_AT_ONCE = 500


def exported_log(
    workspace: Workspace | None, selection: Selection, form: str
) -> StreamingHttpResponse:
    """Return the selected events of a workspace, or those of the instance, the newest first.

    `form` is one of `MEDIA_TYPES`. Adds an event that says who exports what.
    """
    chain = workspace.pk if workspace else INSTANCE_CHAIN
    rows = selection.rows(chain)
    if selection.text:
        rows = having(rows, selection.text)
    details = {"format": form, **selection.params()}
    record(EventKind.EXPORT, workspace=workspace, about="audit log", details=details)
    name = f"audit-{workspace.slug if workspace else 'instance'}"
    return row_file(_values(rows), columns=COLUMNS, form=form, name=name)


def _values(rows: QuerySet[AuditEvent]) -> Iterator[dict[str, Any]]:
    ordered = rows.order_by(*BY_TIME.by(reverse=False))
    for event in ordered.iterator(chunk_size=EVENTS_AT_ONCE):
        yield {
            "number": event.number,
            "at": utc(event.at, "microseconds"),
            "kind": event.kind,
            "actor": event.actor_name,
            "about": event.about,
            "address": event.address,
            "details": event.details,
            "previous": event.previous_digest,
            "digest": event.digest,
        }

"""The audit log as a file: CSV or JSON lines, sent while it is read."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from admin_ui.accounts.models import Workspace
from admin_ui.audit.log.reading import BY_TIME, having
from admin_ui.audit.log.selection import Selection
from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.audit.record import INSTANCE_CHAIN, record
from admin_ui.display.times import utc

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
"""The media type of each format."""
COLUMNS = ("number", "at", "kind", "actor", "about", "address", "details", "previous", "digest")
EVENTS_AT_ONCE = 500
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


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
    lines = _csv_lines(rows) if form == "csv" else _json_lines(rows)
    response = StreamingHttpResponse(lines, content_type=MEDIA_TYPES[form])
    name = f"audit-{workspace.slug if workspace else 'instance'}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


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


def _json_lines(rows: QuerySet[AuditEvent]) -> Iterator[str]:
    for values in _values(rows):
        yield json.dumps(values, ensure_ascii=False) + "\n"


class _Line:
    """What `csv` writes to: it hands each line on."""

    def write(self, line: str) -> str:
        return line


def _csv_lines(rows: QuerySet[AuditEvent]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for values in _values(rows):
        values["details"] = json.dumps(values["details"], ensure_ascii=False)
        yield writer.writerow([_cell(values[column]) for column in COLUMNS])


def _cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return value

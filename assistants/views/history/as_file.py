"""A filtered history as a file: CSV for spreadsheets, JSON lines with whole definitions."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.guard.costly import charge_reading
from admin_ui.display.isolation import without_isolates
from admin_ui.display.row_files import MEDIA_TYPES, row_file
from admin_ui.display.times import utc
from assistants.models import (
    Assistant,
    Outcome,
    Revision,
    RevisionName,
    brief_outcomes,
    names_of,
)
from assistants.selectors.past.filtering import PENDING, PastRows
from assistants.selectors.versions import batches, both_sides
from assistants.services.exports import note_file
from assistants.views.history.as_json import revision_json
from assistants.views.history.filters import PARAMETERS
from assistants.wording.sentences import changes_sentence

REVISIONS_AT_ONCE = 200
FILE_COLUMNS = (
    "assistant", "assistant_id", "revision", "version", "name", "is_pinned", "kind", "change",
    "author", "drafter", "note", "outcome", "message", "created_at", "trace_id", "digest",
)  # fmt: skip


def wants_file(request: WorkspaceRequest) -> bool:
    """Return whether the request asks for a file: `?format=csv` or `?format=jsonl`."""
    return request.GET.get("format") in MEDIA_TYPES


def history_file(
    request: WorkspaceRequest, past: PastRows, assistant: Assistant | None = None
) -> HttpResponse:
    """Return the revisions that a page of the history, or of all changes, is filtered to.

    A row is read when it is sent, and its time is charged to the person's budget. JSON lines hold
    whole definitions. Notes have at most as many characters as a note may have.
    """
    form, name = request.GET["format"], assistant.remote_id if assistant else "changes"
    rows = _rows(past, is_csv=form == "csv") if request.method == "GET" else iter(())
    if request.method == "GET":
        filters = {key: request.GET[key] for key in PARAMETERS if request.GET.get(key)}
        about = assistant or "all changes"
        note_file(author=request.member, about=about, form=form, filters=urlencode(filters))
    file: Any = row_file(
        charge_reading(request, rows), columns=FILE_COLUMNS, form=form, name=f"history-{name}"
    )
    return file  # type: ignore[no-any-return]  # streamed, so no HttpResponse


def _rows(past: PastRows, *, is_csv: bool) -> Iterator[Mapping[str, Any]]:
    for revisions in past.by_batches(size=REVISIONS_AT_ONCE):
        outcomes, names = brief_outcomes(revisions), names_of(revisions)
        pks = {row.assistant_id for row in revisions}
        assistants = Assistant.objects.only("name", "remote_id").in_bulk(pks)
        for batch in [revisions] if is_csv else batches(revisions):
            contents = {} if is_csv else both_sides(batch)
            for row in batch:
                whose, named = assistants[row.assistant_id], names.get(row.pk)
                outcome = outcomes.get(row.pk)
                values = {"assistant": whose.name, "assistant_id": whose.remote_id}
                if is_csv:
                    yield values | _line(row, outcome, named)
                    continue
                entry = revision_json(row, outcome, contents[row.pk], note=row.brief_note)
                entry |= {"previous_digest": row.previous_digest, "digest": row.digest}
                yield values | _names(named) | entry


def _names(named: RevisionName | None) -> dict[str, Any]:
    return {"name": named.name if named else "", "is_pinned": bool(named and named.is_pinned)}


def _line(row: Revision, outcome: Outcome | None, named: RevisionName | None) -> dict[str, Any]:
    return _names(named) | {
        "revision": row.number,
        "version": outcome.version if outcome else None,
        "kind": row.kind,
        "change": without_isolates(changes_sentence(row.brief_changes)),
        "author": row.author_name,
        "drafter": row.drafter_name,
        "note": row.brief_note,
        "outcome": outcome.status if outcome else PENDING,
        "message": outcome.message if outcome else "",
        "created_at": utc(row.created_at, "microseconds"),
        "trace_id": row.trace_id,
        "digest": row.digest,
    }

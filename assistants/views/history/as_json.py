"""The history as JSON, for scripts: the same pages with `?format=json`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import JsonResponse

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.display.times import utc
from assistants.definition import changed_fields
from assistants.models import Assistant, Outcome, Revision, brief_outcomes
from assistants.selectors.history import revisions_page
from assistants.selectors.past.filtering import PENDING
from assistants.selectors.versions import BothSides, Side, batches, both_sides
from assistants.services.exports import note_export

CHARACTERS_A_PAGE = 4_000_000
"""Characters of definitions on a page of JSON; a longer revision has a page of its own."""


def downloads(request: WorkspaceRequest) -> bool:
    """Return whether a script asks for whole definitions."""
    return request.GET.get("format") == "json"


def exported(
    request: WorkspaceRequest, assistant: Assistant, data: Mapping[str, Any]
) -> JsonResponse:
    """Answer with `data`, and record who exported it."""
    note_export(author=request.member, assistant=assistant)
    return JsonResponse(data)


def page_json(assistant: Assistant, params: Mapping[str, str]) -> dict[str, Any]:
    """Return a page of revisions, and the query string of the next one (null at the end).

    It ends early if the revisions are long. Only their own pages have whole notes.
    """
    found = revisions_page(assistant, params)
    outcomes, rows, size = brief_outcomes(found.rows), list[dict[str, Any]](), 0
    for batch in batches(found.rows):
        contents = both_sides(batch)
        for row in batch:
            sides = contents[row.pk]
            size += len(sides.stored.canonical_json())
            size += len(sides.sent.canonical_json()) if sides.sent is not sides.stored else 0
            if rows and size > CHARACTERS_A_PAGE:
                found = found.until(len(rows))
                return _page(rows, found.older)
            rows.append(revision_json(row, outcomes.get(row.pk), sides, note=row.brief_note))
    return _page(rows, found.older)


def _page(rows: Sequence[dict[str, Any]], older: str) -> dict[str, Any]:
    return {"revisions": rows, "next": f"{older}&format=json" if older else None}


def revision_json(
    revision: Revision, outcome: Outcome | None, sides: BothSides, *, note: str | None = None
) -> dict[str, Any]:
    """Return one revision; `version` is null until it took effect, `outcome` pending at first.

    `definition` is what the remote held then, and `sent` what was sent if that differs. `filled_in`
    names the fields for which the gateway stored its default. `changed` and `stored_differently`
    name only the first of very many fields.
    """
    acceptance = getattr(revision, "acceptance", None)
    return {
        "revision": revision.number,
        "version": outcome.version if outcome else None,
        "author": revision.author_name,
        "drafter": revision.drafter_name or None,
        "note": revision.note if note is None else note,
        "kind": revision.kind,
        "outcome": outcome.status if outcome else PENDING,
        "message": outcome.message if outcome else "",
        "stored_differently": named_fields(outcome.stored_otherwise) if outcome else [],
        "filled_in": named_fields(outcome.filled_in) if outcome else [],
        "accepted_by": acceptance.name if acceptance else None,
        "trace_id": revision.trace_id,
        "created_at": utc(revision.created_at, "microseconds"),
        "changed": named_fields(revision.brief_changes),
        "definition": sides.stored.to_dict(),
        "sent": sides.sent.to_dict() if sides.sent != sides.stored else None,
    }


def named_fields(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the fields that stored entries name."""
    return [entry["field"] for entry in entries if entry.get("kind") != "more"]


def comparison_json(assistant: Assistant, old: Side, new: Side) -> dict[str, Any]:
    """Return both sides of a comparison and the names of the fields in which they differ.

    A side of another assistant names it.
    """
    outcomes = brief_outcomes(side.revision for side in (old, new) if side.revision)
    return {
        "assistant": assistant.remote_id,
        "changed": changed_fields(old.definition, new.definition),
        "old": _side_json(old, outcomes, assistant),
        "new": _side_json(new, outcomes, assistant),
    }


def _side_json(side: Side, outcomes: dict[int, Outcome], assistant: Assistant) -> dict[str, Any]:
    named = side.owner is not None and side.owner.pk != assistant.pk
    owner = {"assistant": side.owner.remote_id} if named and side.owner else {}
    if side.revision is None:
        whole = side.definition.to_dict()
        return {**owner, "revision": None, "version": None, "definition": whole}
    sides = BothSides(side.sent or side.definition, side.definition)
    return owner | revision_json(side.revision, outcomes.get(side.revision.pk), sides)

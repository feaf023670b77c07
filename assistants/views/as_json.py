"""The history as JSON, for scripts: the same pages with `?format=json`."""

from typing import Any

from assistants.definition import changed_fields
from assistants.models import Assistant, Outcome, Revision
from assistants.selectors.history import latest_outcomes
from assistants.selectors.paging import Page
from assistants.selectors.versions import BothSides, Side, both_sides

PENDING = "pending"


def page_json(found: Page[Revision]) -> dict[str, Any]:
    """Return a page of revisions, and the query string of the next one (null at the end)."""
    outcomes, contents = latest_outcomes(found.rows), both_sides(found.rows)
    rows = [revision_json(row, outcomes.get(row.pk), contents[row.pk]) for row in found.rows]
    return {"revisions": rows, "next": f"{found.older}&format=json" if found.older else None}


def revision_json(revision: Revision, outcome: Outcome | None, sides: BothSides) -> dict[str, Any]:
    """Return one revision; `version` is null until it took effect, `outcome` pending at first.

    `definition` is what the remote held then, `sent` what was sent where that is something else.
    """
    acceptance = getattr(revision, "acceptance", None)
    return {
        "revision": revision.number,
        "version": outcome.version if outcome else None,
        "author": revision.author_name,
        "drafter": revision.drafter_name or None,
        "note": revision.note,
        "kind": revision.kind,
        "outcome": outcome.status if outcome else PENDING,
        "message": outcome.message if outcome else "",
        "stored_differently": [entry["field"] for entry in outcome.differences] if outcome else [],
        "accepted_by": acceptance.name if acceptance else None,
        "trace_id": revision.trace_id,
        "created_at": revision.created_at.isoformat(),
        "changed": [entry["field"] for entry in revision.changes],
        "definition": sides.stored.to_dict(),
        "sent": sides.sent.to_dict() if sides.sent != sides.stored else None,
    }


def comparison_json(assistant: Assistant, old: Side, new: Side) -> dict[str, Any]:
    """Return both sides of a comparison and the names of the fields in which they differ."""
    outcomes = latest_outcomes(side.revision for side in (old, new) if side.revision)
    return {
        "assistant": assistant.remote_id,
        "changed": changed_fields(old.definition, new.definition),
        "old": _side_json(old, outcomes),
        "new": _side_json(new, outcomes),
    }


def _side_json(side: Side, outcomes: dict[int, Outcome]) -> dict[str, Any]:
    if side.revision is None:
        return {"revision": None, "version": None, "definition": side.definition.to_dict()}
    sides = BothSides(side.sent or side.definition, side.definition)
    return revision_json(side.revision, outcomes.get(side.revision.pk), sides)

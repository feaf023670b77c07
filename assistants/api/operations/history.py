"""What happened to an assistant: its revisions, and comparisons of two of them."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from admin_ui.accounts.permissions import Action
from assistants import selectors
from assistants.api.reading import assistant_of, may_use, member_of, page_of, params_of
from assistants.api.shapes import ComparisonOut, Filter, Page, RevisionOut
from assistants.models import Assistant
from assistants.services.exports import note_export
from assistants.views.history.as_json import comparison_json, page_json, revision_json

router = Router()


@router.get("assistants/{number:pk}/history", auth=may_use(Action.VIEW), response=Page[RevisionOut])
def history_list(
    request: HttpRequest, pk: int, kind: Filter = "", person: Filter = "", cursor: Filter = ""
) -> Any:
    """List revisions, the newest first. Long ones make a page shorter."""
    assistant = _exported(request, pk)
    found = page_json(assistant, params_of(cursor, kind=kind, person=person))
    return page_of(found["revisions"], found["next"] or "", lambda row: row)


@router.get(
    "assistants/{number:pk}/history/{number:revision}",
    auth=may_use(Action.VIEW),
    response=RevisionOut,
)
def history_read(request: HttpRequest, pk: int, revision: int) -> Any:
    """Read one revision."""
    found = selectors.revision_detail(_exported(request, pk), revision)
    return revision_json(found.revision, found.outcome, found.sides)


@router.get(
    "assistants/{number:pk}/compare/{a}..{b}", auth=may_use(Action.VIEW), response=ComparisonOut
)
def history_compare(request: HttpRequest, pk: int, a: str, b: str) -> Any:
    """Compare two versions; each is a version number, `live` or `draft`."""
    assistant, user = _exported(request, pk), member_of(request).user
    old, new = (
        selectors.get_side(assistant=assistant, reference=reference, user=user)
        for reference in (a, b)
    )
    return comparison_json(assistant, old, new)


def _exported(request: HttpRequest, pk: int) -> Assistant:
    """Return an assistant that the caller may read, and record that its texts are exported."""
    assistant = assistant_of(request, pk)
    note_export(author=member_of(request), assistant=assistant)
    return assistant

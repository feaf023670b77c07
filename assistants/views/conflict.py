"""When live has moved since a draft was begun: all three sides, and a choice for each field."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from admin_ui.accounts.access import WorkspaceRequest
from assistants.definition import Definition
from assistants.diff import compare, tool_label
from assistants.models import Assistant, Draft
from assistants.services.errors import Conflict
from assistants.views.page import assistant_page
from assistants.wording import (
    ShownChange,
    field_label,
    pretty,
    show_changes,
    tool_title,
    value_text,
)


@dataclass(frozen=True)
class Choice:
    """One field in which mine and live differ; `mine` and `theirs` are shown against the base,
    None where that side left it alone."""

    field: str
    label: str
    clash: bool
    base: str
    mine: ShownChange | None
    theirs: ShownChange | None
    picked: str
    """What is picked at first: nothing where both sides changed it."""


def conflict_page(
    request: WorkspaceRequest,
    assistant: Assistant,
    draft: Draft,
    conflict: Conflict,
    *,
    note: str,
    status: int = 200,
) -> HttpResponse:
    """Show the conflict; what was picked before is picked again."""
    mine, theirs = (_shown(conflict.base, side) for side in (conflict.mine, conflict.live))
    choices = []
    for entry in conflict.fields:
        default = "" if entry.clash else "mine" if entry.field in mine else "theirs"
        choices.append(
            Choice(
                field=entry.field,
                label=field_label(entry.field),
                clash=entry.clash,
                base=_text(entry.field, entry.base),
                mine=mine.get(entry.field),
                theirs=theirs.get(entry.field),
                picked=request.POST.get(f"choice-{entry.field}", default),
            )
        )
    context = {
        "draft": draft,
        "is_mine": draft.user_id == request.user.pk,
        "conflict": conflict,
        "choices": choices,
        "note": note,
    }
    return assistant_page(request, "assistants/conflict.html", assistant, context, status=status)


def _shown(base: Definition | None, side: Definition) -> dict[str, ShownChange]:
    return {change.field: change for change in show_changes(compare(base, side))}


def _text(field: str, value: Any) -> str:
    """A field's value as people read it; "" when it is not set."""
    if field == "metadata" and isinstance(value, dict):
        return "\n".join(f"{key}: {pair}" for key, pair in sorted(value.items()))
    if field == "tools" and isinstance(value, list):
        return "\n".join(tool_title(tool_label(tool)[1]) for tool in value)
    if isinstance(value, dict | list) and field != "response_format":
        return pretty(value)
    return value_text(field, value)

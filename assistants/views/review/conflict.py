"""A conflict: live has changed since a draft was begun, and a person chooses for each field."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.guard.stash import mark_about
from assistants.definition import PAGE_LIMITS
from assistants.diff import FieldChange, compare_definitions, tool_type_and_name
from assistants.forms.text import printable
from assistants.models import Assistant, Draft, Revision
from assistants.services.errors import Conflict, ConflictField
from assistants.views.assistant_page import assistant_page
from assistants.views.editor.left_drafts import left_context
from assistants.wording import (
    Block,
    Room,
    ShownChange,
    field_label,
    more_fields,
    show_changes,
    show_original,
    tool_title,
    value_text,
)

_PREFIX = "choice-"


def choice_name(field: str) -> str:
    """Return the name of the input that chooses for `field`; as JSON if a form would alter it."""
    is_plain = field.isprintable() and not field.startswith('"')
    return _PREFIX + (field if is_plain else json.dumps(field))


def choices_in(form: Mapping[str, str]) -> dict[str, str]:
    """Return the choices on the page of a conflict, by field."""
    found = {}
    for name, value in form.items():
        if name.startswith(_PREFIX):
            with suppress(ValueError):
                field = name.removeprefix(_PREFIX)
                found[str(json.loads(field)) if field.startswith('"') else field] = str(value)
    return found


@dataclass(frozen=True)
class Choice:
    """One field to choose; `mine` and `theirs` are compared with the base."""

    name: str
    label: str
    base: str
    blocks: list[Block]
    """The base of a text, cut into disputed lines and those between; or empty."""
    mine: ShownChange | None
    theirs: ShownChange | None
    picked: str
    """The previous choice; empty at first."""


@dataclass(frozen=True)
class Merged:
    """Labels of the fields that merging decided, by the side whose change each has now."""

    revision: Revision
    both: list[str]
    mine: list[str]
    theirs: list[str]


def merged_from(conflict: Conflict) -> Merged:
    merge = conflict.merge
    both, mine, theirs = map(_labels, (merge.merged, merge.from_mine, merge.from_theirs))
    return Merged(conflict.live_revision, both, mine, theirs)


def _labels(names: Sequence[str]) -> list[str]:
    labels = [field_label(printable(name)) for name in names[: PAGE_LIMITS.fields]]
    left = len(names) - len(labels)
    return [*labels, more_fields(left)] if left else labels


def about_draft(request: WorkspaceRequest, draft: Draft) -> str:
    """Return the mark under which a note about `draft` is kept, so that it ends with the draft."""
    return mark_about(request.user, f"draft-{draft.pk}")


def conflict_page(
    request: WorkspaceRequest,
    assistant: Assistant,
    draft: Draft,
    conflict: Conflict,
    *,
    note: str,
    status: int = 200,
) -> HttpResponse:
    """Show the fields that clash, for a choice, with earlier choices picked."""
    changes = [
        {change.field: change for change in compare_definitions(conflict.base, side)}
        for side in (conflict.mine, conflict.live)
    ]
    mine, theirs = (
        {change.field: change for change in show_changes(side.values())} for side in changes
    )
    choices, room = [], Room()
    for entry in conflict.fields:
        if not entry.clash:
            continue
        choices.append(
            Choice(
                name=choice_name(entry.field),
                label=field_label(entry.field),
                base=_text(entry.field, entry.base, room),
                blocks=_blocks(entry, *(side.get(entry.field) for side in changes)),
                mine=mine.get(entry.field),
                theirs=theirs.get(entry.field),
                picked=request.POST.get(choice_name(entry.field), ""),
            )
        )
    context = {
        "draft": draft,
        "is_mine": draft.user_id == request.user.pk,
        **left_context(request, draft),
        "conflict": conflict,
        "merged": merged_from(conflict),
        "choices": choices,
        "note": note,
        "about": about_draft(request, draft),
    }
    return assistant_page(
        request, "assistants/review/conflict.html", assistant, context, status=status
    )


def _blocks(entry: ConflictField, *changes: FieldChange | None) -> list[Block]:
    """Return the base of a text by its disputed lines; empty if a side has no text."""
    differences = [change.pieces for change in changes if change is not None and change.pieces]
    if not isinstance(entry.base, str) or not differences:
        return []
    return show_original(entry.base, *differences)


def _text(field: str, value: Any, room: Room) -> str:
    """Return a field's value as people read it; "" if it is not set."""
    if field == "metadata" and isinstance(value, dict):
        return room.text("\n".join(f"{key}: {pair}" for key, pair in sorted(value.items())))
    if field == "tools" and isinstance(value, list):
        return room.text("\n".join(tool_title(tool_type_and_name(tool)[1]) for tool in value))
    if isinstance(value, dict | list) and field != "response_format":
        return room.json(value)
    return room.text(value_text(field, value))

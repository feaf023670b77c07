"""A conflict: live has changed since a draft was begun, and a person chooses for each field."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.utils.translation import gettext as _

from admin_ui.accounts.guard.access import WorkspaceRequest
from admin_ui.accounts.guard.stash import mark_about
from admin_ui.display.isolation import isolated
from assistants.definition import LONG_TEXTS, PAGE_LIMITS
from assistants.diff import FieldChange, compare_definitions, tool_type_and_name
from assistants.forms.text import printable
from assistants.models import Assistant, Draft, Revision
from assistants.selectors.versions import version_of
from assistants.services.errors import MOST_CLASHES, Conflict, ConflictField
from assistants.views.assistant_page import assistant_page
from assistants.views.editor.left_drafts import left_context
from assistants.views.review.picks import (
    PlaceInput,
    moved_texts,
    place_inputs,
    places_mark,
    places_name,
)
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
    """One field to choose: as a whole, or in each of its `places`."""

    anchor: str
    name: str
    label: str
    places: list[PlaceInput] = dataclass_field(default_factory=list)
    mark: tuple[str, str] = ("", "")
    """The name and value of the input that says which places these are."""
    base: str = ""
    blocks: list[Block] = dataclass_field(default_factory=list)
    """The base of a text, cut into disputed lines and those between; or empty."""
    mine: ShownChange | None = None
    theirs: ShownChange | None = None
    """What each side did to the base."""
    picked: str = ""
    """The previous choice; empty at first."""
    is_missing: bool = False
    """Whether the form was sent without this choice."""
    is_long_text: bool = False

    @property
    def missing(self) -> list[tuple[str, str, int]]:
        """Where a choice is missing: anchor, label, and the number of the place or 0."""
        if self.is_missing:
            return [(self.anchor, self.label, 0)]
        return [
            (place.anchor, self.label, place.number) for place in self.places if place.is_missing
        ]


class Who(NamedTuple):
    """The version and the person of each side, for the page."""

    base: str
    mine: str
    theirs: str


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
    form: Mapping[str, str],
    status: int = 200,
) -> HttpResponse:
    """Show what clashes, for a choice, with the earlier choices in `form` picked.

    With status 422 each place without a choice has an error.
    """
    choices = list(_choices(conflict, form, was_sent=status == 422))
    context = {
        "draft": draft,
        "is_mine": draft.user_id == request.user.pk,
        **left_context(request, draft),
        "conflict": conflict,
        "who": _who(request, draft, conflict),
        "merged": merged_from(conflict),
        "choices": choices,
        "missing": [entry for choice in choices for entry in choice.missing],
        "moved_texts": moved_texts(form, conflict),
        "most_clashes": MOST_CLASHES,
        "note": note,
        "about": about_draft(request, draft),
    }
    return assistant_page(
        request, "assistants/conflict/conflict.html", assistant, context, status=status
    )


def _who(request: WorkspaceRequest, draft: Draft, conflict: Conflict) -> Who:
    live, version, base = (
        conflict.live_revision,
        draft.assistant.live_version,
        version_of(draft.base),
    )
    is_outside = live.kind == Revision.Kind.OUTSIDE
    theirs = _("v%(version)s, changed outside") if is_outside else _("v%(version)s by %(name)s")
    author = isolated(live.author_name)
    mine = _("your draft") if draft.user_id == request.user.pk else _("draft by %(name)s")
    return Who(
        base=_("v%(version)s") % {"version": base} if base else "",
        mine=mine % {"name": isolated(draft.user)},
        theirs=theirs % {"version": version, "name": author},
    )


def _choices(conflict: Conflict, form: Mapping[str, str], *, was_sent: bool) -> Iterator[Choice]:
    changes = [
        {change.field: change for change in compare_definitions(conflict.base, side)}
        for side in (conflict.mine, conflict.live)
    ]
    mine, theirs = (
        {change.field: change for change in show_changes(side.values())} for side in changes
    )
    room = Room()
    clashes = (entry for entry in conflict.fields if entry.clash)
    for number, entry in enumerate(clashes, start=1):
        anchor = f"id_choice_{number}"
        name, label = choice_name(entry.field), field_label(entry.field)
        if stretches := conflict.texts.get(entry.field):
            places = place_inputs(entry.field, stretches, form, was_sent=was_sent)
            mark = (places_name(entry.field), places_mark(stretches))
            yield Choice(anchor, name, label, places=list(places), mark=mark)
            continue
        picked = form.get(name, "")
        yield Choice(
            anchor=anchor,
            name=name,
            label=label,
            base=_text(entry.field, entry.base, room),
            blocks=_blocks(entry, *(side.get(entry.field) for side in changes)),
            mine=mine.get(entry.field),
            theirs=theirs.get(entry.field),
            picked=picked,
            is_missing=was_sent and picked not in ("mine", "theirs"),
            is_long_text=entry.field in LONG_TEXTS,
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

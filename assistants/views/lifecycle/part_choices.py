"""The parts of an older version to choose from, as inputs, and what a form says about them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistants.definition import Definition
from assistants.diff import Pick, glance
from assistants.selectors.rights.scope import Scope
from assistants.services.editing.restore import OlderParts
from assistants.views.review.conflict import choice_name, choices_in
from assistants.views.review.picks import (
    PlaceInput,
    picks_in,
    place_inputs,
    places_mark,
    places_name,
)
from assistants.wording import ShownChange, show_changes


@dataclass(frozen=True)
class PartChoice:
    """One changed field on the page: to restore as a whole, or in some of its `places`."""

    change: ShownChange
    name: str
    """The name of the input for the whole field."""
    is_picked: bool
    is_closed: bool
    """Whether the field is not the member's to change."""
    is_erased: bool
    """Whether a text was erased from the field, so that the whole cannot be restored."""
    places: list[PlaceInput]
    erased_places: frozenset[int]
    """The numbers of those from which a text was erased."""
    mark: tuple[str, str]
    """The name and value of the input that says which places these are."""


@dataclass(frozen=True)
class TickedParts:
    """What a form says: the whole fields, and for each text the places."""

    fields: list[str]
    picks: dict[str, list[Pick | None]]
    is_stale: bool
    """Whether a text had other places when the page was made."""

    @property
    def nothing(self) -> bool:
        return not self.fields and not any(any(places) for places in self.picks.values())

    def put_back(self, parts: OlderParts) -> Definition:
        return parts.put_back(self.fields, self.picks)


def ticked_parts(form: Mapping[str, str], parts: OlderParts) -> TickedParts:
    """Read which parts of `parts` were ticked."""
    sides = choices_in(form)
    fields = [field for field in parts.fields if sides.get(field) == "mine"]
    found = picks_in(form, parts.texts)
    picks = {
        field: [pick if pick and pick.side == "mine" else None for pick in places]
        for field, places in found.items()
    }
    shown = {field for field in parts.texts if places_name(field) in form}
    return TickedParts(fields, picks, is_stale=bool(shown - found.keys()))


def part_choices(
    parts: OlderParts, form: Mapping[str, str], scope: Scope, *, in_full: bool
) -> Iterator[PartChoice]:
    """Yield the inputs for each changed field, ticked as in `form`."""
    picked = ticked_parts(form, parts).fields
    changes = glance(parts.live, parts.older)
    for change, shown in zip(changes, show_changes(changes, in_full=in_full), strict=True):
        field = change.field
        stretches = parts.texts.get(field, ())
        places = list(place_inputs(field, stretches, form, was_sent=False)) if stretches else []
        yield PartChoice(
            change=shown,
            name=choice_name(field),
            is_picked=field in picked,
            is_closed=bool(scope.outside([field])),
            is_erased=parts.lacks_text(parts.older.value(field)),
            places=places,
            erased_places=frozenset(
                place.number for place in places if parts.lacks_text(place.shown.text)
            ),
            mark=(places_name(field), places_mark(stretches)),
        )

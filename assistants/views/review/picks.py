"""Choosing place by place in a text that two people changed: the inputs, and what they say."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast, get_args

from assistants.diff import MergedLines, Pick, PickSide
from assistants.forms.text import printable, untouched
from assistants.services.errors import Conflict
from assistants.wording.texts.clashes import ShownClash, show_clashes

_SIDES = get_args(PickSide)
_PICK, _WRITTEN, _MARK = "pick-", "written-", "places-"


@dataclass(frozen=True)
class PlaceInput:
    """One place of a text: its lines on each side, and the names and values of its inputs."""

    shown: ShownClash
    number: int
    """Counted from 1."""
    pick_name: str
    written_name: str
    picked: str
    """The previous choice; empty at first."""
    written: str
    """What was written; at first the lines of mine."""
    is_missing: bool
    """Whether the form was sent without a choice here."""

    @property
    def anchor(self) -> str:
        return f"id_{self.pick_name}"

    @property
    def rows(self) -> int:
        return min(max(self.written.count("\n") + 1, 2), 12)


def places_name(field: str) -> str:
    """Return the name of the hidden input that says which places a form is about."""
    return _MARK + field


def places_mark(stretches: Sequence[MergedLines]) -> str:
    """Return a value that is another one if a place has moved or holds other lines."""
    sides = [(stretch.base, stretch.mine, stretch.theirs) for stretch in stretches]
    return hashlib.sha256(json.dumps(sides).encode()).hexdigest()[:16]


def picks_in(
    form: Mapping[str, str], texts: Mapping[str, Sequence[MergedLines]]
) -> dict[str, list[Pick | None]]:
    """Return what was picked in each place of `texts`, by field; None where nothing was.

    A text whose places are not those of the form is left out.
    """
    return {
        field: [
            _pick(form, field, number, clash) for number, clash in enumerate(_clashes(stretches), 1)
        ]
        for field, stretches in texts.items()
        if form.get(places_name(field)) == places_mark(stretches)
    }


def moved_texts(form: Mapping[str, str], conflict: Conflict) -> list[str]:
    """Return what was written for places that are different ones by now."""
    found = []
    for name, side in form.items():
        place = name.removeprefix(_PICK)
        field, _dash, _number = place.rpartition("-")
        if name.startswith(_PICK) and side == "written":
            stretches = conflict.texts.get(field, ())
            if form.get(places_name(field)) != places_mark(stretches):
                found.append(printable(form.get(_WRITTEN + place, "")))
    return [text for text in found if text.strip()]


def place_inputs(
    field: str, stretches: Sequence[MergedLines], form: Mapping[str, str], *, was_sent: bool
) -> Iterator[PlaceInput]:
    """Yield the inputs for each place, filled in from `form` if it is about these places."""
    is_known = form.get(places_name(field)) == places_mark(stretches)
    places = zip(_clashes(stretches), show_clashes(stretches), strict=True)
    for number, (clash, shown) in enumerate(places, start=1):
        pick = _pick(form, field, number, clash) if is_known else None
        written = form.get(_name(_WRITTEN, field, number)) if is_known else None
        yield PlaceInput(
            shown=shown,
            number=number,
            pick_name=_name(_PICK, field, number),
            written_name=_name(_WRITTEN, field, number),
            picked=pick.side if pick else "",
            written=printable(shown.text if written is None else written),
            is_missing=was_sent and is_known and pick is None,
        )


def _pick(form: Mapping[str, str], field: str, number: int, clash: MergedLines) -> Pick | None:
    side = form.get(_name(_PICK, field, number), "")
    if side not in _SIDES:
        return None
    mine, written = "\n".join(clash.mine), form.get(_name(_WRITTEN, field, number), "")
    text = mine if untouched(printable(mine), written) else printable(written)
    return Pick(cast(PickSide, side), text)


def _clashes(stretches: Sequence[MergedLines]) -> list[MergedLines]:
    return [stretch for stretch in stretches if stretch.is_clash]


def _name(prefix: str, field: str, number: int) -> str:
    return f"{prefix}{field}-{number}"

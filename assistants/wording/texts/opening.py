"""The beginning of a compared text that is too long for a page."""

from collections.abc import Sequence
from itertools import groupby

from django.utils.html import escape

from assistants.definition import PAGE_LIMITS
from assistants.diff import Piece


def opening(pieces: Sequence[Piece]) -> tuple[Sequence[Piece], int]:
    """Return as many pieces as a page shows at first, and which part of the difference they are.

    The part is a percentage of the characters that came or went: 100 for all of them, else 1 to 99.
    What counts is the size of their HTML.
    """
    total = sum(len(piece.text) for piece in pieces if piece.op != "=")
    kept: list[Piece] = []
    places = shown = size = 0
    for same, run in groupby(pieces, key=lambda piece: piece.op == "="):
        found = list(run)
        if same:
            kept += found
            continue
        room = PAGE_LIMITS.change - size if places < PAGE_LIMITS.places else 0
        sizes = sum(_html_size(piece.text) for piece in found)
        if sizes > room:
            found = [Piece(piece.op, _up_to(piece.text, room // len(found))) for piece in found]
            kept += [piece for piece in found if piece.text]
            shown += sum(len(piece.text) for piece in found)
            return _without_rest(kept), max(1, 100 * shown // total)
        places, size = places + 1, size + sizes
        shown += sum(len(piece.text) for piece in found)
        kept += found
    return pieces, 100


def _html_size(text: str) -> int:
    return len(escape(text))


def _up_to(text: str, most: int) -> str:
    """Return a beginning whose HTML has at most `most` characters, up to the last line end in its
    second half if it has one."""
    if _html_size(text) <= most:
        return text
    text = text[:most]
    while (size := _html_size(text)) > most:
        text = text[: min(len(text) - 1, len(text) * most // size)]
    return text[: text.rfind("\n", len(text) // 2) + 1 or len(text)]


def _without_rest(pieces: list[Piece]) -> list[Piece]:
    """Leave out what stayed after the last change, but for the rest of its line."""
    *before, last = pieces
    if last.op != "=":
        return pieces
    line, end, _rest = last.text.partition("\n")
    return [*before, Piece("=", line[: PAGE_LIMITS.text] + end)]

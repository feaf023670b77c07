"""How much of something of any size a page shows."""

import json
import sys
from collections.abc import Iterable
from itertools import islice
from typing import Any, TypeVar

from assistants.definition import LIMITS, PAGE_LIMITS

T = TypeVar("T")
_INDENTED = 4 * LIMITS.part_size
"""Characters up to which JSON is shown line by line; what is longer is shown in one line."""


class Room:
    """What a page has room for: all that is within the limits, and the beginning of the rest.

    `is_cut` says whether something was cut. `in_full` says whether a comparison of two texts is
    shown to its end. One object serves a whole page.
    """

    def __init__(self, *, is_cut: bool = False, in_full: bool = True) -> None:
        self.in_full = in_full
        self._left = PAGE_LIMITS.page
        self._rows = PAGE_LIMITS.rows
        self.is_cut = is_cut

    @property
    def folded(self) -> int:
        """How many characters of unchanged lines a comparison of two texts folds."""
        return sys.maxsize if self.in_full else PAGE_LIMITS.folded

    def text(self, text: str, whole: int = LIMITS.part_size) -> str:
        """Return a text as the page shows it; one of at most `whole` characters is not cut."""
        most = len(text) if len(text) <= min(whole, self._left) else PAGE_LIMITS.text
        self._left -= min(len(text), most)
        if len(text) <= most:
            return text
        self.is_cut = True
        return f"{text[:most]}…"

    def json(self, value: Any) -> str:
        """Return JSON as people read it."""
        line = json.dumps(value, ensure_ascii=False)
        if len(line) > LIMITS.part_size:
            return self.text(line)
        indented = json.dumps(value, ensure_ascii=False, indent=2)
        return self.text(indented if len(indented) <= _INDENTED else line, _INDENTED)

    def value(self, value: Any) -> str:
        """Return a text as it is and anything else as JSON; "" for nothing."""
        if value is None:
            return ""
        return self.text(value) if isinstance(value, str) else self.json(value)

    def takes_row(self) -> bool:
        """Use up the room of one row of a table; False when none is left."""
        self._rows -= 1
        return self._rows >= 0

    def few(self, entries: Iterable[T], most: int = PAGE_LIMITS.entries) -> list[T]:
        """Return the entries of a list that the page shows."""
        found = list(islice(entries, most + 1))
        self.is_cut = self.is_cut or len(found) > most
        return found[:most]

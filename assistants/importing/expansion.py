"""Writes out named types where they are used: what contains itself, or grows too large, is cut."""

from collections.abc import Callable
from typing import Any

from assistants.definition.translation import gettext_noop
from assistants.importing.found import Remarks

_MOST_OPEN = 8
"""Named types inside each other."""
MOST_PARTS = 2_000
"""Parts of one function that come from named types."""
MOST_PARTS_OF_ALL = 30_000


class Expansion:
    """Counts what the functions of one text are made of. Call `begin` before each function."""

    def __init__(self, remarks: Remarks) -> None:
        self._remarks = remarks
        self._open: list[str] = []
        self._left = 0
        self._left_of_all = MOST_PARTS_OF_ALL

    def begin(self) -> bool:
        """Begin another function; returns whether there is room for one."""
        self._left = min(MOST_PARTS, self._left_of_all)
        return self._left > 0

    def count(self, parts: int = 1) -> None:
        self._left -= parts
        self._left_of_all -= parts

    def of(
        self, name: str, read: Callable[[], dict[str, Any]], *, cut: dict[str, Any]
    ) -> dict[str, Any]:
        """Return what `read` makes of a named type, or `cut` where that would not end."""
        if name in self._open:
            self._remarks.add(
                gettext_noop("“%(name)s” contains itself. It is written out once."), name=name
            )
            return dict(cut)
        if len(self._open) >= _MOST_OPEN or self._left <= 0:
            self._remarks.add(
                gettext_noop("“%(name)s” is too large to be written out here. It was cut."),
                name=name,
            )
            return dict(cut)
        self.count()
        self._open.append(name)
        try:
            return read()
        finally:
            self._open.pop()

"""What a comment is about, as an address or a form names it."""

from collections.abc import Mapping
from dataclasses import dataclass

from admin_ui.paging import is_number
from assistants.diff.following.anchors import LineRange
from assistants.diff.origins import numbered_lines
from assistants.selectors.talk.rounds import LINED


@dataclass(frozen=True)
class Target:
    """A field, lines of the instructions, or all of a change request; and whether to suggest."""

    field: str = ""
    lines: LineRange | None = None
    suggests: bool = False

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "Target":
        """Read a target; two lines in the wrong order are turned. Nonsense is no line."""
        field = values.get("field", "")[:128]
        numbers = [
            int(text)
            for name in ("first", "last")
            if is_number(text := values.get(name, "").strip()) and 0 < int(text) < 10**9
        ]
        lines = LineRange(min(numbers), max(numbers)) if numbers and field == LINED else None
        suggests = bool(values.get("suggest")) or values.get("do") == "suggest"
        return cls(field, lines, suggests and lines is not None)

    @property
    def takes_lines(self) -> bool:
        return self.field == LINED

    @property
    def place(self) -> str:
        """The chosen lines as a form keeps them, to know later what it showed."""
        return f"{self.lines.first}-{self.lines.last}" if self.lines else ""

    def quoted(self, text: str) -> list[tuple[int, str]]:
        """Return the lines that it is about, with their numbers."""
        if self.lines is None:
            return []
        return list(enumerate(self.lines.of(text), start=self.lines.first))

    def joined(self, text: str) -> str:
        """Return its lines as one text."""
        return "\n".join(self.lines.of(text)) if self.lines else ""

    def within(self, text: str) -> "Target":
        """Return it with its lines cut to those that `text` has."""
        count = len(numbered_lines(text))
        if self.lines is None or self.lines.last <= count:
            return self
        lines = LineRange(self.lines.first, count) if self.lines.first <= count else None
        return Target(self.field, lines, self.suggests and lines is not None)

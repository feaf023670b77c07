"""A text that must not be kept, and how it is blacked out. No Django, no I/O."""

import json
import re
from typing import Any

BLACK = "█████"
"""What is written in its place, however long it was."""
SHORTEST_UNWANTED = 4
"""Characters; a shorter text is in many words by chance."""
LONGEST_UNWANTED = 10_000


class Unwanted:
    """A text to be found exactly as it is written, also inside JSON that is kept as text."""

    def __init__(self, text: str) -> None:
        lines = text.replace("\r\n", "\n").strip().split("\n")
        self.text = "\n".join(lines)
        escaped = {_in_json(self.text, ascii_only=each) for each in (True, False)}
        written = [r"\r?\n".join(map(re.escape, lines))]
        written += [re.escape(each) for each in sorted(escaped - {self.text})]
        self._pattern = re.compile("|".join(written))
        longest = max(lines, key=len)
        forms = {longest, _in_json(longest, ascii_only=True), _in_json(longest, ascii_only=False)}
        self.in_text = tuple(sorted(forms))
        """One of these is in every text that holds it, and in some others."""
        self.in_json = tuple(sorted({_in_json(each, ascii_only=True) for each in forms}))
        """The same for columns of JSON, which have nothing but ASCII."""

    def is_in(self, text: str) -> bool:
        """Return whether a text holds it; that of JSON may also hold it as an escape."""
        return self._pattern.search(text) is not None

    def black_out(self, value: Any) -> Any:
        """Return JSON without it; the same object where it is not there."""
        match value:
            case str():
                return self._pattern.sub(BLACK, value) if self.is_in(value) else value
            case list():
                items = [self.black_out(item) for item in value]
                return items if _differ(items, value) else value
            case dict():
                names = [self.black_out(name) for name in value]
                items = [self.black_out(item) for item in value.values()]
                if not (_differ(names, list(value)) or _differ(items, list(value.values()))):
                    return value
                return dict(zip(_apart(names), items, strict=True))
        return value


def _in_json(text: str, *, ascii_only: bool) -> str:
    return json.dumps(text, ensure_ascii=ascii_only)[1:-1]


def _differ(new: list[Any], old: list[Any]) -> bool:
    return any(one is not other for one, other in zip(new, old, strict=True))


def _apart(names: list[str]) -> list[str]:
    """Number the names that have become equal."""
    found: list[str] = []
    for name in names:
        number, free = 1, name
        while free in found:
            number, free = number + 1, f"{name} {number + 1}"
        found.append(free)
    return found

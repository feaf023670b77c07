"""What was found in a pasted text: functions to choose from, remarks, or why there are none."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from assistants.definition.text import quotable

MOST_REMARKS = 12
"""Remarks about one text; a long text could give thousands."""


class Remark(NamedTuple):
    """Something to know about what was found: an English sentence, to be translated, and what to
    put into it."""

    text: str
    params: Mapping[str, str | int] = {}

    def __str__(self) -> str:
        return self.text % self.params


class NotRead(ValueError):
    """The text has no function that can be read. It says what is wrong and what to do.

    The cause is the `JSONDecodeError` of a text that would be JSON.
    """

    def __init__(self, text: str, **params: str | int) -> None:
        self.remark = Remark(text, params)
        super().__init__(str(self.remark))


class Remarks:
    """Gathers remarks, each once and the first `MOST_REMARKS`."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Remark] = {}

    def add(self, text: str, **params: str | int) -> None:
        """Add a remark; names in it are cut to a readable length."""
        if len(self._found) < MOST_REMARKS:
            shown = {
                key: quotable(value) if isinstance(value, str) else value
                for key, value in params.items()
            }
            self._found.setdefault((text, str(shown)), Remark(text, shown))

    def add_all(self, remarks: Iterable[Remark]) -> None:
        for remark in remarks:
            self.add(remark.text, **remark.params)

    def __iter__(self) -> Iterator[Remark]:
        return iter(self._found.values())


@dataclass(frozen=True)
class FoundFunction:
    """A function as a form has it. `rest` holds what has no field of its own, by the places that a
    tool has for it."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] | None = None
    strict: bool | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)

    def tool(self) -> dict[str, Any]:
        """Return it as the tool of an assistant, without what it does not say."""
        parts = {
            "name": self.name,
            "description": self.description,
            "parameters": self.parameters,
            "strict": self.strict,
        }
        function = {key: value for key, value in parts.items() if value not in ("", None)}
        inner = self.rest.get("function")
        return {
            "type": "function",
            **{key: value for key, value in self.rest.items() if key != "function"},
            "function": {**(inner if isinstance(inner, dict) else {}), **function},
        }


@dataclass(frozen=True)
class FoundFunctions:
    """The functions in a text, of which there is at least one, and what was left out."""

    functions: tuple[FoundFunction, ...]
    remarks: tuple[Remark, ...] = ()

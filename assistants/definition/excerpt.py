"""Definitions stored with long values apart: these are read on demand, and shown cut.

A definition is always whole: reading a field gives all of it. A `DefinitionExcerpt` holds only the
beginnings of long values. It is no definition, so nothing can store or send it.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from assistants.definition.fields import FIELD_NAMES
from assistants.definition.limits import PAGE_LIMITS
from assistants.definition.value import REST, Definition


class LongValue(Protocol):
    """A value that is stored apart."""

    @property
    def value(self) -> Any:
        """All of it."""

    @property
    def beginning(self) -> Any:
        """The beginning of the value."""


@dataclass(frozen=True)
class DefinitionExcerpt:
    """What a page shows of a definition. `cut` names the fields that it shows the beginning of."""

    values: Mapping[str, Any]
    cut: frozenset[str] = frozenset()
    has_more: bool = False
    """Whether there are more fields that the API does not define than those in `values`."""

    @property
    def is_cut(self) -> bool:
        return bool(self.cut) or self.has_more

    @property
    def unknown(self) -> tuple[str, ...]:
        return tuple(name for name in self.values if name not in FIELD_NAMES)


def excerpt(definition: Definition) -> DefinitionExcerpt:
    """Return what a page shows of a definition: all of it, or the beginnings of values that are
    stored apart."""
    content = definition.content()
    return content.excerpt() if isinstance(content, StoredContent) else DefinitionExcerpt(content)


class StoredContent(Mapping[str, Any]):
    """The fields of a stored definition; long values are read on demand.

    A missing field that the API defines is not looked for among the unknown ones.
    """

    def __init__(self, values: Mapping[str, Any], long: Mapping[str, LongValue]) -> None:
        self._values = values
        self._long = long

    def __getitem__(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        if name in self._long and name != REST:
            return self._long[name].value
        if name in FIELD_NAMES:
            raise KeyError(name)
        return self._rest()[name]

    def __contains__(self, name: object) -> bool:
        if name in self._values or (name in self._long and name != REST):
            return True
        return name not in FIELD_NAMES and name in self._rest()

    def __iter__(self) -> Iterator[str]:
        return iter(_in_order({*self._values, *self._long, *self._rest()} - {REST}))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _rest(self) -> Mapping[str, Any]:
        return self._long[REST].value if REST in self._long else {}

    def without(self, names: Collection[str], values: Mapping[str, Any]) -> "StoredContent":
        """Return the fields with `values` in place of `names`, without reading the others."""
        left = {name: value for name, value in self._values.items() if name not in names}
        long = {name: value for name, value in self._long.items() if name not in names}
        return StoredContent({**left, **values}, long)

    def excerpt(self) -> DefinitionExcerpt:
        """Return the fields, with only the beginnings of long values."""
        begun = {name: long.beginning for name, long in self._long.items()}
        rest = begun.pop(REST, {})
        content = {**self._values, **begun, **rest}
        cut = frozenset((*begun, *list(rest)[-1:]))
        ordered = {name: content[name] for name in _in_order(content)}
        return DefinitionExcerpt(ordered, cut, has_more=REST in self._long)


def changed(definition: Definition, known: Mapping[str, Any]) -> Definition:
    """Return a stored definition with these known fields replaced; None clears one.

    Long values are not read: this is `replace` for a definition with values stored apart.
    """
    content = definition.content()
    assert isinstance(content, StoredContent)
    values = Definition.parse(known).content()
    sources = {name: digest for name, digest in definition.sources.items() if name not in known}
    return Definition(content.without(known.keys(), values), sources)


def _in_order(names: Mapping[str, Any] | set[str]) -> list[str]:
    unknown = sorted(name for name in names if name not in FIELD_NAMES)
    return [*(name for name in FIELD_NAMES if name in names), *unknown]


_TOKEN = re.compile(
    r"""[\s,:]*+(?:
    ("(?:[^"\\]|\\.)*+("?))      # a string, and its end
    | ([\[{])
    | ([\]}])
    | [^\s"\[\]{},:]++)          # a number or a word""",
    re.VERBOSE | re.DOTALL,
)
_HALF_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\u[0-9a-fA-F]{0,3}\Z")
_MORE = "…"


def beginning(text: str) -> Any:
    """Return the value whose JSON begins with `text`, as far as that goes.

    Where it is cut, inside of what is in it, it says "…".
    """
    text = text[: PAGE_LIMITS.text]
    open_: list[str] = []
    end, around = 0, ""
    is_name = False  # whether the last token names a member
    for token in _TOKEN.finditer(text):
        names = bool(open_) and open_[-1] == "}" and not is_name
        string, closed, opening, closing = token.groups()
        if string is not None and not closed and not names:
            cut = _HALF_ESCAPE.sub(r"\1", string)
            return json.loads(
                f'{text[: token.start(1)]}{cut}{_MORE}"{_closed(open_)}', strict=False
            )
        if string is None and not opening and not closing and token.end() == len(text):
            break  # perhaps not all of a number
        if names and not closing:
            is_name = True
            continue
        is_name = False
        if opening:
            open_.append("}" if opening == "{" else "]")
        elif closing and open_:
            open_.pop()
        end, around = token.end(), _closed(open_)
        if not open_:
            break
    if len(around) > 1:
        more = f'"{_MORE}": "{_MORE}"' if around[0] == "}" else f'"{_MORE}"'
        return json.loads(f"{text[:end]}{'' if text[end - 1] in '[{' else ','}{more}{around}")
    return json.loads(f"{text[:end]}{around}" or "null")


def _closed(open_: list[str]) -> str:
    return "".join(reversed(open_))

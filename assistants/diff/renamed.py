"""Tools that only got another name: found by what they hold and where they stand."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import islice
from typing import Any, NamedTuple

from assistants.definition.value import canonical

ToolKey = tuple[str, str, int]
"""A tool's type and name, and a count that tells apart those that share both."""

_MOST = 16
"""Tools on each side that are looked at; a list that was replaced as a whole renames nothing."""
_LONG = 20_000
"""Characters of JSON beyond which a tool is only compared as a whole: counting words takes time."""
_ALIKE, _SIMILAR = 0.75, 0.4
_WORD = re.compile(r"\w+")
_OF_EVERY_SCHEMA = frozenset(
    "parameters description type properties object string number required strict".split()  # noqa: SIM905
)


class _Tool(NamedTuple):
    """What a tool holds beside its name, taken apart once."""

    key: ToolKey
    place: int
    content: str
    parameters: str
    """Its parameters if the model has to fill something in: without, two share nothing."""
    words: Counter[str]


def find_renamed(
    before: Mapping[ToolKey, Any], after: Mapping[ToolKey, Any]
) -> dict[ToolKey, ToolKey]:
    """Return the former key of each tool in `after` that `before` has by another name.

    Its parameters or nearly all it holds are the same; or it took the place of one that resembles
    it, or holds as little. Of several candidates the most similar one counts, then the nearest.
    """
    gone, new = _only_in(before, after), _only_in(after, before)
    found = [
        (-likeness, abs(one.place - two.place), two.place, one.key, two.key)
        for one in gone
        for two in new
        if (likeness := _likeness(one, two))
    ]
    renamed: dict[ToolKey, ToolKey] = {}
    for *_rank, old, key in sorted(found):
        if key not in renamed and old not in renamed.values():
            renamed[key] = old
    return renamed


def without_name(tool: Any) -> Any:
    """Return a tool without its name, which must be one that has one."""
    kind = tool["type"]
    return {**tool, kind: {key: tool[kind][key] for key in tool[kind] if key != "name"}}


def _only_in(tools: Mapping[ToolKey, Any], others: Mapping[ToolKey, Any]) -> list[_Tool]:
    named = (
        (place, key)
        for place, key in enumerate(tools)
        if key not in others and _has_name(tools[key])
    )
    return [_taken_apart(tools[key], key, place) for place, key in islice(named, _MOST)]


def _taken_apart(tool: Any, key: ToolKey, place: int) -> _Tool:
    inner = without_name(tool)[tool["type"]]
    content = canonical(inner) if inner else ""
    parameters = inner.get("parameters")
    asks = isinstance(parameters, dict) and bool(parameters.get("properties"))
    words = _WORD.findall(content) if len(content) <= _LONG else ()
    telling = (word for word in words if word not in _OF_EVERY_SCHEMA)
    return _Tool(key, place, content, canonical(parameters) if asks else "", Counter(telling))


def _has_name(tool: Any) -> bool:
    kind = tool.get("type") if isinstance(tool, dict) else None
    inner = tool.get(kind) if isinstance(kind, str) else None
    return isinstance(inner, dict) and isinstance(inner.get("name"), str)


def _likeness(one: _Tool, two: _Tool) -> float:
    """How much speaks for one tool being the other, from 0 for nothing to 1."""
    if one.key[0] != two.key[0]:
        return 0
    same_place = one.place == two.place
    if one.content == two.content:
        return float(same_place or bool(one.content))
    total = one.words.total() + two.words.total()
    shared = 2 * (one.words & two.words).total() / total if total else 0
    if shared >= _ALIKE or (same_place and shared >= _SIMILAR):
        return shared
    return _ALIKE if one.parameters and one.parameters == two.parameters else 0

"""What a revision changed, small enough to be stored with it and told in a sentence."""

from collections.abc import Iterator
from itertools import pairwise
from math import isfinite
from typing import Any

from assistants.definition import (
    DEFINITION_FIELDS,
    TAG,
    Definition,
    is_space,
    look_alike,
    mixed_words,
    quotable,
    spelled_in,
    tally,
)
from assistants.diff.changes import FieldChange, compare_definitions
from assistants.diff.lines import only_in_one
from assistants.diff.words import count_words

MOST_TOOLS_NAMED = 20
"""Names listed per kind of change; `more` counts those left out."""
MOST_MARKS = 6
"""Kinds of characters that nobody sees, sentences they spell and mixed words, of each change."""


def summarise(old: Definition | None, new: Definition) -> list[dict[str, Any]]:
    """Tell the changed fields as JSON-able entries `{"field", "kind", …}` in display order.

    - Short values have `old` and `new` (null where not set), cut at 80 characters; for a response
      format that is its type, and both stay out where a value is no short one.
    - Texts have `added` and `removed`: numbers of words. The name has both kinds.
    - Tools, metadata and resources have `added`, `removed`, `changed`: lists of names, at most
      `MOST_TOOLS_NAMED` each, with `more` for the number left out, and `moved` when the order
      changed. Tools that got another name are `renamed`: pairs of both names.
    - `marks` has, where there are any, the characters that nobody sees and that came (a number
      above 0) or went (below), by what they are called, `MOST_MARKS` at most, with `more_marks` for
      the number of kinds left out; `spelled` are the
      sentences that new ones spell, `mixed` the new words that mix look-alike letters. Without any
      of these, `alike` counts the changes that look the same before and after.
    - `blank_lines` says how many more there are, or fewer, where a text got no other words.
    - An entry of the kind "more" comes last where there are too many fields to name: `count` is how
      many it stands for, and `field` is empty.
    """
    return [
        _entry(change) for change in compare_definitions(old, new)
    ]  # few, whatever the definitions hold


def _entry(change: FieldChange) -> dict[str, Any]:
    if change.kind == "more":
        return {"field": "", "kind": "more", "count": change.new}
    entry: dict[str, Any] = {"field": quotable(change.field), "kind": change.kind}
    if change.pieces:
        entry["added"], entry["removed"] = count_words(change.pieces)
        more = _blank_lines(change.new) - _blank_lines(change.old)
        if more and not entry["added"] and not entry["removed"]:
            entry["blank_lines"] = more
    declared = DEFINITION_FIELDS.get(change.field)
    if declared and declared.is_composed:
        entry |= _names(change)
    elif not (declared and declared.is_long_text):
        old, new = _short(change.old), _short(change.new)
        if old != new:
            entry |= {"old": old, "new": new}
    return entry | unseen_in(change)


def _blank_lines(text: str | None) -> int:
    return sum(not line.strip() for line in (text or "").split("\n")[:-1])


def unseen_in(change: FieldChange) -> dict[str, Any]:
    """Return what came and went in a field that no reader sees, as `summarise` does."""
    whole = "\n".join(_texts(change.old))
    old, new = only_in_one(whole, "\n".join(_texts(change.new)))
    before, after = tally(old), tally(new)
    marks = {name: by for name in before | after if (by := after[name] - before[name])}
    names = sorted(marks, key=_harmless)
    said, words = spelled_in(new), _mixed(new)
    known = set(spelled_in(whole)) if said else set()
    said = [quotable(text) for text in said if text not in known]
    words -= _mixed(whole) if words else set()
    found = {
        "marks": {name: marks[name] for name in names[:MOST_MARKS]},
        "more_marks": len(names[MOST_MARKS:]),
        "spelled": said[:MOST_MARKS],
        "mixed": [quotable(word) for word in sorted(words)[:MOST_MARKS]],
    }
    seen = {name: value for name, value in found.items() if value}
    alike = (
        0
        if seen
        else sum(
            one.op == "-" and two.op == "+" and look_alike(one.text, two.text)
            for one, two in pairwise(change.pieces)
        )
    )
    return seen or ({"alike": alike} if alike else {})


def _harmless(name: str) -> int:
    """What hides most comes first: a sentence, then what people write without knowing."""
    return 0 if name == TAG else 1 + is_space(name)


def _mixed(text: str) -> set[str]:
    return {text[start:end] for start, end, _scripts in mixed_words(text)}


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, keys included."""
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield key
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)


def _names(change: FieldChange) -> dict[str, Any]:
    names: dict[str, Any] = {}
    more = 0
    for kind in ("added", "removed", "changed"):
        keys = [quotable(item.key) for item in change.items if item.kind == kind]
        names[kind] = keys[:MOST_TOOLS_NAMED]
        more += len(keys[MOST_TOOLS_NAMED:])
    renamed = [
        [quotable(item.former), quotable(item.key)]
        for item in change.items
        if item.kind == "renamed"
    ]
    if renamed:
        names["renamed"] = renamed[:MOST_TOOLS_NAMED]
        more += len(renamed[MOST_TOOLS_NAMED:])
    if more:
        names["more"] = more
    return {**names, "moved": change.moved}


def _short(value: Any) -> Any:
    """The value if it is short, the type of an object that has one, else nothing."""
    if isinstance(value, dict):
        value = value.get("type")
    if isinstance(value, str) or (isinstance(value, float) and not isfinite(value)):
        return quotable(value)
    return value if isinstance(value, bool | int | float) else None

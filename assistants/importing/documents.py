"""Reads JSON and YAML as plain data, within limits of depth and size.

Of YAML only what JSON has too: no anchors, aliases or tags, each key once, and a plain word is what
YAML 1.2 says (`yes` and `2020-01-01` are text). Values are made from the parser's events, so a text
is refused before anything is made of it.
"""

import json
import re
from collections.abc import Iterator
from math import isfinite
from typing import Any, NoReturn

import yaml

from assistants.definition.limits import LIMITS
from assistants.definition.translation import gettext_noop
from assistants.importing.found import NotRead

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MOST_SLOW = 100_000
"""Characters of YAML that are read where PyYAML comes without its fast parser."""
_MOST_EVENTS = 150_000
"""What the parser of YAML reports up to which a text is read; about one for each value."""
_MOST_LEVELS = LIMITS.nesting
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]{1,100}\Z")
_BASED = re.compile(r"0(?:o[0-7]{1,50}|x[0-9a-fA-F]{1,50})\Z")
_DECIMAL = re.compile(
    r"[-+]?(?:\.[0-9]{1,100}|[0-9]{1,100}(?:\.[0-9]{0,100})?)(?:[eE][-+]?[0-9]{1,3})?\Z"
)


def read_json(text: str) -> Any:
    """Return the JSON in `text`. Raises `NotRead`, caused by the error that says where."""
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_float=_decimal, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise NotRead(
            gettext_noop(
                "This looks like JSON, and is not valid: line %(line)s, column %(column)s."
            ),
            line=error.lineno,
            column=error.colno,
        ) from error
    except RecursionError:
        _too_deep()
    except ValueError as error:
        if isinstance(error, NotRead):
            raise
        _number_too_long()
    if _levels(value) > _MOST_LEVELS:
        _too_deep()
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        seen: set[str] = set()
        _twice(next(name for name in names if name in seen or seen.add(name)))  # type: ignore[func-returns-value]
    return found


def _decimal(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _number_too_long()


def _constant(name: str) -> NoReturn:
    raise NotRead(gettext_noop("%(name)s is not a JSON number."), name=name)


def _number_too_long() -> NoReturn:
    raise NotRead(gettext_noop("A number in this text is too large. Write a smaller one."))


def _twice(name: str) -> NoReturn:
    raise NotRead(
        gettext_noop("“%(name)s” is in the same object twice. Remove one."), name=name[:80]
    )


def _too_deep() -> NoReturn:
    raise NotRead(
        gettext_noop("This text is nested too deeply. The limit is %(levels)s levels."),
        levels=_MOST_LEVELS,
    )


def _levels(value: Any) -> int:
    depth, level = 0, [value] if isinstance(value, dict | list) else []
    while level and depth <= _MOST_LEVELS:
        depth += 1
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, dict | list)
        ]
    return depth


def read_yaml(text: str) -> Any:
    """Return the one YAML document in `text`. Raises `NotRead`."""
    if _LOADER is yaml.SafeLoader and len(text) > _MOST_SLOW:
        raise NotRead(
            gettext_noop(
                "This YAML is too long to be read here. Paste it as JSON, or a part of it."
            )
        )
    try:
        return _built(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise NotRead(
            gettext_noop(
                "This looks like YAML, and is not valid: line %(line)s, column %(column)s."
            ),
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
        ) from None
    except yaml.YAMLError:
        raise NotRead(
            gettext_noop("This text has a character that YAML does not allow. Remove it.")
        ) from None


def _built(events: Iterator[Any]) -> Any:
    """Make the value of the only document."""
    values: list[Any] = []
    open_containers: list[_Open] = []
    for number, event in enumerate(events):
        if number > _MOST_EVENTS:
            raise NotRead(gettext_noop("This YAML has too many values. Paste a part of it."))
        match event:
            case yaml.ScalarEvent():
                _refuse_links(event)
                value = _scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                _refuse_links(event)
                if len(open_containers) >= _MOST_LEVELS:
                    _too_deep()
                open_containers.append(_Open(isinstance(event, yaml.MappingStartEvent)))
                continue
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                value = open_containers.pop().value
            case yaml.AliasEvent():
                _refuse_alias()
            case _:
                continue
        if open_containers:
            open_containers[-1].add(value)
        elif values:
            raise NotRead(gettext_noop("This text has several YAML documents. Paste one of them."))
        else:
            values.append(value)
    return values[0] if values else None


class _Open:
    """A list or an object that is being read."""

    def __init__(self, is_object: bool) -> None:
        self.value: Any = {} if is_object else []
        self._key: str | None = None

    def add(self, value: Any) -> None:
        if isinstance(self.value, list):
            self.value.append(value)
        elif self._key is not None:
            self.value[self._key] = value
            self._key = None
        else:
            self._key = self._as_key(value)

    def _as_key(self, value: Any) -> str:
        """Return a key as JSON has it: response codes are numbers in YAML."""
        if isinstance(value, dict | list):
            raise NotRead(gettext_noop("A name in this YAML is a list or an object. Use text."))
        key = value if isinstance(value, str) else json.dumps(value)
        if key in self.value:
            _twice(key)
        return key


def _refuse_links(event: Any) -> None:
    if event.anchor is not None:
        _refuse_alias()
    if event.tag not in (None, "!"):
        raise NotRead(gettext_noop("This YAML uses a tag (!), which is not read here. Remove it."))


def _refuse_alias() -> NoReturn:
    raise NotRead(
        gettext_noop(
            "This YAML uses an anchor (&) or an alias (*), which is not read here. Write the value"
            " out, or paste the text as JSON."
        )
    )


def _scalar(event: Any) -> Any:
    text: str = event.value
    if not event.implicit[0] or event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.match(text):
        return int(text)
    if _BASED.match(text):
        return int(text, 0)
    return _decimal(text) if _DECIMAL.match(text) else text

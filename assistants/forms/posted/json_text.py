"""Reads the JSON that a person types strictly; its errors say where and why."""

import json
import re
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, NoReturn

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistants.definition import normalise_text
from assistants.wording import quoted

_REASONS: dict[str, Promise] = {
    "Expecting value": gettext_lazy("a value is missing here, or is not in double quotes"),
    "Expecting property name enclosed in double quotes": gettext_lazy(
        "a name in double quotes is expected here"
    ),
    "Expecting ':' delimiter": gettext_lazy("a colon is missing between a name and its value"),
    "Expecting ',' delimiter": gettext_lazy(
        "a comma, or a closing bracket, is missing before this"
    ),
    "Extra data": gettext_lazy("the JSON is already complete here; remove the rest"),
    "Unterminated string starting at": gettext_lazy("the quotes that open here are never closed"),
    "Invalid control character at": gettext_lazy(
        "a line break or tab inside quotes; write it as \\n or \\t"
    ),
    "Invalid \\escape": gettext_lazy("a backslash that JSON does not allow here"),
    "Invalid \\escape: ": gettext_lazy("a backslash that JSON does not allow here"),
    "Invalid \\uXXXX escape": gettext_lazy("\\u needs four hexadecimal digits after it"),
    "Unexpected UTF-8 BOM (decode using utf-8-sig)": gettext_lazy(
        "an invisible character comes before the JSON"
    ),
}

_CLOSERS = {
    "Expecting property name enclosed in double quotes": "}",
    "Expecting value": "]",
}
"""What Python before 3.13 says when one comma too many comes before this bracket."""
_COMMA_TOO_MANY = gettext_lazy("there is one comma too many")

_SEARCHED = 1000
"""Longest number or name that is looked for in the text, to name its line."""
_EXACT_DIGITS = 1000
"""Longest number that is compared with what it becomes; a float holds 17 digits."""

_TOO_EARLY = gettext_lazy("the JSON ends too early; a bracket or quote is not closed")


class JsonError(ValueError):
    """The text is not JSON that can be stored as typed; `str()` is a sentence for the person."""


class _Refused(Exception):
    """Valid JSON that cannot be stored as typed. The parser does not say where. `pattern` finds
    candidates: if there are exactly `places`, the message names the line of the last."""

    def __init__(self, reason: str, pattern: str, places: int) -> None:
        super().__init__(reason)
        self.reason, self.pattern, self.places = reason, pattern, places

    def sentence(self, text: str) -> str:
        found = list(re.finditer(self.pattern, text)) if self.pattern else []
        if len(found) != self.places:
            return self.reason
        line = text.count("\n", 0, found[-1].start()) + 1
        return _("Line %(line)s: %(reason)s") % {"line": line, "reason": self.reason}


def parse_object(text: str, *, levels: int) -> dict[str, Any] | None:
    """Return the JSON object in `text`, None for blank text.

    `levels` is how deep objects and arrays may nest in it. A number or name that cannot be stored
    exactly as typed is an error. Raises `JsonError`.
    """
    text = normalise_text(text)
    if not text.strip():
        return None
    try:
        value = json.loads(
            text,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise JsonError(_explained(error)) from None
    except _Refused as refused:
        raise JsonError(refused.sentence(text)) from None
    except RecursionError:
        _too_deep(levels)
    if not isinstance(value, dict):
        raise JsonError(_("Enter one JSON object: it starts with { and ends with }."))
    if _depth(value) > levels:
        _too_deep(levels)
    return value


def json_fault(error: BaseException | None) -> str:
    """Return where and why a text is no JSON; "" for any other error."""
    return _explained(error) if isinstance(error, json.JSONDecodeError) else ""


def _explained(error: json.JSONDecodeError) -> str:
    """Return where the text is no JSON and why, in the same words on every version of Python."""
    text, place = error.doc, error.pos
    reason: Promise | str
    if place >= len(text.rstrip()):
        reason = _TOO_EARLY
    elif (comma := _comma_too_many(error)) is not None:
        place, reason = comma, _COMMA_TOO_MANY
    else:
        reason = _REASONS.get(error.msg) or error.msg
    where = json.JSONDecodeError("", text, place)
    message = _("Line %(line)s, column %(column)s: %(reason)s.")
    return message % {"line": where.lineno, "column": where.colno, "reason": reason}


def _comma_too_many(error: json.JSONDecodeError) -> int | None:
    """Return the place of a comma before a closing bracket, if that is what is wrong.

    Python 3.13 names the comma itself, earlier versions the bracket.
    """
    if error.msg.startswith("Illegal trailing comma"):
        return error.pos
    before = error.doc[: error.pos].rstrip()
    closes = error.doc[error.pos] == _CLOSERS.get(error.msg)
    return len(before) - 1 if closes and before.endswith(",") else None


def _whole(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:  # thousands of digits
        _refuse_number(digits)


def _decimal(digits: str) -> float:
    number = float(digits)
    if not isfinite(number) or len(digits) > _EXACT_DIGITS:
        _refuse_number(digits)
    try:
        exact = Decimal(repr(number)) == Decimal(digits)
    except InvalidOperation:  # an exponent of many digits
        exact = False
    return number if exact else _refuse_number(digits)


def _refuse_number(digits: str) -> NoReturn:
    shown = digits if len(digits) <= 40 else f"{digits[:39]}…"
    reason = _("The number %(number)s is too large or has too many digits to be stored exactly.")
    pattern = rf"(?<![\w.]){re.escape(digits)}(?![\w.])" if len(digits) <= _SEARCHED else ""
    raise _Refused(reason % {"number": shown}, pattern, 1)


def _constant(name: str) -> NoReturn:
    reason = _("%(name)s is not a JSON number.")
    raise _Refused(reason % {"name": quoted(name)}, re.escape(name), 1)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            reason = _("Duplicate key: “%(name)s” is in the same object twice. Remove one.")
            written = re.escape(json.dumps(name[:_SEARCHED], ensure_ascii=False))
            pattern = rf"{written}\s*:" if len(name) <= _SEARCHED else ""
            raise _Refused(reason % {"name": quoted(name[:80])}, pattern, 2)
        found[name] = value
    return found


def _too_deep(levels: int) -> NoReturn:
    raise JsonError(
        _("Objects and lists are nested too deeply. The limit is %(levels)s levels.")
        % {"levels": levels}
    )


def _depth(value: Any) -> int:
    """Return how many levels of objects and lists a value has."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            item
            for container in level
            for item in (container.values() if isinstance(container, dict) else container)
            if isinstance(item, dict | list)
        ]
    return depth

"""Allowed values and defaults: as lines that a person types, and as JSON again."""

import json
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, NoReturn

_MOST_DIGITS = 1000


class NoValue(ValueError):
    """The text is no value of the kind."""


def same_json(one: Any, other: Any) -> bool:
    """Return whether two values are written alike: 1 is not 1.0, and the order of keys counts."""
    return one is other or json.dumps(one) == json.dumps(other)


def parse_value(text: str, kind: str, *, nullable: bool = False) -> Any:
    """Return the value of `kind` that a text means. Raises `NoValue`."""
    if nullable and text == "null":
        return None
    if kind == "string":
        return text
    value = _json(text)
    if kind in ("number", "integer") and not _is_number(value, whole=kind == "integer"):
        raise NoValue(text)
    wanted = {"boolean": bool, "array": list, "object": dict}.get(kind)
    if wanted and not isinstance(value, wanted):
        raise NoValue(text)
    return value


def parse_loosely(text: str, kind: str, *, nullable: bool = False) -> Any:
    """As `parse_value`; without a kind, a text that is no other JSON is a text."""
    try:
        return parse_value(text, kind, nullable=nullable)
    except NoValue:
        if kind in ("", "kept"):
            return text
        raise


def text_of_value(value: Any, kind: str, *, nullable: bool = False) -> str | None:
    """Return the text that means just this value; None where there is none in one line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if not text or "\n" in text or "\r" in text:
        return None
    try:
        is_same = same_json(parse_loosely(text, kind, nullable=nullable), value)
    except NoValue:
        return None
    return text if is_same else None


def allowed_text(values: Any, kind: str, *, nullable: bool = False) -> str | None:
    """Return allowed values with one on each line; None where lines cannot say them."""
    if not isinstance(values, list) or not values:
        return None
    lines = [text_of_value(value, kind, nullable=nullable) for value in values]
    if any(line is None or line != line.strip() for line in lines):
        return None
    return "\n".join(line for line in lines if line is not None)


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _json(text: str) -> Any:
    try:
        return json.loads(
            text,
            parse_int=_whole,
            parse_float=_exact,
            parse_constant=_refuse,
            object_pairs_hook=_unique,
        )
    except (ValueError, RecursionError):
        raise NoValue(text) from None


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= _MOST_DIGITS else _refuse(digits)


def _exact(digits: str) -> float:
    """Return the number, if a float holds it exactly as written."""
    try:
        number = float(digits)
        is_short = len(digits) <= _MOST_DIGITS and isfinite(number)
        is_exact = is_short and Decimal(repr(number)) == Decimal(digits)
    except InvalidOperation:  # an exponent of many digits
        is_exact = False
    return number if is_exact else _refuse(digits)


def _refuse(text: str) -> NoReturn:
    raise NoValue(text)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else _refuse("")


def _is_number(value: Any, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return not whole or isinstance(value, int) or value.is_integer()

"""Values as the text of a form's fields, and typed text as values again."""

import json
import re
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any

from assistants.definition import normalise_text

# What a page cannot carry: half of a surrogate pair, and NUL.
_UNPRINTABLE = re.compile("[\x00\ud800-\udfff]")
_HALVES = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+", re.ASCII)
_MOST_DIGITS = 100
_TICKED = frozenset({"on", "true", "1", "yes"})


def printable(text: str) -> str:
    """Return the text as a page can show it; characters that it cannot hold become `\ufffd`."""
    text = normalise_text(text)
    return text if text.isascii() and "\0" not in text else _UNPRINTABLE.sub("\ufffd", text)


def show(value: Any) -> str:
    """Return what a field shows of a value: a text as it is, anything else as JSON, null as ""."""
    if value is None:
        return ""
    return printable(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def show_json(value: Any) -> str:
    """Return a value as indented JSON that reads as just this value; "" for null."""
    if value is None:
        return ""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return text if text.isascii() else _HALVES.sub(lambda half: rf"\u{ord(half[0]):x}", text)


def untouched(shown: str, posted: str) -> bool:
    """Return whether `posted` is what an unchanged input that shows `shown` sends.

    A browser sends CRLF for line ends.
    """
    return printable(posted) == shown


def ticked(posted: str | None) -> bool:
    """Return whether a check box was posted as ticked; an unticked one is not posted."""
    return posted is not None and posted.strip().lower() in _TICKED


class Inexact(ValueError):
    """A number that a float cannot hold exactly: it has 17 digits."""


class Ambiguous(ValueError):
    """A number with a comma that can separate thousands or decimals."""


def parse_number(text: str) -> float | int | None:
    """Return the number, None for blank text; a decimal comma is allowed.

    Raises `Inexact`, `Ambiguous`, or `ValueError` for anything else.
    """
    text = text.strip()
    if not text:
        return None
    if _THOUSANDS.fullmatch(text):
        raise Ambiguous(text)
    text = text.replace(",", ".")
    if not _NUMBER.fullmatch(text) or not isfinite(number := float(text)):
        raise ValueError(text)
    if not _is_exact(number, text):
        raise Inexact(text)
    return int(number) if number.is_integer() else number


def _is_exact(number: float, text: str) -> bool:
    try:
        return len(text) <= _MOST_DIGITS and Decimal(repr(number)) == Decimal(text)
    except InvalidOperation:  # an exponent of many digits
        return False


def parse_lines(text: str) -> list[str]:
    """Return the lines that are not blank, without space around them."""
    return [line.strip() for line in normalise_text(text).split("\n") if line.strip()]

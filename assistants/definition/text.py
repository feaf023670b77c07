"""Text as the product keeps it: with one kind of line end, storable, short enough to quote."""

from typing import Any


def normalise_text(text: str) -> str:
    """Return the text with every line end (CRLF, CR) written as `\\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def storable(text: str) -> str:
    """Return the text with "?" for what no database can hold: NUL, half of a surrogate pair."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def quotable(value: Any, most: int = 80) -> str:
    """Return somebody's input as storable text of at most `most` characters."""
    text = storable(str(value))
    return text if len(text) <= most else f"{text[: most - 1]}…"

"""Looking for odd characters without looking at each one, which is slow in a long text."""

import re
from collections.abc import Iterable


def odd_matches(pattern: re.Pattern[str], text: str) -> Iterable[re.Match[str]]:
    """Return what `pattern.finditer` finds in a text, for a pattern of odd characters.

    A text of visible ASCII, spaces, tabs and line ends holds none, so the pattern may not find any.
    """
    return () if is_plain(text) else pattern.finditer(text)


def is_plain(text: str) -> bool:
    """Return whether a text is made of visible ASCII, spaces, tabs and line ends."""
    if not text.isascii():
        return False
    return text.replace("\n", "").replace("\t", "").replace("\r", "").isprintable()

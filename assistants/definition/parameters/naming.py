"""Names as code can use them, made from what a person types."""

import re
import unicodedata

from assistants.definition.limits import LIMITS

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_SPELLED = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
        "ı": "i", "ä": "ae", "ö": "oe", "ü": "ue",
    }
)  # fmt: skip
"""Letters that do not come apart into a plain one and an accent, or are spelled with two."""


def is_plain_name(name: str) -> bool:
    """Return whether providers take the name of a function or parameter as it is."""
    return _PLAIN.fullmatch(name) is not None and len(name) <= LIMITS.function_name


def plain_name(text: str) -> str:
    """Return "book_meeting_room" for "Book meeting room"; "" where no letter or digit is left."""
    spelled = unicodedata.normalize("NFC", text).lower().translate(_SPELLED)
    letters = unicodedata.normalize("NFKD", spelled)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9-]+", "_", bare).strip("_-")[: LIMITS.function_name].rstrip("_-")

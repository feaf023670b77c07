"""Keeps people's text from changing the direction of the sentence around it.

HTML has `<bdi>` and `dir="auto"` for this. Titles, mails, attributes and sentences built as one
string have no elements, so this module uses characters.
"""

import re
from typing import Any

from django.conf import settings
from django.template import Library
from django.utils.translation import get_language_bidi

register = Library()

# Asking for the language of the page costs more than the rest, and usually all run to the right.
_MAY_RUN_LEFT = any(code[:2] in settings.LANGUAGES_BIDI for code, _name in settings.LANGUAGES)
_FIRST_STRONG, _POP = "\u2068", "\u2069"
_OPENING = frozenset("\u2066\u2067\u2068")
_NO_ISOLATES = dict.fromkeys(map(ord, (*_OPENING, _POP)))
# Letters that run from right to left, and characters that turn the direction.
_TURNS = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


@register.filter
def isolated(value: Any) -> str:
    """Return a text between U+2068 and U+2069, so that it keeps its own direction.

    A text that cannot change a direction is returned unchanged. Isolates inside are balanced: each
    ends with the text at the latest, and none ends an isolate around it.
    """
    text = str(value)
    if not _TURNS.search(text) and not (_MAY_RUN_LEFT and get_language_bidi()):
        return text
    kept, depth = [_FIRST_STRONG], 0
    for character in text:
        if character == _POP and not depth:
            continue
        depth += (character in _OPENING) - (character == _POP)
        kept.append(character)
    return "".join(kept) + _POP * (depth + 1)


def without_isolates(text: str) -> str:
    """Return `text` without the characters that keep its parts apart, for what is no page."""
    return text.translate(_NO_ISOLATES)

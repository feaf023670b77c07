"""People's text inside the product's sentences, which it must not turn around.

In HTML that is `<bdi>`, or `dir="auto"` on the element; where no element can be (titles, mails,
attributes, sentences that become one string) it is done with characters, here.
"""

import re
from typing import Any

from django.template import Library
from django.utils.translation import get_language_bidi

register = Library()

_FIRST_STRONG, _POP = "\u2068", "\u2069"
_OPENING = frozenset("\u2066\u2067\u2068")
# Letters that run from right to left, and characters that turn the direction.
_TURNS = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


@register.filter
def isolated(value: Any) -> str:
    """Return a text between U+2068 and U+2069, so that it keeps its own direction.

    One that cannot turn anything around is returned as it is. Isolates inside are balanced: what
    they open ends with the text, and nothing in it ends what stands around it.
    """
    text = str(value)
    if not _TURNS.search(text) and not get_language_bidi():
        return text
    kept, depth = [_FIRST_STRONG], 0
    for character in text:
        if character == _POP and not depth:
            continue
        depth += (character in _OPENING) - (character == _POP)
        kept.append(character)
    return "".join(kept) + _POP * (depth + 1)

"""The template of a row in a list: rendered once for each shape, then only filled in.

Rows of a list differ in a few texts. Rendering twenty-five of them takes most of a page's time.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_MARK = "\ue000"
_PLACES = re.compile(f"{_MARK}([a-z_]+){_MARK}")


def filled_row(template_name: str, texts: Mapping[str, str], **fixed: Any) -> SafeString:
    """Return the template rendered with `texts` and `fixed`, whose values must be hashable.

    The template may write each of `texts`, and ask whether it is empty. It may not put one through
    a filter, compare it or look for it in something else: it sees a marker in its place.
    """
    given = tuple(name for name, text in texts.items() if text)
    parts = _parts(template_name, get_language(), given, tuple(fixed.items()))
    filled = list(parts)
    filled[1::2] = [_escaped(texts[name]) for name in parts[1::2]]
    return mark_safe("".join(filled))


def _escaped(text: str) -> str:
    # Django's own function asks first whether the text is translated lazily.
    return text if isinstance(text, SafeString) else escape(text)


@lru_cache(maxsize=500)
def _parts(
    template_name: str,
    _language: str | None,
    given: tuple[str, ...],
    fixed: tuple[tuple[str, Any], ...],
) -> tuple[str, ...]:
    """Return the HTML between the texts, and at every second place the name of a text."""
    marks = {name: mark_safe(f"{_MARK}{name}{_MARK}") for name in given}
    return tuple(_PLACES.split(render_to_string(template_name, {**dict(fixed), **marks})))

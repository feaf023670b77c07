"""Markdown as people see it: safe HTML, within a bounded time, whatever the text."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

LONGEST_RENDERING = 0.8
"""Seconds of processor time after which the rest of a text is left out."""
_PIECE, _LONGEST_PIECE = 2_000, 8_000
"""Characters after which a piece ends at a blank line, and at any line. A text is rendered in
pieces, since a hostile one of 8,000 characters costs tenths of a second, and one of 256,000 a
quarter of a minute."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_GOES_ON = re.compile(r"\s|[-*+>|]|\d+[.)]")
"""How a line begins that may belong to the list, table or quotation before it."""
_BLOCKS = frozenset({"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "td", "th"})
_TAGS = _BLOCKS | {"a", "br", "code", "em", "hr", "ol", "pre", "s", "strong", "ul"}
_TAGS |= {"table", "tbody", "thead", "tr"}
_SCHEMES = {"http", "https", "mailto"}
# Images are left as links, and HTML as text: a page loads nothing that a text names.
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(
    ["table", "strikethrough"]
)
_MARKDOWN.disable(["image", "html_block", "html_inline"])


@dataclass(frozen=True, slots=True)
class Rendered:
    """The HTML of the first `shown` characters of a text; all of them, unless time ran out."""

    html: SafeString
    shown: int


def render_markdown(text: str, *, seconds: float = LONGEST_RENDERING) -> Rendered:
    """Return Markdown as HTML with the tags of text only.

    Links lead to web and mail addresses, in a new tab. Each block finds its own direction.
    """
    end = time.thread_time() + seconds
    parts: list[str] = []
    shown = 0
    references: dict[str, Any] = {}  # of links, which later pieces may use
    for piece in _pieces(text):
        if time.thread_time() > end:
            break
        parts.append(_clean(_MARKDOWN.render(piece, references)))
        shown += len(piece)
    return Rendered(mark_safe("".join(parts)), shown)


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        attribute_filter=_absolute,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={
            "a": {"target": "_blank"},
            **{tag: {"dir": "auto"} for tag in _BLOCKS},
        },
    )


def _absolute(_tag: str, name: str, value: str) -> str | None:
    """Drop an address within our own site: it would lead to a page that the author never saw."""
    is_address = name == "href"
    return None if is_address and value.partition(":")[0].lower() not in _SCHEMES else value


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in parts that mean the same one by one: none begins within fenced code.

    Only a paragraph, list or table of more than `_LONGEST_PIECE` characters is torn apart.
    """
    start = at = 0
    fence = ""
    blank = False
    for line in text.splitlines(keepends=True):
        size = at - start
        ended = blank and size >= _PIECE and not _GOES_ON.match(line)
        if not fence and size and (ended or size + len(line) > _LONGEST_PIECE):
            yield text[start:at]
            start = at
        at += len(line)
        while not fence and at - start > _LONGEST_PIECE:  # a line that is longer than that
            yield text[start : start + _LONGEST_PIECE]
            start += _LONGEST_PIECE
        blank = not line.strip()
        if found := _FENCE.match(line):
            fence = _fence_after(fence, found[1], line)
    if start < len(text):
        yield text[start:]


def _fence_after(fence: str, mark: str, line: str) -> str:
    """Return the mark of the fenced code that is open after a line with a mark; "" for none."""
    if not fence:
        return "" if mark[0] == "`" and "`" in line.strip()[len(mark) :] else mark
    closes = mark.startswith(fence) and line.strip() == mark
    return "" if closes else fence

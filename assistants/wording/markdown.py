"""Markdown as people see it: safe HTML, within a bounded time, whatever the text."""

import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from assistants.wording.talk.mentions import find_mentions

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
_MENTION = "b"
"""The tag around people who are mentioned, which Markdown itself never makes."""
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


def _mark_mentions(state: StateCore) -> None:
    """Put the people whom `state.env` names into elements, where the text has `@` before them."""
    if not (names := state.env.get("mentions")):
        return
    for block in state.tokens:
        children: list[Token] = []
        for token in block.children or ():
            children += _with_mentions(token, names) if token.type == "text" else [token]
        block.children = children or block.children


def _with_mentions(token: Token, names: Collection[str]) -> Iterator[Token]:
    done = 0
    for match in find_mentions(token.content, names):
        yield Token("text", "", 0, content=token.content[done : match.start()])
        yield Token("mention_open", _MENTION, 1)
        yield Token("text", "", 0, content=match[0])
        yield Token("mention_close", _MENTION, -1)
        done = match.end()
    yield Token("text", "", 0, content=token.content[done:])


def _flatten_headings(state: StateCore) -> None:
    """Turn headings into strong paragraphs, where `state.env` says so."""
    if not state.env.get("is_flat"):
        return
    for place, block in enumerate(state.tokens):
        if block.type in ("heading_open", "heading_close"):
            block.tag = "p"
        if block.type == "heading_open":
            ends = Token("strong_open", "strong", 1), Token("strong_close", "strong", -1)
            inline = state.tokens[place + 1]
            inline.children = [ends[0], *(inline.children or ()), ends[1]]


_MARKDOWN.core.ruler.push("mentions", _mark_mentions)
_MARKDOWN.core.ruler.push("flat", _flatten_headings)


def render_markdown(
    text: str,
    *,
    seconds: float = LONGEST_RENDERING,
    mentions: Collection[str] = (),
    is_flat: bool = False,
) -> Rendered:
    """Return Markdown as HTML with the tags of text only.

    Links lead to web and mail addresses, in a new tab. Each block finds its own direction. The
    names in `mentions` are marked where the text has `@` before them. If `is_flat`, headings are
    strong paragraphs: below the headings of a page, those of a text would confuse its outline.
    """
    end = time.thread_time() + seconds
    parts: list[str] = []
    shown = 0
    env: dict[str, Any] = {"mentions": mentions, "is_flat": is_flat}  # and links, as they come
    for piece in _pieces(text):
        if time.thread_time() > end:
            break
        parts.append(_clean(_MARKDOWN.render(piece, env)))
        shown += len(piece)
    return Rendered(mark_safe("".join(parts)), shown)


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS | {_MENTION},
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

"""What a search found, marked: one line of it in a list, all of it on a page."""

from dataclasses import dataclass, field, replace

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assistants.search import Query, Span, spans
from assistants.wording.definition.contents import ShownContents

AROUND = 80
"""Characters shown on each side of a match, where the line is longer."""
MOST_FOUND = 500
"""Places that a page marks."""


def marked_line(text: str, query: Query) -> SafeString:
    """Return the line of `text` that holds most of `query`, as HTML, cut around the first match."""
    lines: dict[int, list[Span]] = {}
    for span in spans(text, query):
        begin = text.rfind("\n", 0, span.start) + 1
        if begin not in lines and lines and _holds_all(next(reversed(lines.values())), query):
            break  # no later line holds more
        lines.setdefault(begin, []).append(span)
    if not lines:
        return SafeString("")
    start, found = max(lines.items(), key=lambda line: len({span.term for span in line[1]}))
    end = text.find("\n", found[0].end)
    end = len(text) if end < 0 else end
    begin, stop = max(start, found[0].start - AROUND), min(end, found[0].end + AROUND)
    before, after = "…" if begin > start else "", "…" if stop < end else ""
    inside = [span for span in found if span.end <= stop]
    html = _marked(text[begin:stop].rstrip(), [_moved(span, begin) for span in inside])
    return mark_safe(f"{before}{html.strip()}{after}")


def _holds_all(found: list[Span], query: Query) -> bool:
    return len({span.term for span in found}) == len(query.terms)


@dataclass
class Found:
    """A definition with what was searched marked; the first place in its texts has the id "hit"."""

    contents: ShownContents
    query: Query
    count: int = field(default=0, init=False)
    """Marked places, at most `MOST_FOUND`."""

    def __post_init__(self) -> None:
        shown = self.contents
        self.contents = replace(
            shown,
            description=self._mark(shown.description),
            instructions=self._mark(shown.instructions),
            metadata=tuple((self._mark(key), self._mark(value)) for key, value in shown.metadata),
        )

    def _mark(self, text: str) -> SafeString:
        found: list[Span] = []
        for span in spans(text, self.query):
            if self.count == MOST_FOUND:
                break
            self.count += 1
            found.append(span)
        return mark_safe(_marked(text, found, is_first=self.count == len(found)))


def _moved(span: Span, begin: int) -> Span:
    return Span(span.start - begin, span.end - begin, span.term)


def _marked(text: str, found: list[Span], *, is_first: bool = False) -> str:
    """Return `text` as HTML with `found` marked; a page goes to the first if it `is_first`."""
    html, at, opening = [], 0, '<mark id="hit">' if is_first else "<mark>"
    for span in found:
        html += [escape(text[at : span.start]), opening, escape(text[span.start : span.end])]
        html.append("</mark>")
        at, opening = span.end, "<mark>"
    return "".join([*html, escape(text[at:])])

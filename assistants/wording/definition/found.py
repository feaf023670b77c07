"""What a search found, marked: one line of it in a list, all of it on a page."""

from dataclasses import dataclass, field, replace

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assistants.search import Closest, Query, Span, closest, spans
from assistants.wording.definition.contents import ShownContents

AROUND = 80
"""Characters shown on each side of a match, where the line is longer."""
FEWEST_AROUND = 30
"""Of them, where words that match are far apart."""
MOST_FOUND = 500
"""Places that a page marks."""


def marked_line(text: str, query: Query) -> SafeString:
    """Return the line of `text` where most of `query` is close together, as HTML; "" for none."""
    found = closest(text, query)
    return marked_closest(found) if found else SafeString("")


def marked_closest(found: Closest) -> SafeString:
    """Return what was found as HTML, cut around what is close together."""
    line, first, last = found.text, found.spans[found.first], found.spans[found.last]
    room = max(AROUND - (last.end - first.start) // 2, FEWEST_AROUND)
    begin, stop = max(0, first.start - room), min(len(line), last.end + room)
    is_cut = (begin > 0 or found.is_cut[0], stop < len(line) or found.is_cut[1])
    inside = [span for span in found.spans if begin <= span.start and span.end <= stop]
    html = _marked(line[begin:stop].rstrip(), [_moved(span, begin) for span in inside])
    before, after = ("…" if cut else "" for cut in is_cut)
    return mark_safe(f"{before}{html.strip()}{after}")


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

"""Lines with who wrote them, and the words of one line, as a page shows them.

It is written out here, since a page has hundreds of lines, and a template takes several times as
long for each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from admin_ui.display.isolation import isolated
from assistants.diff.line_words import WordRun
from assistants.unwanted import BLACK
from assistants.wording.marks import marked


@dataclass(frozen=True)
class LineAuthor:
    """The version that introduced some lines, and who wrote it."""

    version: str
    who: str
    drafter: str
    note: str
    when: SafeString
    change: str
    """Where the change is shown that introduced them."""
    before: str
    """Where the lines of the version before it begin; "" for the first."""
    erased: str = ""
    """Where it says who erased a text from it; "" if nobody did."""

    @cached_property
    def html(self) -> SafeString:
        """Version, person, time, drafter and note."""
        drafter = format_html("<bdi>{}</bdi>", isolated(self.drafter))
        return format_html(
            '<div class="cluster"><a class="version" href="{}">{}<span class="visually-hidden">:'
            " {}</span></a> <bdi>{}</bdi> {}</div>{}{}",
            self.change,
            self.version,
            _("show this change"),
            isolated(self.who),
            self.when,
            format_html('<p class="small soft-text">{} {}</p>', _("drafted by"), drafter)
            if self.drafter
            else "",
            format_html('<p class="small note" dir="auto">{}</p>', marked(self.note))
            if self.note
            else "",
        )

    @cached_property
    def before_label(self) -> str:
        hidden = f'<span class="visually-hidden"> ({escape(self.version)})</span>'
        return f"{escape(_('Before that'))}{hidden}"

    @cached_property
    def erased_label(self) -> SafeString:
        """What is said beside a line of which a text was erased."""
        if not self.erased:
            return SafeString("")
        title = _("The version says who erased it, when and why.")
        link = ' <a class="small" href="{}" title="{}">{}</a>'
        return format_html(link, self.erased, title, _("Erased text"))


@dataclass(frozen=True, slots=True)
class LineWords:
    """A line that somebody asked about, and the versions of its words."""

    number: int
    runs: Sequence[WordRun]


@dataclass(frozen=True, slots=True)
class AuthoredLines:
    """Lines in a row that one version introduced."""

    author: LineAuthor
    lines: list[tuple[int, str]]
    """Each with its number."""
    asks: str
    """The query, as HTML, that shows the words of the line whose number follows it."""
    words: Mapping[int, str]
    """The HTML of lines that show their words, by their number."""

    @property
    def rows(self) -> SafeString:
        """The rows of a table. The number of a line leads to its words."""
        author = self.author
        before = (
            f'<a class="small" href="{escape(author.before)}#L{self.lines[0][0]}">'
            f"{author.before_label}</a>"
            if author.before
            else ""
        )
        cells = [
            f'<td class="number" id="L{number}"><a href="{self.asks}{number}#L{number}">{number:,}'
            f'</a></td><td class="prose" dir="auto">{self.words.get(number) or marked(text)}'
            f"{author.erased_label if BLACK in text else ''}</td>"
            for number, text in self.lines
        ]
        head = f'<th scope="rowgroup" rowspan="{len(cells)}">{author.html}{before}</th>'
        return mark_safe(f"<tr>{head}{'</tr><tr>'.join(cells)}</tr>")


def words_html(words: LineWords, authors: Mapping[int, LineAuthor]) -> str:
    """Return a line with the version behind each run of its words, and who wrote them."""
    names = {0: "?"} | {version: author.version for version, author in authors.items()}
    runs = "".join(
        f'<span class="by-version">{marked(run.text)}<sup>{names[run.version]}</sup></span>'
        for run in words.runs
    )
    found = sorted({run.version for run in words.runs if run.version}, reverse=True)
    people = "".join(f"<li>{authors[version].html}</li>" for version in found)
    is_known = all(run.version for run in words.runs)
    unknown = "" if is_known else f"<li>? {escape(_('not followed back so far'))}</li>"
    return f'{runs}<ul class="word-authors small">{people}{unknown}</ul>'

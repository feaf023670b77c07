"""The full-text index, read: which assistants hold all the words, and the lines where they do."""

import re
from collections.abc import Callable, Sequence

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assistants.models import Assistant

MOST_WORDS = 8
AROUND = 80
"""Characters shown on each side of a match, where the line is longer."""

LONGEST = 1_000
"""Characters of an excerpt, whatever words it is made of."""

START, END = "\x02", "\x03"
"""Around a match in an excerpt; a text that holds one of them shows it nowhere."""


def words_of(query: str) -> list[str]:
    """Return the words of a search; each is also found as the beginning of a longer one."""
    return re.findall(r"\w+", query.replace("\0", " "))[:MOST_WORDS]


def matching(rows: QuerySet[Assistant], words: Sequence[str]) -> QuerySet[Assistant]:
    """Keep the assistants whose texts hold every one of `words`."""
    if connection.vendor == "postgresql":
        found = RawSQL(
            "SELECT assistant_id FROM assistants_search WHERE words @@ to_tsquery('simple', %s)",
            [_tsquery(words)],
        )
    else:
        found = RawSQL(
            "SELECT rowid FROM assistants_search WHERE assistants_search MATCH %s",
            [_fts5(words)],
        )
    return rows.filter(pk__in=found)


def excerpts(pks: Sequence[int], words: Sequence[str]) -> dict[int, SafeString]:
    """Return the line of each assistant in which the words stand, as HTML with them marked.

    Instructions come first, then metadata and the id; a match in the name or the description can
    be seen as it is. Long texts stay in the database.
    """
    if not pks:
        return {}
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            line = rf"(?in)^.*\m(?:{'|'.join(words)}).*$"
            cursor.execute(_PG_LINES, [line, line, line, list(pks)])
        else:
            places = ",".join(["%s"] * len(pks))
            cursor.execute(_FTS5_EXCERPTS.format(places), [_fts5(words), *pks])
        rows = cursor.fetchall()
    mark = _mark_words(words) if connection.vendor == "postgresql" else _cut_line
    found = {pk: _first(columns, mark) for pk, *columns in rows}
    return {pk: html for pk, html in found.items() if html}


def _fts5(words: Sequence[str]) -> str:
    return " ".join(f'"{word}"*' for word in words)


def _tsquery(words: Sequence[str]) -> str:
    return " & ".join(f"'{word}':*" for word in words)


_FTS5_EXCERPTS = """
SELECT rowid,
  snippet(assistants_search, 2, char(2), char(3), '…', 24),
  snippet(assistants_search, 3, char(2), char(3), '…', 24),
  snippet(assistants_search, 4, char(2), char(3), '…', 24)
FROM assistants_search WHERE assistants_search MATCH %s AND rowid IN ({})
"""
# The whole line, because ts_headline leaves out what it takes for tags.
_PG_LINES = """
SELECT assistant_id, substring(instructions from %s), substring(metadata from %s),
  substring(identity from %s)
FROM assistants_search WHERE assistant_id = ANY(%s)
"""


_PAIR = re.compile(f"{START}([^{START}{END}]*){END}")


def _first(columns: Sequence[str | None], mark: Callable[[str], str]) -> SafeString:
    """Return the first column with a match, escaped and marked; empty when there is none."""
    for text in columns:
        marked = mark(text or "")
        if START in marked:
            html = _PAIR.sub(r"<mark>\1</mark>", escape(_shortened(marked)))
            return mark_safe(html.replace(START, "").replace(END, ""))
    return SafeString("")


def _shortened(marked: str) -> str:
    """Cut a line in which a single word goes on for pages, around the first match."""
    if len(marked) <= LONGEST:
        return marked
    first = marked.index(START)
    begin = max(first - AROUND, 0)
    cut = marked[begin : first + LONGEST - AROUND]
    is_open = cut.rfind(START) > cut.rfind(END)
    return f"{'…' if begin else ''}{cut}{END if is_open else ''}…"


def _cut_line(snippet: str) -> str:
    return next((line.strip() for line in snippet.split("\n") if START in line), "")


def _mark_words(words: Sequence[str]) -> Callable[[str], str]:
    pattern = re.compile(rf"\b(?:{'|'.join(words)})\w*", re.IGNORECASE)

    def mark(line: str) -> str:
        match = pattern.search(line)
        if match is None:
            return ""
        start, end = max(match.start() - AROUND, 0), match.end() + AROUND
        cut = pattern.sub(rf"{START}\g<0>{END}", line[start:end].strip())
        return f"{'…' if start else ''}{cut}{'…' if end < len(line) else ''}"

    return mark

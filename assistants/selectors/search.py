"""The full-text index, read: which assistants hold all the words, and the lines where they do."""

import re
from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assistants.models import Assistant

MOST_WORDS = 8
START, END = "\x02", "\x03"
"""Around a match in an excerpt: characters that no text in the index holds by accident."""


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
            cursor.execute(_PG_EXCERPTS, [_tsquery(words), list(pks)])
        else:
            places = ",".join(["%s"] * len(pks))
            cursor.execute(_FTS5_EXCERPTS.format(places), [_fts5(words), *pks])
        rows = cursor.fetchall()
    found = {pk: _marked(columns) for pk, *columns in rows}
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
_PG_EXCERPTS = """
SELECT assistant_id,
  ts_headline('simple', instructions, query, options),
  ts_headline('simple', metadata, query, options),
  ts_headline('simple', identity, query, options)
FROM assistants_search, to_tsquery('simple', %s) query,
  (SELECT 'StartSel=' || chr(2) || ', StopSel=' || chr(3)
    || ', MaxFragments=1, MaxWords=24, MinWords=12' AS options) settings
WHERE assistant_id = ANY(%s)
"""


def _marked(columns: Sequence[str]) -> SafeString:
    """Return the first line with a match, escaped and marked; empty when no column has one."""
    for text in columns:
        for line in text.split("\n"):
            if START in line:
                html = escape(line.strip()).replace(START, "<mark>").replace(END, "</mark>")
                return mark_safe(html)
    return SafeString("")

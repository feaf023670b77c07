"""The line of each assistant in which a search is."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.utils.safestring import SafeString

from assistants.models import Passage
from assistants.search import Query
from assistants.selectors.search.conditions import in_passage
from assistants.wording import marked_line


class MatchingLine(NamedTuple):
    html: SafeString
    is_in_text: bool
    """Its page shows this place, and marks it."""


def excerpts(pks: Sequence[int], query: Query) -> dict[int, MatchingLine]:
    """Return the line of each assistant in which most of `query` is, with it marked.

    Descriptions come first, then instructions, metadata and the id; the name can be seen as it is.
    One query; of each assistant it reads one passage.
    """
    found = " + ".join(f"CASE WHEN {in_passage(term)} THEN 1 ELSE 0 END" for term in query.terms)
    needles = [needle for term in query.terms for needle in term.needles]
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(found, ",".join(["%s"] * len(pks))), [*needles, *pks])
        return {
            pk: MatchingLine(marked_line(text, query), field != Passage.Field.IDENTITY)
            for pk, field, text in cursor.fetchall()
        }


_LINES = """
SELECT assistant_id, field, text FROM (
  SELECT assistant_id, field, text,
    row_number() OVER (PARTITION BY assistant_id ORDER BY found DESC, number) AS place
  FROM (
    SELECT assistant_id, field, number, text, {} AS found FROM assistants_passage
    WHERE assistant_id IN ({}) AND field <> 'name'
  ) AS passages WHERE found > 0
) AS ranked WHERE place = 1
"""

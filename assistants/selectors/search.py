"""The search index, read: which assistants hold all the words, and the lines where they do."""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from django.db import connection
from django.db.models import BooleanField, IntegerField, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.safestring import SafeString

from admin_ui.accounts.models import Workspace
from assistants.models import Assistant, Passage
from assistants.search import Query, Term, near
from assistants.wording import marked_line

MOST_NEAR = 10
"""Near spellings of a word that are searched, of those that are there."""
MOST_MISSPELT = 3
"""Words with near spellings in one search."""


def matching(rows: QuerySet[Assistant], query: Query) -> QuerySet[Assistant]:
    """Keep the assistants that hold every term of `query`; `in_name` is 1 where the name does."""
    found, values = _holds(query, "words")
    named, of_name = _holds(query, "name")
    return rows.filter(RawSQL(found, values, BooleanField())).annotate(  # noqa: S611
        in_name=RawSQL(f"CASE WHEN {named} THEN 1 ELSE 0 END", of_name, IntegerField())  # noqa: S611
    )


def nearest(workspace: Workspace, query: Query) -> Query | None:
    """Return `query` with near spellings of the words that no assistant of `workspace` holds.

    None where it holds each of them, or nothing near. Two queries, however many spellings.
    """
    held = _held(workspace, query.terms)
    absent = [term for term in query.terms if term not in held]
    if not 0 < len(absent) <= MOST_MISSPELT or any(term.run or term.whole for term in absent):
        return None
    spellings = {term: [term.spelt(word) for word in near(term.word)] for term in absent}
    held = _held(workspace, [each for several in spellings.values() for each in several])
    there = {
        term: [each for each in several if each in held][:MOST_NEAR]
        for term, several in spellings.items()
    }
    return query.respelt(there) if all(there.values()) else None


class MatchingLine(NamedTuple):
    html: SafeString
    is_in_text: bool
    """Its page shows this place, and marks it."""


def excerpts(pks: Sequence[int], query: Query) -> dict[int, MatchingLine]:
    """Return the line of each assistant in which most of `query` is, with it marked.

    Descriptions come first, then instructions, metadata and the id; the name can be seen as it is.
    One query; of each assistant it reads one passage.
    """
    found = " + ".join(f"CASE WHEN {_in_passage(term)} THEN 1 ELSE 0 END" for term in query.terms)
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


def _in_passage(term: Term) -> str:
    """Return the condition that a passage has one of the needles of `term`."""
    position = "strpos" if connection.vendor == "postgresql" else "instr"
    return " OR ".join([f"{position}(words, %s) > 0"] * len(term.needles))


def _holds(query: Query, column: str) -> tuple[str, list[str]]:
    """Return the condition that an assistant holds `query` in a column of the index, and values."""
    if connection.vendor == "postgresql":
        match = f"SELECT assistant_id FROM assistants_words WHERE {column} @@ %s::tsquery"  # noqa: S608
        values = [_expression(query.terms)]
    else:
        match = "SELECT rowid FROM assistants_words WHERE assistants_words MATCH %s"
        values = [f"{column} : ({_expression(query.terms)})"]
    conditions = [f"assistants_assistant.id IN ({match})"]
    # Pairs that are there may be apart, so what is longer than a pair is looked for in one piece.
    for term in query.terms:
        if not term.is_exact:
            field = " AND field = 'name'" if column == "name" else ""
            conditions.append(
                "EXISTS (SELECT 1 FROM assistants_passage"  # noqa: S608
                f" WHERE assistant_id = assistants_assistant.id AND {_in_passage(term)}{field})"
            )
            values.append(term.run)
    return " AND ".join(conditions), values


def _expression(terms: Iterable[Term]) -> str:
    """Write terms for the index of the database; tokens hold nothing that would need escaping."""
    quote, start, both, either = (
        ("'", ":*", " & ", " | ")
        if connection.vendor == "postgresql"
        else ('"', "*", " AND ", " OR ")
    )

    def one(term: Term) -> str:
        end = quote if term.whole else quote + start
        choices = (both.join(f"{quote}{token}{end}" for token in each) for each in term.choices)
        return f"({either.join(f'({choice})' for choice in choices)})"

    return both.join(map(one, terms))


def _held(workspace: Workspace, terms: Collection[Term]) -> set[Term]:
    """Return those of `terms` that an assistant of `workspace` holds."""
    by_expression = {_expression([term]): term for term in terms}
    if not by_expression:
        return set()
    expressions = list(by_expression)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PG_HELD, [expressions, workspace.pk])
        else:
            cursor.execute(_FTS5_HELD, [json.dumps(expressions), workspace.pk])
        return {by_expression[expression] for (expression,) in cursor.fetchall()}


# A cross join, so that SQLite begins with the index for words.
_FTS5_HELD = """
SELECT value FROM json_each(%s) WHERE EXISTS (
  SELECT 1 FROM assistants_words CROSS JOIN assistants_assistant ON id = assistants_words.rowid
  WHERE assistants_words MATCH value AND workspace_id = %s
)
"""
# An aggregate, since the planner takes a LIMIT or an EXISTS for a reason to read the whole table.
_PG_HELD = """
SELECT expression FROM unnest(%s::text[]) AS those(expression) WHERE (
  SELECT min(id) FROM assistants_words JOIN assistants_assistant ON id = assistant_id
  WHERE words @@ expression::tsquery AND workspace_id = %s
) IS NOT NULL
"""

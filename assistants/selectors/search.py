"""The search index, read: which assistants hold all the words, and the lines where they do."""

import json
from collections.abc import Collection, Iterable, Sequence
from functools import reduce
from operator import add, or_
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable, RawSQL, Window
from django.db.models.functions import RowNumber, StrIndex
from django.db.models.lookups import GreaterThan
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
    # Pairs that are there may be apart, so what is longer than a pair is looked for in its passage.
    places = [
        Passage.objects.filter(_in_passage([term.run]), assistant=OuterRef("pk"))
        for term in query.terms
        if not term.is_exact
    ]
    found = Q(*map(Exists, places), pk__in=_holders("words", query))
    in_names = [place.filter(field=Passage.Field.NAME) for place in places]
    named = Q(*map(Exists, in_names), pk__in=_holders("name", query))
    in_name = Case(When(named, then=1), default=0, output_field=IntegerField())
    return rows.filter(found).annotate(in_name=in_name)


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


class Excerpt(NamedTuple):
    html: SafeString
    is_in_text: bool
    """Its page shows this place, and marks it."""


def excerpts(pks: Sequence[int], query: Query) -> dict[int, Excerpt]:
    """Return the line of each assistant in which most of `query` is, with it marked.

    Descriptions come first, then instructions, metadata and the id; the name can be seen as it is.
    One query; of each assistant it reads one passage.
    """
    needles = [Case(When(_in_passage(term.needles), then=1), default=0) for term in query.terms]
    found: Combinable = reduce(add, needles)
    place = Window(
        RowNumber(), partition_by=["assistant_id"], order_by=[F("found").desc(), "number"]
    )
    rows = (
        Passage.objects.filter(assistant_id__in=pks)
        .exclude(field=Passage.Field.NAME)
        .annotate(found=found)
        .filter(found__gt=0)
        .annotate(place=place)
        .filter(place=1)
    )
    return {
        pk: Excerpt(marked_line(text, query), field != Passage.Field.IDENTITY)
        for pk, field, text in rows.values_list("assistant_id", "field", "text")
    }


def _in_passage(needles: Iterable[str]) -> Q:
    places = (GreaterThan(StrIndex("words", Value(needle)), 0) for needle in needles)
    return reduce(or_, map(Q, places))


def _holders(column: str, query: Query) -> RawSQL:
    """Assistants that hold all terms in one column of the index."""
    if connection.vendor == "postgresql":
        sql = f"SELECT assistant_id FROM assistants_words WHERE {column} @@ %s::tsquery"  # noqa: S608
        return RawSQL(sql, [_expression(query.terms)])  # noqa: S611
    sql = "SELECT rowid FROM assistants_words WHERE assistants_words MATCH %s"
    return RawSQL(sql, [f"{column} : ({_expression(query.terms)})"])  # noqa: S611


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

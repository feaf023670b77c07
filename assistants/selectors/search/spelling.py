"""Near spellings of the words that no assistant of a workspace holds."""

import json
from collections.abc import Collection

from django.db import connection

from admin_ui.accounts.models import Workspace
from assistants.search import Query, Term, near
from assistants.selectors.search.conditions import index_expression

MOST_NEAR = 10
"""Near spellings of a word that are searched, of those that are there."""
MOST_MISSPELT = 3
"""Words with near spellings in one search."""


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


def _held(workspace: Workspace, terms: Collection[Term]) -> set[Term]:
    """Return those of `terms` that an assistant of `workspace` holds."""
    by_expression = {index_expression([term]): term for term in terms}
    if not by_expression:
        return set()
    expressions = list(by_expression)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_PG_HELD, [workspace.pk, expressions, workspace.pk])
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
# What is common, some of the newest assistants hold: the index would collect all that do.
# OFFSET 0 keeps the planner from taking EXISTS for a reason to read the whole table.
_PG_HELD = """
WITH newest AS MATERIALIZED (
  SELECT words FROM assistants_assistant JOIN assistants_words ON assistant_id = id
  WHERE workspace_id = %s ORDER BY changed_at DESC, id DESC LIMIT 5
)
SELECT expression FROM unnest(%s::text[]) AS those(expression)
WHERE EXISTS (SELECT 1 FROM newest WHERE words @@ expression::tsquery) OR EXISTS (
  SELECT 1 FROM (
    SELECT assistant_id FROM assistants_words WHERE words @@ expression::tsquery OFFSET 0
  ) AS found JOIN assistants_assistant ON id = assistant_id WHERE workspace_id = %s
)
"""

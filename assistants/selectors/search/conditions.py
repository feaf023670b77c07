"""A search as conditions on the index, in the words of each database."""

from collections.abc import Iterable

from django.db import connection

from assistants.search import Query, Term


def in_index(query: Query, column: str) -> tuple[str, list[str]]:
    """Return the condition that an assistant holds `query` in a column of the index, and values.

    The database looks up all hits in the index.
    """
    if connection.vendor == "postgresql":
        match, values = _PG_MATCH.format(column), [index_expression(query.terms)]
    else:
        match = "SELECT rowid FROM assistants_words WHERE assistants_words MATCH %s"
        values = [f"{column} : ({index_expression(query.terms)})"]
    runs, of_runs = _runs(query, column, "assistants_assistant.id")
    return f"assistants_assistant.id IN ({match}){runs}", [*values, *of_runs]


def in_row(query: Query, column: str) -> tuple[str, list[str]]:
    """Return the condition that a row of `assistants_words` holds `query` in `column`, and values.

    The database reads that row alone. `key` names the assistant there.
    """
    if connection.vendor == "postgresql":
        held, values = f"assistants_words.{column} @@ %s::tsquery", [index_expression(query.terms)]
    else:
        held, values = in_tokens(query.terms, f"assistants_words.{column}")
    runs, of_runs = _runs(query, column, row_key())
    return f"{held}{runs}", [*values, *of_runs]


def in_tokens(terms: Iterable[Term], column: str) -> tuple[str, list[str]]:
    """Return the condition that a column of an index of SQLite has `terms`, and values.

    The tokens are stored as they were made, with a space between them.
    """
    position = f"instr(' ' || {column} || ' ', %s) > 0"
    held, values = "1", list[str]()
    for term in terms:
        end = " " if term.whole else ""
        choices = []
        for choice in term.choices:
            choices.append(" AND ".join([position] * len(choice)))
            values += [f" {token}{end}" for token in choice]
        held += f" AND ({' OR '.join(choices)})"
    return held, values


def row_key() -> str:
    """Return the column of `assistants_words` that names the assistant."""
    return f"assistants_words.{'assistant_id' if connection.vendor == 'postgresql' else 'rowid'}"


def _runs(query: Query, column: str, key: str) -> tuple[str, list[str]]:
    """Pairs that are there may be apart, so what is longer than a pair has to be in one piece."""
    runs = [term for term in query.terms if not term.is_exact]
    field = " AND field = 'name'" if column == "name" else ""
    conditions = (
        " AND EXISTS (SELECT 1 FROM assistants_passage"  # noqa: S608
        f" WHERE assistant_id = {key} AND {in_passage(term)}{field})"
        for term in runs
    )
    return "".join(conditions), [term.run for term in runs]


def in_passage(term: Term) -> str:
    """Return the condition that a passage has one of the needles of `term`."""
    position = "strpos" if connection.vendor == "postgresql" else "instr"
    return " OR ".join([f"{position}(words, %s) > 0"] * len(term.needles))


def index_expression(terms: Iterable[Term]) -> str:
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


# The expression is a column here. Given as a constant, a common word makes the planner read the
# whole table and unpack every tsvector.
_PG_MATCH = """
SELECT assistant_id FROM unnest(ARRAY[%s]) AS searched(expression)
JOIN assistants_words ON {} @@ expression::tsquery
"""

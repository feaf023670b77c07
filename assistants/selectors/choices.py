"""What a filter offers: each value once, read from value to value along an index.

A DISTINCT would read every row.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from admin_ui.accounts.models import User, Workspace
from assistants.models import Assistant

MOST_CHOICES = 500
"""Values that a filter offers; there may be as many as there are assistants."""


def models_of(workspace: Workspace) -> list[str]:
    """Return the names of the models in use, sorted; the first `MOST_CHOICES`."""
    return _values("assistants_assistant", "model", "workspace_id = %s", workspace, above="''")


def people_of(owner: Workspace | Assistant) -> list[tuple[str, str]]:
    """Return who appears in the history of `owner`, by name, each with a value for `person`.

    That is a person's primary key, and of what is no person (an API key, the outside) its name.
    Four queries at most, whatever the length of the history; the first `MOST_CHOICES` of each kind.
    """
    column = "workspace_id" if isinstance(owner, Workspace) else "assistant_id"
    table, here = "assistants_revision", f"{column} = %s"
    keys = {
        key
        for person in ("author_id", "drafter_id")
        for key in _values(table, person, here, owner, above="0")
    }
    unnamed = f"author_id IS NULL AND {here}"
    names = _values(table, "author_name", unnamed, owner, above="''")
    people = {str(user.pk): str(user) for user in User.objects.filter(pk__in=keys)}
    people |= {name: name for name in names}
    return sorted(people.items(), key=lambda person: person[1].lower())


def _values(
    table: str, column: str, condition: str, owner: Workspace | Assistant, *, above: str
) -> list[Any]:
    return distinct_values(table, column, condition, [owner.pk], above=above, most=MOST_CHOICES)


def distinct_values(
    table: str, column: str, condition: str, params: Sequence[Any], *, above: str, most: int
) -> list[Any]:
    """Return the distinct values of a column above one, where `condition` holds; the first `most`.

    Names and the condition are of the caller's own code; `params` are the values in the condition.

    Each step has one bound: with two, SQLite begins at the first and walks to the second.
    """
    smallest = f"SELECT min({column}) FROM {table} WHERE {condition} AND {column} >"  # noqa: S608  # as below
    statement = f"""
        WITH RECURSIVE found(value) AS (
            {smallest} {above}
            UNION ALL
            SELECT ({smallest} found.value) FROM found WHERE found.value IS NOT NULL
        )
        SELECT value FROM found WHERE value IS NOT NULL LIMIT %s
    """  # noqa: S608  # names of this module
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *params, most])
        return [value for (value,) in cursor.fetchall()]

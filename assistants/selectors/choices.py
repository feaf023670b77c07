"""What a filter offers: each value once, read from value to value along an index.

A DISTINCT would read every row.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from admin_ui.accounts.models import User, Workspace
from admin_ui.compiled import CompiledQuery
from assistants.models import Assistant

MOST_CHOICES = 500
"""Values that a filter offers; there may be as many as there are assistants."""


def models_of(workspace: Workspace) -> list[str]:
    """Return the names of the models in use, sorted; the first `MOST_CHOICES`."""
    return _values("assistants_assistant", "model", "workspace_id = %s", workspace, above="''")


def people_of(owner: Workspace | Assistant) -> list[tuple[str, str]]:
    """Return who appears in the history of `owner`, by name, each with a value for `person`.

    That is a person's primary key, and of what is no person (an API key, the outside) its name.
    Two queries, whatever the length of the history; the first `MOST_CHOICES` of each kind.
    """
    column = "workspace_id" if isinstance(owner, Workspace) else "assistant_id"
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE[column], [owner.pk] * 6)
        found = cursor.fetchall()
    keys = {int(value) for is_key, value in found if is_key}
    people = {str(user.pk): str(user) for user in (_USERS(*keys) if keys else ())}
    people |= {value: value for is_key, value in found if not is_key}
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
    found = _walk("found", table, column, condition, above)
    statement = f"WITH RECURSIVE {found} SELECT value FROM found WHERE value IS NOT NULL LIMIT %s"  # noqa: S608  # names of this module
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *params, most])
        return [value for (value,) in cursor.fetchall()]


def _walk(name: str, table: str, column: str, condition: str, above: str) -> str:
    """Return the part `name` of a statement: the distinct values of a column, from one to one."""
    smallest = f"SELECT min({column}) FROM {table} WHERE {condition} AND {column} >"  # noqa: S608  # as below
    return f"""{name}(value) AS (
        {smallest} {above}
        UNION ALL
        SELECT ({smallest} {name}.value) FROM {name} WHERE {name}.value IS NOT NULL
    )"""  # noqa: S608  # names of this module


def _people(owner: str) -> str:
    """Return the statement for who appears in the history of one `owner`: a column."""
    here, table = f"{owner} = %s", "assistants_revision"
    walks = (
        _walk("authors", table, "author_id", here, "0"),
        _walk("drafters", table, "drafter_id", here, "0"),
        _walk("names", table, "author_name", f"author_id IS NULL AND {here}", "''"),
    )
    each = " UNION ALL ".join(
        f"SELECT {is_key}, value FROM (SELECT CAST(value AS text) AS value FROM {name}"  # noqa: S608  # names of this module
        f" WHERE value IS NOT NULL LIMIT {MOST_CHOICES}) AS {name}"
        for name, is_key in (("authors", 1), ("drafters", 1), ("names", 0))
    )
    return f"WITH RECURSIVE {', '.join(walks)} {each}"


_PEOPLE = {owner: _people(owner) for owner in ("workspace_id", "assistant_id")}
_USERS = CompiledQuery(
    lambda *pks: User.objects.filter(pk__in=pks).only("name", "email", "is_service")
)

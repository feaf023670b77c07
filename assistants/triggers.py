"""Append-only tables: triggers that make the database itself refuse to change history.

Installed by a migration, and again after every migrate, since a later migration that remakes a
table on SQLite drops its triggers without a word.
"""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections

TABLES = (
    "assistants_revision",
    "assistants_outcome",
    "assistants_text",
    "assistants_acceptance",
    "assistants_storechange",
    "assistants_storeoutcome",
    "audit_auditevent",
)
MESSAGE = "history is append-only"


def install(connection: Any) -> None:
    """Create the triggers that are not there yet, on the tables that are. Idempotent."""
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        for statement in _statements(connection.vendor, [name for name in TABLES if name in there]):
            cursor.execute(statement)


def remove(connection: Any) -> None:
    """Drop the triggers; for tests that must empty the tables."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for verb in ("update", "delete"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}")


def missing(connection: Any) -> list[str]:
    """Return the names of triggers that should be there and are not."""
    wanted = {f"{table}_no_{verb}" for table in TABLES for verb in ("update", "delete")}
    query = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(wanted - {row[0] for row in cursor.fetchall()})


def _statements(vendor: str, tables: list[str]) -> list[str]:
    if vendor == "postgresql":
        refuse = (
            "CREATE OR REPLACE FUNCTION assistants_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN RAISE EXCEPTION '{MESSAGE}'"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        return [refuse] + [
            f"CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION assistants_refuse()"
            for table in tables
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for table in tables
        for verb in ("update", "delete")
    ]


@register(Tags.database)
def check_triggers(*, databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Report missing triggers (run by `migrate` and `check --database default`)."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        try:
            if TABLES[0] not in connection.introspection.table_names():
                continue
            absent = missing(connection)
        except DatabaseError:
            continue
        if absent:
            found.append(
                Error(
                    f"Append-only triggers are missing: {', '.join(absent)}",
                    hint="Run `manage.py migrate`: it installs them again.",
                    id="assistants.E001",
                )
            )
    return found

"""Emptying the tables after a test that commits, in a fraction of what Django's `flush` takes.

`flush` deletes from every table, makes content types anew and installs every trigger again. Here
only tables that hold rows are touched. Content types stay as the migrations made them.
"""

from functools import cache
from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

from assistants import triggers

KEPT = {"django_content_type"}


def empty_quickly() -> None:
    """Let every transactional test end this way."""
    TransactionTestCase._fixture_teardown = _empty  # type: ignore[method-assign]


def _empty(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):
        connection = connections[alias]
        if filled := _filled(connection):
            append_only = [name for name in triggers.TABLES if name in filled]
            empty = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
            with transaction.atomic(using=alias):
                empty(connection, filled, append_only)


def _filled(connection: Any) -> list[str]:
    """Return the names of the tables that hold rows."""
    quote = connection.ops.quote_name
    query = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})"
        for table in _tables(connection)
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [row[0] for row in cursor.fetchall()]


@cache
def _tables(connection: Any) -> list[str]:
    return sorted(set(connection.introspection.django_table_names(include_views=False)) - KEPT)


def _on_sqlite(connection: Any, filled: list[str], append_only: list[str]) -> None:
    """Drop the triggers that refuse it, and put back just these, as they were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        refusing = [row for row in cursor.fetchall() if row[0] in append_only]
        statements = [
            *(f"DROP TRIGGER {name}" for _, name, _ in refusing),
            *(f"DELETE FROM {connection.ops.quote_name(table)}" for table in filled),
            *(statement for _, _, statement in refusing),
        ]
        for statement in statements:
            cursor.execute(statement)


def _on_postgresql(connection: Any, filled: list[str], append_only: list[str]) -> None:
    """In one message; TRUNCATE takes a second, since it makes every table and index anew."""
    statements = [
        *(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in append_only),
        *(f"DELETE FROM {connection.ops.quote_name(table)}" for table in filled),
        "SET CONSTRAINTS ALL IMMEDIATE",
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in append_only),
    ]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements))

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
    "assistants_revisionname",
    "assistants_storechange",
    "assistants_storeoutcome",
    "assistants_signedroot",
    "assistants_sealedchain",
    "audit_auditevent",
)
MESSAGE = "history is append-only"
TRIGGER_FUNCTIONS = ("assistants_refuse", "assistants_refuse_unmoved")
"""What the triggers of PostgreSQL call: the second refuses only some rows."""
AUDIT, CUTS = "audit_auditevent", "audit_auditcut"
"""Of security events, those that were moved to a file may be deleted; `CUTS` says up to where."""
NOT_MOVED = (
    f"NOT EXISTS (SELECT 1 FROM {CUTS} WHERE {CUTS}.chain = OLD.chain"  # noqa: S608 (constants)
    f" AND OLD.number <= {CUTS}.number)"
)


def install(connection: Any) -> None:
    """Create the triggers that are not there yet, on the tables that are. Idempotent."""
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        tables = [name for name in TABLES if name in there]
        for statement in _statements(connection.vendor, tables, can_be_cut=CUTS in there):
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


def _statements(vendor: str, tables: list[str], *, can_be_cut: bool) -> list[str]:
    pairs = [(table, verb) for table in tables for verb in ("update", "delete")]
    cut = {(AUDIT, "delete")} if can_be_cut else set()
    if vendor == "postgresql":
        return [
            _function(TRIGGER_FUNCTIONS[0], "TRUE"),
            *([_function(TRIGGER_FUNCTIONS[1], NOT_MOVED)] if cut else []),
            *(
                f"CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION {TRIGGER_FUNCTIONS[(table, verb) in cut]}()"
                for table, verb in pairs
            ),
        ]
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
        f" {f'WHEN {NOT_MOVED}' if (table, verb) in cut else ''}"
        f" BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for table, verb in pairs
    ]


def _function(name: str, condition: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {condition} THEN RAISE EXCEPTION '{MESSAGE}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$"
    )


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

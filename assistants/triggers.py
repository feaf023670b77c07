"""Append-only tables: triggers that make the database itself refuse to change history.

Installed by a migration, and again after every migrate, since a later migration that remakes a
table on SQLite drops its triggers without a word.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections, transaction

TABLES = (
    "assistants_revision",
    "assistants_outcome",
    "assistants_text",
    "assistants_acceptance",
    "assistants_revisionname",
    "assistants_changerequest",
    "assistants_round",
    "assistants_requeststep",
    "assistants_thread",
    "assistants_threadstep",
    "assistants_approvalpolicy",
    "assistants_clearance",
    "assistants_schedule",
    "assistants_freezewindow",
    "assistants_storechange",
    "assistants_storeoutcome",
    "assistants_signedroot",
    "assistants_sealedchain",
    "assistants_historyimport",
    "assistants_importedhistory",
    "assistants_erasure",
    "assistants_erasedrow",
    "assistants_erasureend",
    "audit_auditevent",
)
MESSAGE = "history is append-only"
TRIGGER_FUNCTIONS = (
    "assistants_refuse",
    "assistants_refuse_unmoved",
    "assistants_refuse_unnamed",
    "assistants_refuse_fixed",
)
"""What the triggers of PostgreSQL call: all but the first refuse only some rows or columns."""
AUDIT, CUTS = "audit_auditevent", "audit_auditcut"
"""Of security events, those that were moved to a file may be deleted; `CUTS` says up to where."""
NOT_MOVED = (
    f"NOT EXISTS (SELECT 1 FROM {CUTS} WHERE {CUTS}.chain = OLD.chain"  # noqa: S608 (constants)
    f" AND OLD.number <= {CUTS}.number)"
)


NAMED_ROWS = "assistants_erasedrow"
"""The rows that erasures name. Those of one that has not ended may be changed."""
ERASABLE = {
    "assistants_revision": ("values", "texts", "changes", "note"),
    "assistants_outcome": ("values", "texts", "differences", "message", "param"),
    "assistants_text": ("body", "base_id"),
    "assistants_revisionname": ("name",),
    "assistants_round": ("values", "texts", "changes", "note"),
    "assistants_requeststep": ("word",),
    "assistants_threadstep": ("text", "replacement"),
    "assistants_approvalpolicy": ("reason",),
    "assistants_clearance": ("reason",),
    "assistants_storechange": ("note", "override", "file_name", "store_name"),
    "assistants_storeoutcome": ("message",),
}
"""The columns of a named row that may be changed."""
REMOVABLE = ("assistants_text",)
"""The tables of which a named row may be deleted."""
KEYS = {"assistants_text": "digest"}
"""The primary keys that are not `id`."""
KEPT_STATE = {
    "assistants_changerequest": ("title", "state", "is_open", "round_number", "changed_at"),
    "assistants_thread": ("is_resolved",),
    "assistants_schedule": ("state", "next_at", "attempts", "trouble"),
    "assistants_freezewindow": ("removed_at", "reason"),
}
"""The columns that say how far a row has got. They may be changed, and nothing else of the row."""


def install(connection: Any) -> None:
    """Create the triggers that are not there as they should be, on the tables that are."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        columns = {name: _columns(connection, cursor, name) for name in TABLES if name in there}
        known = _known(cursor) if connection.vendor == "sqlite" else {}
        exceptions = {name for name in (CUTS, NAMED_ROWS) if name in there}
        for name, statement in _statements(connection.vendor, columns, exceptions).items():
            if name in known and known[name] != statement:
                cursor.execute(f"DROP TRIGGER {name}")
            if known.get(name) != statement:
                cursor.execute(statement)


def _columns(connection: Any, cursor: Any, table: str) -> list[str]:
    """Return the columns of a table, which only the triggers of SQLite name."""
    if connection.vendor == "postgresql":
        return []
    cursor.execute("SELECT name FROM pragma_table_info(%s)", [table])
    return [name for (name,) in cursor.fetchall()]


def _known(cursor: Any) -> dict[str, str]:
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return dict(cursor.fetchall())


def remove(connection: Any) -> None:
    """Drop the triggers, to migrate backwards or in tests that must empty the tables."""
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        for table in [name for name in TABLES if name in there]:
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


def _statements(vendor: str, tables: dict[str, list[str]], exceptions: set[str]) -> dict[str, str]:
    """Return what creates each function and trigger, by its name."""
    pairs = [(table, verb) for table in tables for verb in ("update", "delete")]
    moved = {(AUDIT, "delete")} if CUTS in exceptions else set()
    named = {
        *((table, "update") for table in ERASABLE),
        *((table, "delete") for table in REMOVABLE),
    }
    named = named if NAMED_ROWS in exceptions else set()
    if vendor == "postgresql":
        functions = {TRIGGER_FUNCTIONS[0]: _function(TRIGGER_FUNCTIONS[0], "TRUE")}
        if moved:
            functions[TRIGGER_FUNCTIONS[1]] = _function(TRIGGER_FUNCTIONS[1], NOT_MOVED)
        if named:
            functions[TRIGGER_FUNCTIONS[2]] = _function(TRIGGER_FUNCTIONS[2], _NOT_NAMED_PG)
        functions[TRIGGER_FUNCTIONS[3]] = _function(TRIGGER_FUNCTIONS[3], _NOT_FIXED_PG)
        calls = dict.fromkeys(moved, f"{TRIGGER_FUNCTIONS[1]}()")
        calls |= {pair: f"{TRIGGER_FUNCTIONS[2]}({_arguments(pair[0])})" for pair in named}
        calls |= {
            (table, "update"): f"{TRIGGER_FUNCTIONS[3]}({_quoted(kept)})"
            for table, kept in KEPT_STATE.items()
        }
        return functions | {
            f"{table}_no_{verb}": f"CREATE OR REPLACE TRIGGER {table}_no_{verb} BEFORE"
            f" {verb.upper()} ON {table} FOR EACH ROW EXECUTE FUNCTION"
            f" {calls.get((table, verb), f'{TRIGGER_FUNCTIONS[0]}()')}"
            for table, verb in pairs
        }
    conditions = dict.fromkeys(moved, f" WHEN {NOT_MOVED}")
    conditions |= {
        (table, verb): f" WHEN {_not_named(table, tables[table] if verb == 'update' else [])}"
        for table, verb in named & set(pairs)
    }
    conditions |= {
        (table, "update"): f" WHEN NOT ({_same(tables[table], kept)})"
        for table, kept in KEPT_STATE.items()
        if table in tables
    }
    return {
        f"{table}_no_{verb}": f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
        f"{conditions.get((table, verb), '')} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        for table, verb in pairs
    }


def _arguments(table: str) -> str:
    return _quoted((KEYS.get(table, "id"), *ERASABLE.get(table, ())))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


_NAMED = (
    f"EXISTS (SELECT 1 FROM {NAMED_ROWS} named WHERE named.place = %s AND named.key = %s"  # noqa: S608
    " AND NOT EXISTS (SELECT 1 FROM assistants_erasureend ends"
    " WHERE ends.erasure_id = named.erasure_id))"
)
_NOT_NAMED_PG = (
    f"NOT ({_NAMED % ('TG_TABLE_NAME', 'to_jsonb(OLD) ->> TG_ARGV[0]')} AND (TG_OP = 'DELETE'"
    " OR to_jsonb(NEW) - TG_ARGV[1:] = to_jsonb(OLD) - TG_ARGV[1:]))"
)
"""A trigger's arguments are the primary key and the columns that may be changed."""
_NOT_FIXED_PG = "to_jsonb(NEW) - TG_ARGV IS DISTINCT FROM to_jsonb(OLD) - TG_ARGV"
"""A trigger's arguments are the columns that may be changed."""


def _not_named(table: str, columns: list[str]) -> str:
    """Return the condition for a row that may not be changed; `columns` are those of an update."""
    named = _NAMED % (f"'{table}'", f'CAST(OLD."{KEYS.get(table, "id")}" AS TEXT)')
    same = _same(columns, ERASABLE.get(table, ()))
    return f"NOT ({' AND '.join([named, same] if same else [named])})"


def _same(columns: Iterable[str], but: Collection[str]) -> str:
    """Return the condition that an update leaves all columns as they are, `but` some."""
    return " AND ".join(f'NEW."{name}" IS OLD."{name}"' for name in columns if name not in but)


def _function(name: str, condition: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN IF {condition} THEN RAISE EXCEPTION '{MESSAGE}'"
        " USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        " IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
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

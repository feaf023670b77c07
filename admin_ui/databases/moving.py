"""Moving everything from SQLite to PostgreSQL, in one transaction of the target."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import psycopg
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model

from admin_ui.databases.contents import (
    NotDone,
    as_default,
    bring_up_to_date,
    chain_faults,
    has_data,
    is_migrated,
    require_known,
    stored_models,
)
from admin_ui.databases.postgres_tools import require_no_others
from admin_ui.databases.rows import (
    Digest,
    columns_of,
    digest_of,
    rows_of_postgres,
    rows_of_sqlite,
)
from admin_ui.databases.sqlite_files import sole_use, sqlite_file
from assistants.models import Passage
from assistants.services.ledger.search_index import INDEXED_AT_ONCE, write_passages

MADE_ANEW = {Passage}
"""Models whose rows belong to the search index."""


def move(target: dict[str, Any], *, replace: bool) -> dict[str, int]:
    """Copy the default SQLite database to `target`, an entry of the setting DATABASES.

    Returns the number of rows by table. Nobody else can use the source meanwhile, and it does not
    change. The target changes at the end, all at once. Raises `NotDone`; then the target has empty
    tables at most. `replace` allows to replace the data of the target.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "sqlite":
        raise NotDone("DATABASE_URL names PostgreSQL already. Only SQLite can be moved.")
    source = sqlite_file(connection)
    require_known(MigrationRecorder(connection).applied_migrations())
    if not is_migrated(connection):
        raise NotDone("The database is from an older release. Run manage.py migrate first.")
    connection.close()
    with sole_use(source) as database, as_default(target) as other:
        try:
            require_no_others(other)
            bring_up_to_date()
            with transaction.atomic():
                if has_data(other) and not replace:
                    raise NotDone(
                        "The target holds data already, and nothing was changed. Name an empty"
                        " database, or repeat this with --replace: that deletes the data."
                    )
                counts = _copy_all(database, other)
                found = list(chain_faults())
                if found:
                    raise NotDone("\n".join(["Nothing was moved. Digests show changes:", *found]))
        except (DatabaseError, sqlite3.Error) as error:
            raise NotDone(f"Nothing was moved. {_reason(error)}") from error
    return counts


def _copy_all(database: sqlite3.Connection, target: Any) -> dict[str, int]:
    models = stored_models()
    counts: dict[str, int] = {}
    with target.cursor() as cursor:
        constraints = _drop_foreign_keys(cursor)
        tables = ", ".join(f'"{name}"' for name in _emptied(database, target))
        cursor.execute(f"TRUNCATE {tables}")
        for model in models:
            if model not in MADE_ANEW:
                counts[model._meta.db_table] = _copy_table(database, target, cursor, model)
        for statement in target.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
        for statement in constraints:
            cursor.execute(statement)
    for chunk in _chunks(_indexed_texts(database)):
        write_passages(chunk)
    return counts


def _emptied(database: sqlite3.Connection, target: Any) -> list[str]:
    """The tables that both have, but for the list of migrations: the target keeps its own."""
    ours = {row[0] for row in database.execute("SELECT name FROM sqlite_master")}
    return sorted(ours & set(target.introspection.table_names()) - {"django_migrations"})


def _drop_foreign_keys(cursor: Any) -> list[str]:
    """Drop the foreign keys; returns the statements that add them again.

    The server would hold a deferred check for every row and key in memory.
    """
    cursor.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
        " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    )
    found = cursor.fetchall()
    for table, name, _definition in found:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}" for table, name, text in found]


def _copy_table(database: sqlite3.Connection, target: Any, cursor: Any, model: type[Model]) -> int:
    """Copy the rows of one table, and read them again. Returns how many there are."""
    table, digest = model._meta.db_table, Digest()
    names = ", ".join(f'"{field.column}"' for field in columns_of(model))
    try:
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in digest.watch(rows_of_sqlite(database, model)):
                copy.write_row(row)
    except (DatabaseError, psycopg.Error, sqlite3.Error, TypeError, ValueError) as error:
        raise NotDone(
            f"Nothing was moved. {_place(error, digest.count)} of the table {table} cannot be"
            f" copied: {_reason(error)}"
        ) from error
    if digest_of(rows_of_postgres(target, model)) != digest:
        raise NotDone(f"Nothing was moved. The table {table} differs after it was copied.")
    return digest.count


def _indexed_texts(database: sqlite3.Connection) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the texts in the search index, by assistant."""
    rows = database.execute(
        'SELECT assistant_id, field, text FROM assistants_passage ORDER BY assistant_id, "number"'
    )
    for assistant, pieces in groupby(rows, key=itemgetter(0)):
        texts: dict[str, str] = {}
        for _assistant, field, text in pieces:
            texts[field] = texts.get(field, "") + text
        yield assistant, texts


def _chunks(
    texts: Iterable[tuple[int, dict[str, str]]],
) -> Iterator[list[tuple[int, dict[str, str]]]]:
    chunk = []
    for one in texts:
        chunk.append(one)
        if len(chunk) == INDEXED_AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _place(error: Exception, count: int) -> str:
    """Where it went wrong, as the server says or after `count` rows."""
    told = error.diag.context if isinstance(error, psycopg.Error) else None
    found = re.search(r"line (\d+)(?:, column (\w+))?", told or "")
    column = f", column {found[2]}" if found and found[2] else ""
    return f"Row {found[1] if found else count}{column}"


def _reason(error: Exception) -> str:
    """What went wrong, without the value that a database quotes."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    told = cause.diag.message_primary if isinstance(cause, psycopg.Error) else None
    return f"{told or str(error).strip().splitlines()[0]}."

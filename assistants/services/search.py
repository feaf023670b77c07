"""The full-text index of live definitions: SQLite FTS5, PostgreSQL tsvector.

One row per assistant. Words and their beginnings are found; `selectors` reads the index, this
writes it, in the transaction of the change.
"""

from typing import Any

from django.db import connection

from assistants.definition import LIMITS, Definition
from assistants.models import Assistant
from assistants.services.record import plain

MAX_BYTES = (10_000, 10_000, 600_000, 40_000, 10_000)
MAX_CHARACTERS = LIMITS.instructions
"""Text beyond these, column by column, is not indexed: what a gateway holds may be of any size, and
a tsvector holds at most 1 MB."""


def index(*, assistant: Assistant, definition: Definition) -> None:
    """Make `assistant` findable by the words of `definition`, and no longer by earlier ones."""
    metadata = definition.value("metadata")
    pairs = metadata.items() if isinstance(metadata, dict) else ()
    name, description, instructions = (
        plain(str(definition.value(field) or ""))
        for field in ("name", "description", "instructions")
    )
    metadata_text = plain("\n".join(f"{key}: {value}" for key, value in pairs))
    identity = plain(assistant.remote_id or "")
    write_rows([(assistant.pk, name, description, instructions, metadata_text, identity)])


def write_rows(rows: list[tuple[int, str, str, str, str, str]]) -> None:
    """Write `(assistant id, name, description, instructions, metadata, identity)` rows."""
    short: list[list[Any]] = [[row[0], *map(_shorten, row[1:], MAX_BYTES)] for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(_PG_UPSERT, short)
            return
        cursor.executemany(
            "DELETE FROM assistants_search WHERE rowid = %s", [(row[0],) for row in rows]
        )
        cursor.executemany(
            "INSERT INTO assistants_search(rowid, name, description, instructions, metadata,"
            " identity) VALUES (%s, %s, %s, %s, %s, %s)",
            short,
        )


def _shorten(value: str, limit: int) -> str:
    return value[:MAX_CHARACTERS].encode()[:limit].decode(errors="ignore")


_PG_UPSERT = """
INSERT INTO assistants_search (assistant_id, name, description, instructions, metadata, identity)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (assistant_id) DO UPDATE SET name = excluded.name, description = excluded.description,
  instructions = excluded.instructions, metadata = excluded.metadata, identity = excluded.identity
"""


def forget(*, assistant: Assistant) -> None:
    """Take `assistant` out of the index."""
    key = "assistant_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM assistants_search WHERE {key} = %s", [assistant.pk])  # noqa: S608

"""The search index of what is live: passages, and their tokens in the database's own index.

`selectors` reads the index. This module writes it, in the transaction of the change.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection

from assistants.definition import LIMITS, Definition
from assistants.models import Assistant, Passage
from assistants.search import CutText as Piece
from assistants.search import cut, distinct
from assistants.services.ledger.record import plain

Field = Passage.Field
INDEXED_AT_ONCE = 20
"""Assistants whose texts are in memory at once."""
MOST_INDEXED = {
    Field.NAME: 10_000,
    Field.DESCRIPTION: 10_000,
    Field.IDENTITY: 10_000,
    Field.INSTRUCTIONS: LIMITS.instructions,
    Field.METADATA: 40_000,
}
"""Characters that are indexed, since what a gateway holds may have any size."""
ROOM = 1_000_000
"""Bytes of tokens of one assistant, in the order of `MOST_INDEXED`; a tsvector holds 1 MB."""


def index_assistant(*, assistant: Assistant, definition: Definition) -> None:
    """Index `assistant` by the words of `definition`, in place of earlier ones."""
    index_all([(assistant, definition)])


def index_all(pairs: Iterable[tuple[Assistant, Definition]]) -> None:
    """Index many assistants."""
    rows = iter(pairs)
    while chunk := list(islice(rows, INDEXED_AT_ONCE)):
        write_passages([(row.pk, _texts(row, definition)) for row, definition in chunk])


def remove_from_index(*, assistant: Assistant) -> None:
    """Remove `assistant` from the index."""
    with connection.cursor() as cursor:
        _delete(cursor, [assistant.pk])


def write_passages(texts: Sequence[tuple[int, Mapping[str, str]]]) -> None:
    """Write the texts of assistants, by primary key, where they differ from the stored ones.

    `texts` are by `Passage.Field`. The SQL is plain, because the migration that creates the tables
    uses it too.
    """
    with connection.cursor() as cursor:
        stored = _stored(cursor, [pk for pk, _ in texts])
        pieces = {
            pk: {field: list(cut(text)) for field, text in fields.items()}
            for pk, whole in texts
            if (fields := _shortened(whole)) != stored.get(pk, {})
        }
        _delete(cursor, list(pieces))
        passages = [
            (pk, number, field, *piece)
            for pk, by_field in pieces.items()
            for number, (field, piece) in enumerate(
                (field, piece) for field, several in by_field.items() for piece in several
            )
        ]
        cursor.executemany(_INSERT_PASSAGE, passages)
        words = [(pk, *_tokens(by_field)) for pk, by_field in pieces.items() if by_field]
        if connection.vendor == "postgresql":
            cursor.executemany(_PG_INSERT_WORDS, words)
        else:
            lines = [(pk, " ".join(name), " ".join(everything)) for pk, name, everything in words]
            cursor.executemany(_FTS5_INSERT_WORDS, lines)


def _texts(assistant: Assistant, definition: Definition) -> dict[str, str]:
    metadata = definition.value("metadata")
    pairs = metadata.items() if isinstance(metadata, dict) else ()
    texts = {
        field: str(definition.value(field) or "")
        for field in (Field.NAME, Field.DESCRIPTION, Field.INSTRUCTIONS)
    }
    texts[Field.METADATA] = "\n".join(f"{key}: {value}" for key, value in pairs)
    texts[Field.IDENTITY] = assistant.remote_id or ""
    return {field: plain(text) for field, text in texts.items()}


def _shortened(texts: Mapping[str, str]) -> dict[str, str]:
    return {
        field.value: text[: MOST_INDEXED[field]] for field in Field if (text := texts.get(field))
    }


def _stored(cursor: Any, pks: Sequence[int]) -> dict[int, dict[str, str]]:
    places = ",".join(["%s"] * len(pks))
    cursor.execute(
        "SELECT assistant_id, field, text FROM assistants_passage"  # noqa: S608
        f" WHERE assistant_id IN ({places}) ORDER BY assistant_id, number",
        pks,
    )
    found: dict[int, dict[str, str]] = {}
    for pk, field, text in cursor.fetchall():
        fields = found.setdefault(pk, {})
        fields[field] = fields.get(field, "") + text
    return found


def _tokens(pieces: Mapping[str, list[Piece]]) -> tuple[list[str], list[str]]:
    """Return the tokens of the name, and those of everything."""
    everything = chain.from_iterable(pieces.get(field, ()) for field in MOST_INDEXED)
    return distinct(pieces.get(Field.NAME, ()), room=ROOM), distinct(everything, room=ROOM)


def _delete(cursor: Any, pks: Sequence[int]) -> None:
    key = "assistant_id" if connection.vendor == "postgresql" else "rowid"
    for table, column in (("assistants_passage", "assistant_id"), ("assistants_words", key)):
        statement = f"DELETE FROM {table} WHERE {column} = %s"  # noqa: S608
        cursor.executemany(statement, [(pk,) for pk in pks])


_INSERT_PASSAGE = """
INSERT INTO assistants_passage (assistant_id, number, field, text, words)
VALUES (%s, %s, %s, %s, %s)
"""
_FTS5_INSERT_WORDS = "INSERT INTO assistants_words(rowid, name, words) VALUES (%s, %s, %s)"
_PG_INSERT_WORDS = """
INSERT INTO assistants_words (assistant_id, name, words)
VALUES (%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))
"""

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
from assistants.search import cut_again, distinct
from assistants.services.ledger.knowledge_uses import note_knowledge
from assistants.services.ledger.metadata_uses import note_metadata
from assistants.services.ledger.record import plain

Field = Passage.Field
FieldPiece = tuple[str, Piece]
ByField = dict[str, list[Piece]]
"""The passages of an assistant, by field, in order."""
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
        note_knowledge(chunk)
        moved = write_passages([(row.pk, _texts(row, definition)) for row, definition in chunk])
        if moved:
            note_metadata((row, definition) for row, definition in chunk if row.pk in moved)


def remove_from_index(*, assistant: Assistant) -> None:
    """Remove `assistant` from the index."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM assistants_passage WHERE assistant_id = %s", [assistant.pk])
        _delete_words(cursor, [assistant.pk])


def write_passages(texts: Sequence[tuple[int, Mapping[str, str]]]) -> set[int]:
    """Write the texts of assistants, by primary key, where they differ from the stored ones.

    Returns those whose metadata differs.

    `texts` are by `Passage.Field`. The SQL is plain, because the migration that creates the tables
    uses it too.
    """
    with connection.cursor() as cursor:
        stored = _stored(cursor, [pk for pk, _ in texts])
        pieces = {
            pk: _cut_again(fields, earlier)
            for pk, whole in texts
            if (fields := _shortened(whole)) != _joined(earlier := stored.get(pk, {}))
        }
        spans = {
            pk: _changed(_in_order(stored.get(pk, {})), _in_order(by_field))
            for pk, by_field in pieces.items()
        }
        deleted = [(pk, first, end) for pk, (first, end, _passages) in spans.items()]
        inserted = [
            (pk, number, field, *piece)
            for pk, (first, _end, passages) in spans.items()
            for number, (field, piece) in enumerate(passages, first)
        ]
        cursor.executemany(_DELETE_PASSAGES, deleted)
        cursor.executemany(_INSERT_PASSAGE, inserted)
        _delete_words(cursor, list(pieces))
        words = [(pk, *_tokens(by_field)) for pk, by_field in pieces.items() if by_field]
        if connection.vendor == "postgresql":
            cursor.executemany(_PG_INSERT_WORDS, words)
        else:
            lines = [(pk, " ".join(name), " ".join(everything)) for pk, name, everything in words]
            cursor.executemany(_FTS5_INSERT_WORDS, lines)
    metadata = Field.METADATA.value
    return {
        pk
        for pk, by_field in pieces.items()
        if _joined({metadata: by_field.get(metadata, [])})
        != _joined({metadata: stored.get(pk, {}).get(metadata, [])})
    }


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


def _stored(cursor: Any, pks: Sequence[int]) -> dict[int, ByField]:
    places = ",".join(["%s"] * len(pks))
    cursor.execute(
        "SELECT assistant_id, field, text, words FROM assistants_passage"  # noqa: S608
        f" WHERE assistant_id IN ({places}) ORDER BY assistant_id, number",
        pks,
    )
    found: dict[int, ByField] = {}
    for pk, field, text, words in cursor.fetchall():
        found.setdefault(pk, {}).setdefault(field, []).append(Piece(text, words))
    return found


def _joined(by_field: ByField) -> dict[str, str]:
    return {field: "".join(piece.text for piece in pieces) for field, pieces in by_field.items()}


def _cut_again(fields: Mapping[str, str], earlier: ByField) -> ByField:
    return {field: cut_again(text, earlier.get(field, ())) for field, text in fields.items()}


def _in_order(by_field: ByField) -> list[FieldPiece]:
    return [(field, piece) for field, pieces in by_field.items() for piece in pieces]


def _changed(
    before: Sequence[FieldPiece], after: Sequence[FieldPiece]
) -> tuple[int, int, Sequence[FieldPiece]]:
    """Return which numbers change, from and up to, and what is there afterwards."""
    most = min(len(before), len(after))
    first = next((n for n in range(most) if before[n] != after[n]), most)
    if len(before) != len(after):
        return first, len(before), after[first:]
    end = next((n for n in range(most, first, -1) if before[n - 1] != after[n - 1]), first)
    return first, end, after[first:end]


def _tokens(pieces: ByField) -> tuple[list[str], list[str]]:
    """Return the tokens of the name, and those of everything."""
    everything = chain.from_iterable(pieces.get(field, ()) for field in MOST_INDEXED)
    return distinct(pieces.get(Field.NAME, ()), room=ROOM), distinct(everything, room=ROOM)


def _delete_words(cursor: Any, pks: Sequence[int]) -> None:
    key = "assistant_id" if connection.vendor == "postgresql" else "rowid"
    statement = f"DELETE FROM assistants_words WHERE {key} = %s"  # noqa: S608
    cursor.executemany(statement, [(pk,) for pk in pks])


_DELETE_PASSAGES = """
DELETE FROM assistants_passage WHERE assistant_id = %s AND number >= %s AND number < %s
"""
_INSERT_PASSAGE = """
INSERT INTO assistants_passage (assistant_id, number, field, text, words)
VALUES (%s, %s, %s, %s, %s)
"""
_FTS5_INSERT_WORDS = "INSERT INTO assistants_words(rowid, name, words) VALUES (%s, %s, %s)"
_PG_INSERT_WORDS = """
INSERT INTO assistants_words (assistant_id, name, words)
VALUES (%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))
"""

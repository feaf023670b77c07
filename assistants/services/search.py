"""The index of what is live: passages to read, and their tokens in the database's own index.

`selectors` reads the index, this writes it, in the transaction of the change.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from django.db import connection

from assistants.definition import LIMITS, Definition
from assistants.models import Assistant, Passage
from assistants.search import Passage as Piece
from assistants.search import cut, distinct
from assistants.services.record import plain

Field = Passage.Field
CHUNK = 20
"""Assistants whose texts are in memory at once."""
MOST = {
    Field.NAME: 10_000,
    Field.DESCRIPTION: 10_000,
    Field.IDENTITY: 10_000,
    Field.INSTRUCTIONS: LIMITS.instructions,
    Field.METADATA: 40_000,
}
"""Characters that are indexed: what a gateway holds may be of any size."""
ROOM = 1_000_000
"""Bytes of tokens of one assistant, in the order of `MOST`; a tsvector holds 1 MB."""


def index(*, assistant: Assistant, definition: Definition) -> None:
    """Make `assistant` findable by the words of `definition`, and no longer by earlier ones."""
    index_all([(assistant, definition)])


def index_all(pairs: Iterable[tuple[Assistant, Definition]]) -> None:
    """Do that for many assistants."""
    rows = iter(pairs)
    while chunk := list(islice(rows, CHUNK)):
        write([(row.pk, _texts(row, definition)) for row, definition in chunk])


def forget(*, assistant: Assistant) -> None:
    """Take `assistant` out of the index."""
    Passage.objects.filter(assistant=assistant).delete()
    _delete_words([assistant.pk])


def write(texts: Sequence[tuple[int, Mapping[str, str]]], passages: Any = Passage) -> None:
    """Write the texts of assistants, by their primary key, where they differ from what is there.

    `texts` are by `Passage.Field`. A migration passes the model of its time as `passages`.
    """
    stored = _stored([pk for pk, _ in texts], passages)
    changed = [
        (pk, fields) for pk, whole in texts if (fields := _shortened(whole)) != stored.get(pk, {})
    ]
    passages.objects.filter(assistant_id__in=[pk for pk, _ in changed]).delete()
    pieces = {
        pk: {name: list(cut(text)) for name, text in fields.items()} for pk, fields in changed
    }
    passages.objects.bulk_create(
        passages(
            assistant_id=pk, number=number, field=field, text=passage.text, words=passage.words
        )
        for pk, by_field in pieces.items()
        for number, (field, passage) in enumerate(
            (field, passage) for field, several in by_field.items() for passage in several
        )
    )
    _write_words([(pk, *_tokens(by_field)) for pk, by_field in pieces.items()])


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
    return {field: texts[field][: MOST[field]] for field in Field if texts[field]}


def _stored(pks: Sequence[int], passages: Any) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    rows = passages.objects.filter(assistant_id__in=pks).order_by("assistant_id", "number")
    for pk, field, text in rows.values_list("assistant_id", "field", "text"):
        fields = found.setdefault(pk, {})
        fields[field] = fields.get(field, "") + text
    return found


def _tokens(pieces: Mapping[str, list[Piece]]) -> tuple[list[str], list[str]]:
    """Return the tokens of the name, and those of everything."""
    everything = chain.from_iterable(pieces.get(field, ()) for field in MOST)
    return distinct(pieces.get(Field.NAME, ()), room=ROOM), distinct(everything, room=ROOM)


def _write_words(rows: Sequence[tuple[int, list[str], list[str]]]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.executemany(_PG_UPSERT, rows)
            return
    _delete_words([pk for pk, *_ in rows])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO assistants_words(rowid, name, words) VALUES (%s, %s, %s)",
            [(pk, " ".join(name), " ".join(words)) for pk, name, words in rows],
        )


def _delete_words(pks: Sequence[int]) -> None:
    key = "assistant_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"DELETE FROM assistants_words WHERE {key} = %s",  # noqa: S608
            [(pk,) for pk in pks],
        )


_PG_UPSERT = """
INSERT INTO assistants_words (assistant_id, name, words)
VALUES (%s, array_to_tsvector(%s::text[]), array_to_tsvector(%s::text[]))
ON CONFLICT (assistant_id) DO UPDATE SET name = excluded.name, words = excluded.words
"""

"""The search index of the history: the words that each revision added and removed.

`selectors/past` reads it. This module writes it, in the transaction that adds the revision. The SQL
is plain, since no model describes the database's own index.
"""

from collections.abc import Iterable
from itertools import chain

from django.db import connection

from assistants.definition import Definition
from assistants.diff.changed_lines import changed_lines
from assistants.models import ChangedText, Revision
from assistants.models.derived.changed_text import (
    MOST_SHOWN,
    assistant_token,
    field_token,
    workspace_token,
)
from assistants.search import cut, distinct

ROOM_FOR_TOKENS = 500_000
"""Bytes of tokens of one revision; a tsvector holds 1 MB."""
IndexedChange = tuple[Revision, Definition | None, Definition]
"""A revision, and the definition before and after it."""


def index_changes(changes: Iterable[IndexedChange]) -> None:
    """Index revisions that are not indexed yet."""
    texts, words = [], []
    for revision, old, new in changes:
        added, removed = (_storable(text) for text in changed_lines(old, new))
        tokens = distinct(chain(cut(added), cut(removed)), room=ROOM_FOR_TOKENS)
        shown = (added[:MOST_SHOWN], removed[:MOST_SHOWN])
        texts.append(ChangedText(revision_id=revision.pk, added=shown[0], removed=shown[1]))
        words.append((revision.pk, place_tokens(revision), tokens))
    ChangedText.objects.bulk_create(texts, ignore_conflicts=True)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            rows = [(pk, [*(f"@{each}" for each in place), *tokens]) for pk, place, tokens in words]
            cursor.executemany(_PG_INSERT, rows)
        else:
            lines = [(pk, " ".join(place), " ".join(tokens)) for pk, place, tokens in words]
            cursor.executemany(_FTS5_INSERT, lines)


def place_tokens(revision: Revision) -> list[str]:
    """Return the tokens for where a revision is and which fields it changes."""
    fields = {str(entry.get("field", "")) for entry in revision.changes}
    return [
        workspace_token(revision.workspace_id),
        assistant_token(revision.assistant_id),
        *sorted(field_token(field) for field in fields if field.isidentifier()),
    ]


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "ignore").decode()


_FTS5_INSERT = (
    "INSERT OR REPLACE INTO assistants_changed_words(rowid, place, words) VALUES (%s, %s, %s)"
)
_PG_INSERT = """
INSERT INTO assistants_changed_words (revision_id, words) VALUES (%s, array_to_tsvector(%s::text[]))
ON CONFLICT (revision_id) DO UPDATE SET words = excluded.words
"""

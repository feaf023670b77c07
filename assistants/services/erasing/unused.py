"""Removing long values that nothing refers to."""

from collections.abc import Iterable

from django.db import connection, transaction

from admin_ui.accounts.models import User
from assistants.models import Erasure, Text
from assistants.models.text import fetch_bodies, whole_body
from assistants.services.erasing.acts import begin_erasure, end_erasure, name_row
from assistants.services.erasing.places import TEXT_PLACES

COMMAND_LINE = "command line"


@transaction.atomic
def remove_unused(digests: Iterable[str], *, user: User | None = None) -> int:
    """Remove those of these long values that nothing refers to; returns how many.

    Meanwhile nobody else reads or writes long values, so nothing can begin to refer to one.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE assistants_text IN ACCESS EXCLUSIVE MODE")
    there = set(Text.objects.filter(pk__in=list(digests)).values_list("pk", flat=True))
    unused = there - _referred_to(there)
    if not unused:
        return 0
    erasure = begin_erasure(Erasure.Kind.PRUNE, user=user, name="" if user else COMMAND_LINE)
    for digest in sorted(unused):
        name_row(erasure, Text._meta.db_table, digest)
    for row in Text.objects.filter(base__in=unused).exclude(pk__in=unused).values_list("pk"):
        _make_whole(erasure, row[0])
    Text.objects.filter(pk__in=unused).delete()
    end_erasure(erasure)
    return len(unused)


def _make_whole(erasure: Erasure, digest: str) -> None:
    """Store a text whole that is a difference to one that goes. It stays the same text."""
    name_row(erasure, Text._meta.db_table, digest)
    body = whole_body(fetch_bodies([digest])[digest])
    Text.objects.filter(pk=digest).update(body=body, base=None)


def _referred_to(digests: set[str]) -> set[str]:
    found: set[str] = set()
    for place in TEXT_PLACES:
        if place.by_digest:
            rows = place.model._default_manager.exclude(texts=None).exclude(texts={})
            for texts in rows.values_list("texts", flat=True).iterator():
                found |= digests.intersection(texts.values())
    return found

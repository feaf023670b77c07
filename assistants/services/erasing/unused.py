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

    What is stored as a difference to one of them is stored whole.
    """
    _let_nobody_refer()
    there = set(Text.objects.filter(pk__in=list(digests)).values_list("pk", flat=True))
    return _remove(there - _referred_to(), user)


@transaction.atomic
def prune_texts() -> int:
    """Remove all long values that nothing refers to, and no difference depends on."""
    _let_nobody_refer()
    bases = dict(Text.objects.values_list("pk", "base_id"))
    needed = _referred_to() & bases.keys()
    while more := {base for pk in needed if (base := bases[pk])} - needed:
        needed |= more
    return _remove(bases.keys() - needed, None)


def _let_nobody_refer() -> None:
    """Wait for those who read or write long values, and let the next ones wait until the end."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE assistants_text IN ACCESS EXCLUSIVE MODE")


def _remove(unused: set[str], user: User | None) -> int:
    if not unused:
        return 0
    erasure = begin_erasure(Erasure.Kind.PRUNE, user=user, name="" if user else COMMAND_LINE)
    for digest in sorted(unused):
        name_row(erasure, Text._meta.db_table, digest)
    dependent = Text.objects.filter(base__in=unused).exclude(pk__in=unused)
    for digest in dependent.values_list("pk", flat=True):
        name_row(erasure, Text._meta.db_table, digest)
        body = whole_body(fetch_bodies([digest])[digest])
        Text.objects.filter(pk=digest).update(body=body, base=None)
    Text.objects.filter(pk__in=unused).delete()
    end_erasure(erasure)
    return len(unused)


def _referred_to() -> set[str]:
    found: set[str] = set()
    for place in TEXT_PLACES:
        if place.by_digest:
            rows = place.model._default_manager.exclude(texts=None).exclude(texts={})
            for texts in rows.values_list("texts", flat=True).iterator():
                found.update(texts.values())
    return found

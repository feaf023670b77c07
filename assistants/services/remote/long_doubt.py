"""Telling people of changes that have been in doubt for ten minutes."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from assistants.models import Assistant, LongDoubt
from assistants.services.announcing import announce_long_doubt
from assistants.services.ledger.doubt import revisions_in_doubt

TOO_LONG = timedelta(minutes=10)


def announce_long_doubts() -> int:
    """Announce each change that has been in doubt for ten minutes, once; returns how many."""
    count = 0
    before = timezone.now() - TOO_LONG
    rows = Assistant.objects.filter(doubt_look_at__isnull=False, workspace__archived_at=None)
    for assistant in rows.select_related("workspace").order_by("pk").iterator(chunk_size=100):
        for revision in revisions_in_doubt(assistant):
            if revision.created_at > before:
                continue
            with transaction.atomic():
                _row, is_new = LongDoubt.objects.get_or_create(revision=revision)
                if is_new:
                    announce_long_doubt(assistant=assistant, revision=revision)
                    count += 1
    return count

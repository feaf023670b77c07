"""Records when API keys were used, behind the request."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from admin_ui.accounts.guard.background_notes import NOTED_EVERY, BackgroundNotes
from admin_ui.accounts.models import ApiKey


class KeyUses(BackgroundNotes):
    """Records the last use of each key, to within `NOTED_EVERY`."""

    name = "key-use"
    what = "The use of API keys"

    def note(self, key: ApiKey) -> None:
        """Record that `key` is used now, unless a record is recent."""
        if not key.last_used_at or timezone.now() - key.last_used_at >= NOTED_EVERY:
            self.add(key.pk)

    def save(self, batch: Mapping[int, datetime]) -> None:
        for pk, used_at in batch.items():
            ApiKey.objects.filter(pk=pk).update(last_used_at=used_at)


KEY_USES = KeyUses()

"""Records when API keys were used, behind the request."""

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from admin_ui.accounts.guard.background_notes import NOTED_EVERY, BackgroundNotes
from admin_ui.accounts.models import ApiKey


class KeyUses(BackgroundNotes[int]):
    """Records when and from where each key was last used, to within `NOTED_EVERY`."""

    name = "key-use"
    what = "The use of API keys"

    def __init__(self) -> None:
        super().__init__()
        self._addresses: dict[int, str] = {}

    def note(self, key: ApiKey, address: str) -> None:
        """Record that `key` is used now from a network address, unless a record is recent."""
        if not key.last_used_at or timezone.now() - key.last_used_at >= NOTED_EVERY:
            self._addresses[key.pk] = address
            self.add(key.pk)

    def save(self, batch: Mapping[int, datetime]) -> None:
        for pk, used_at in batch.items():
            used_from = self._addresses.get(pk, "")
            ApiKey.objects.filter(pk=pk).update(last_used_at=used_at, last_used_from=used_from)


KEY_USES = KeyUses()

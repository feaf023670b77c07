"""`manage.py prune_texts`: see `help`."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from assistants.services.erasing.unused import prune_texts


class Command(BaseCommand):
    help = (
        "Remove the long texts that nothing refers to, such as those of deleted templates. Prints"
        " JSON: how many were removed. Reading long texts waits meanwhile on PostgreSQL."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(json.dumps({"removed": prune_texts()}))

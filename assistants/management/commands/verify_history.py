"""`manage.py verify_history`: see `help`."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from assistants.models import Assistant
from assistants.services.ledger.verify import verify


class Command(BaseCommand):
    help = (
        "Recompute the digests of every assistant's history. Prints JSON: assistants checked and"
        " problems found. Exit code 0 when the history is unchanged, 1 when it is not."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        checked = 0
        found: list[str] = []
        for assistant in Assistant.objects.order_by("pk").iterator(chunk_size=200):
            checked += 1
            found += verify(assistant=assistant)
        self.stdout.write(json.dumps({"assistants": checked, "problems": found}))
        if found:
            raise SystemExit(1)

"""`manage.py settle`: see `help`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from admin_ui.audit.budgets import report_due_repeats
from admin_ui.installation.fitness import refuse_unfit
from assistants.services.documents.settling import settle_everything


class Command(BaseCommand):
    help = (
        "Ask the gateways for the outcome of changes that have none yet. Prints JSON counts:"
        " settled, open (still unconfirmed), failed (the connection did not answer). Exit code 1"
        " when a connection failed, else 0. Safe to repeat. Without --now, safe to run beside the"
        " web processes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now",
            action="store_true",
            help="Do not wait for leases. Use it only when no web process is running.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unfit(connection)
        report_due_repeats()
        counts = settle_everything(now=options["now"])
        self.stdout.write(json.dumps(counts))
        if counts["failed"]:
            raise SystemExit(1)

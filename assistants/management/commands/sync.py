"""`manage.py sync`: see `help`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_ui.accounts.models import Workspace
from assistants.models import Connection
from assistants.services.bring_in import sync


class Command(BaseCommand):
    help = (
        "Compare every assistant with its remote, bring in new ones and record what changed"
        " outside. Prints JSON counts: connections, seen, added, changed, missing, failed. Exit"
        " code 0 unless something failed or the workspace is unknown (then 1). Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", nargs="?", help="Only this workspace (its slug).")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["workspace"]
        connections = Connection.objects.select_related("workspace").order_by("pk")
        if slug:
            if not Workspace.objects.filter(slug=slug).exists():
                raise CommandError(f"There is no workspace {slug!r}.")
            connections = connections.filter(workspace__slug=slug)
        counts = sync(connections=connections)
        self.stdout.write(json.dumps(counts))
        if counts["failed"]:
            raise SystemExit(1)

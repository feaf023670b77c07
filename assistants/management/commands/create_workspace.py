"""`manage.py create_workspace`: see `help`."""

import re
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from assistants.services.setup.first_start import create_workspace_with_registry


class Command(BaseCommand):
    help = (
        "Create a workspace with a connection to the built-in registry. Prints its slug. Safe to"
        " repeat. Exit code 1 if the slug is not 1 to 50 letters, digits, hyphens or underscores."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="Part of its address: letters, digits, - and _; up to 50.")
        parser.add_argument("--name", default="", help="Name on screen; the slug by default.")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = options["slug"]
        if not re.fullmatch(r"[a-zA-Z0-9_-]{1,50}", slug):
            raise CommandError(
                f"{slug!r} is not a valid slug."
                " Use 1 to 50 letters, digits, hyphens and underscores."
            )
        workspace = create_workspace_with_registry(slug=slug, name=options["name"])
        self.stdout.write(workspace.slug)

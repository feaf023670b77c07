import gc
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_ui.accounts.models import Workspace
from assistants.demo.seed import seed
from assistants.services.connections.client import registry_of


class Command(BaseCommand):
    help = (
        "Fill the registry of a workspace with made-up assistants and a year of history."
        " Prints the counts of what was added as JSON. Repeating it adds nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--assistants", type=int, default=100, metavar="N")
        parser.add_argument("--revisions", type=int, default=1000, metavar="M")
        parser.add_argument(
            "--big",
            action="store_true",
            help="give the first assistant a tenth of all revisions, and the second 250,000"
            " characters of instructions",
        )

    def handle(self, *_args: object, **options: Any) -> None:
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        registry = registry_of(workspace) if workspace else None
        if workspace is None or registry is None:
            raise CommandError(
                f"There is no workspace {options['workspace']!r} with a registry connection;"
                " make it with create_workspace."
            )
        if options["assistants"] < 1 or options["revisions"] < 1:
            raise CommandError("--assistants and --revisions must be at least 1.")
        gc.disable()  # nearly everything made here is kept, so the collector would look in vain
        try:
            added = seed(
                workspace=workspace,
                connection=registry,
                assistants=options["assistants"],
                revisions=options["revisions"],
                big=options["big"],
            )
        finally:
            gc.enable()
        self.stdout.write(json.dumps(added))

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from admin_ui.accounts.keys.keys import MOST_DAYS_TO_EXPIRY, create_api_key
from admin_ui.accounts.keys.networks import read_networks
from admin_ui.accounts.models import Workspace


class Command(BaseCommand):
    help = (
        "Create an API key for the registry of a workspace at /v1, and print it. The key is "
        "printed only once: run this again for another key. "
        "Exit codes: 0 created; 1 unknown workspace, invalid name, expiry or network; "
        "2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", metavar="WORKSPACE", help="slug of the workspace")
        parser.add_argument("--name", required=True, help="name of the application in the history")
        parser.add_argument(
            "--write", action="store_true", help="allow changes too, not only reading"
        )

        parser.add_argument(
            "--expires",
            type=int,
            metavar="DAYS",
            help="days until the key expires",
        )
        parser.add_argument(
            "--networks",
            default="",
            metavar="LIST",
            help="where it may be used, such as 203.0.113.0/24,2001:db8::/64; by default anywhere",
        )

    def handle(
        self,
        *,
        workspace: str,
        name: str,
        write: bool,
        expires: int | None = None,
        networks: str = "",
        **_options: Any,
    ) -> None:
        found = Workspace.objects.filter(slug=workspace).first()
        if found is None:
            raise CommandError(f"There is no workspace '{workspace}'.")
        if expires is not None and not 0 < expires <= MOST_DAYS_TO_EXPIRY:
            raise CommandError(f"--expires takes 1 to {MOST_DAYS_TO_EXPIRY} days.")
        ends = timezone.now() + timedelta(days=expires) if expires else None
        try:
            allowed = read_networks(networks)
        except ValidationError as error:
            raise CommandError("--networks: " + " ".join(error.messages)) from error
        try:
            _, secret = create_api_key(
                workspace=found,
                name=name,
                can_write=write,
                expires_at=ends,
                networks=allowed,
            )
        except ValidationError as error:
            raise CommandError("The name: " + " ".join(error.messages)) from error
        self.stdout.write(secret)

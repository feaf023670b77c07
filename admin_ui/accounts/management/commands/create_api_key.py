from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from admin_ui.accounts.keys.keys import MOST_DAYS_TO_EXPIRY, create_api_key
from admin_ui.accounts.models import Workspace


class Command(BaseCommand):
    help = (
        "Make an API key with which an application calls the registry of a workspace at /v1, and "
        "print it. It cannot be printed again: run this once more for another key. "
        "Exit codes: 0 made; 1 no such workspace, a bad name or an expiry that is no future day; "
        "2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", metavar="WORKSPACE", help="slug of the workspace")
        parser.add_argument("--name", required=True, help="what the history calls the application")
        parser.add_argument("--write", action="store_true", help="allow it to write, not just read")

        parser.add_argument(
            "--expires",
            type=int,
            metavar="DAYS",
            help="refuse it after so many days",
        )

    def handle(
        self,
        *,
        workspace: str,
        name: str,
        write: bool,
        expires: int | None = None,
        **_options: Any,
    ) -> None:
        found = Workspace.objects.filter(slug=workspace).first()
        if found is None:
            raise CommandError(f"There is no workspace '{workspace}'.")
        if expires is not None and not 0 < expires <= MOST_DAYS_TO_EXPIRY:
            raise CommandError(f"--expires takes 1 to {MOST_DAYS_TO_EXPIRY} days.")
        ends = timezone.now() + timedelta(days=expires) if expires else None
        try:
            _, secret = create_api_key(workspace=found, name=name, can_write=write, expires_at=ends)
        except ValidationError as error:
            raise CommandError("The name: " + " ".join(error.messages)) from error
        self.stdout.write(secret)

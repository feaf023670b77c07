"""`manage.py move_database`: see `help`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_ui.databases.connecting import database_settings
from admin_ui.databases.contents import NotDone
from admin_ui.databases.moving import move
from admin_ui.environment import Environment


class Command(BaseCommand):
    help = (
        "Copy the SQLite database to the PostgreSQL database that TARGET_DATABASE_URL names, and "
        "compare every row. Stop every server first. The SQLite file stays as it is. Safe to "
        "repeat after an interruption. "
        "Exit codes: 0 done; 1 not done, with the reason; 2 wrong usage."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--replace", action="store_true", help="delete the data that the target holds"
        )

    def handle(self, *, replace: bool, **_options: Any) -> None:
        try:
            counts = move(target_database(), replace=replace)
        except NotDone as error:
            raise CommandError(str(error)) from error
        tables = sum(map(bool, counts.values()))
        self.stdout.write(
            f"Moved {sum(counts.values())} rows of {tables} tables, and compared them."
        )
        self.stdout.write(
            "Now set DATABASE_URL to the value of TARGET_DATABASE_URL, remove TARGET_DATABASE_URL,"
            " keep SECRET_KEY and ENCRYPTION_KEYS as they are, and start the servers. Keep the"
            " SQLite file until you have made a backup of the new database."
        )


def target_database() -> dict[str, Any]:
    """Return the target as an entry of the setting DATABASES. Its address is never printed."""
    try:
        address = Environment.db_url_config(settings.TARGET_DATABASE_URL)
        is_postgres = address["ENGINE"].endswith("postgresql") and address["NAME"]
    except Exception:  # an error would quote the password
        is_postgres = False
    if not is_postgres:
        raise CommandError(
            "Set TARGET_DATABASE_URL to the new database: postgres://USER:PASSWORD@HOST:5432/NAME"
        )
    return database_settings(address, settings.DATA_DIR)

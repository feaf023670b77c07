"""`manage.py backup`: see `help`."""

from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from admin_ui.databases.contents import NotDone
from admin_ui.databases.writing_backups import secrets_to_keep, write_backup

KEPT = 14


def at_least_one(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError("it must be a whole number, 1 or more")
    return int(text)


class Command(BaseCommand):
    help = (
        "Back up the database while the dashboard is running, and check what was written. Prints "
        "the file. Only its owner may read it. "
        "Exit codes: 0 done; 1 not done, with the reason, and earlier backups are as they were; "
        "2 wrong usage."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "where",
            metavar="FILE_OR_FOLDER",
            help="a file, which is replaced, or a folder, which gets a new file named after the "
            "time (end the name with / to have it created)",
        )
        parser.add_argument(
            "--keep",
            type=at_least_one,
            default=KEPT,
            metavar="N",
            help=f"how many of these files to keep in the folder (default: {KEPT})",
        )

    def handle(self, *, where: str, keep: int, **_options: Any) -> None:
        try:
            path = write_backup(connection, where, keep=keep)
        except NotDone as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(path))
        self.stderr.write(
            f"Keep a copy of these too, apart from the backup: {', '.join(secrets_to_keep())}."
        )

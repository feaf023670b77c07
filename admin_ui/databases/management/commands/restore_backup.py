"""`manage.py restore_backup`: see `help`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection

from admin_ui.databases.contents import NotDone
from admin_ui.databases.restoring import restore_database


class Command(BaseCommand):
    help = (
        "Put a backup in the place of the database, migrate it to this release, and check its "
        "history and security events. Stop every server first. "
        "Exit codes: 0 done; 1 not done, with the reason, or done with faults, which are listed; "
        "2 wrong usage."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="what manage.py backup wrote")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="replace a database that holds data. With SQLite, the earlier file stays beside "
            "it under another name; with PostgreSQL, its tables are dropped",
        )

    def handle(self, *, file: Path, replace: bool, **_options: Any) -> None:
        if replace and connection.vendor == "postgresql":
            self.stderr.write("This drops every table of the database that DATABASE_URL names.")
        try:
            aside, found = restore_database(file, replace=replace)
        except NotDone as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(f"The database refused: {reason}.") from error
        if aside:
            self.stdout.write(f"The earlier database is now {aside}. Delete it when you want to.")
        if found:
            raise CommandError("\n".join(["Restored, but its digests show changes:", *found]))
        self.stdout.write("Restored. History and security events are unchanged since the backup.")
        self.stdout.write("Start the dashboard, then run manage.py sync.")

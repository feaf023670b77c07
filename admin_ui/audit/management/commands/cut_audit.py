from argparse import ArgumentTypeError
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date

from admin_ui.audit.retention.archive import Damaged
from admin_ui.audit.retention.cutting import cut_log


def day(text: str) -> datetime:
    """Return the beginning of a day, in the time zone of the server."""
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        raise ArgumentTypeError(f"'{text}' is not a day such as 2026-01-31.")
    return timezone.make_aware(datetime.combine(found, time.min))


class Command(BaseCommand):
    help = (
        "Move the security events from before a day to a file, one line of JSON for each, and "
        "delete them from the database. Each chain of events keeps a row with the number and the "
        "digest of the last event that was moved, so that verify_audit still works. Keep the file: "
        "`verify_audit --file` checks it. Prints what was moved. If it was stopped, run it again. "
        "Exit codes: 0 done; 1 an event was changed or is missing, or the file cannot be written; "
        "nothing was deleted then; 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--before", type=day, required=True, metavar="DAY", help="YYYY-MM-DD")
        parser.add_argument("file", type=Path, metavar="FILE", help="a new file to write")

    def handle(self, *, before: datetime, file: Path, **_options: Any) -> None:
        try:
            parts = cut_log(before=before, path=file)
        except Damaged as damage:
            raise CommandError(f"Nothing was moved. {damage}") from damage
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise CommandError(f"Nothing was moved. Cannot write {file}: {reason}.") from error
        if not parts:
            self.stdout.write("No event is that old. Nothing was written.")
        for part in parts:
            numbers = f"events {part.start[0] + 1} to {part.end[0]}"
            self.stdout.write(f"chain {part.chain}: {numbers} moved to {file}.")

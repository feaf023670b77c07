from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_ui.audit.models import AuditEvent
from admin_ui.audit.retention.archive import Damaged, read_archive
from admin_ui.audit.verify import faults


class Command(BaseCommand):
    help = (
        "Check the digests of all security events, to find any that was changed or is missing. "
        "With --file, check a file that cut_audit wrote. "
        "Exit codes: 0 no fault found; 1 faults found and listed; 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, help="a file that cut_audit wrote")

    def handle(self, *, file: Path | None = None, **_options: Any) -> None:
        if file is not None:
            self.check_file(file)
            return
        found = list(faults())
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{AuditEvent.objects.count()} events, unchanged.")

    def check_file(self, file: Path) -> None:
        try:
            with file.open(encoding="ascii") as lines:
                found = read_archive(lines)
        except Damaged as damage:
            raise CommandError(str(damage)) from damage
        except (OSError, UnicodeError) as error:
            raise CommandError(f"Cannot read {file}: {error}") from error
        for chain, (first, (last, digest)) in found.items():
            self.stdout.write(f"chain {chain}: events {first} to {last}, unchanged; ends {digest}")

"""`manage.py loaddata`: Django's own would leave a history that no page can show."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Not available. Run manage.py restore_backup, or manage.py move_database."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv[:2])  # whatever else Django's own command takes

    def handle(self, *_args: Any, **_options: Any) -> None:
        raise CommandError(
            "Nothing was changed. Run manage.py restore_backup FILE to put a backup back, or"
            " manage.py move_database to move from SQLite to PostgreSQL."
        )

"""`manage.py dumpdata`: Django's own would leave out triggers, chains and the search index."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = (
        "Not available. Run manage.py backup, or manage.py move_database to change to PostgreSQL."
    )
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv[:2])  # whatever else Django's own command takes

    def handle(self, *_args: Any, **_options: Any) -> None:
        raise CommandError(
            "Nothing was written. Run manage.py backup FILE to keep the database, or manage.py"
            " move_database to move it to PostgreSQL."
        )

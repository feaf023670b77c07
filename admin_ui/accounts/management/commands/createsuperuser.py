"""`manage.py createsuperuser`: Django's own would make an account that can do nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Not available. Run manage.py create_owner EMAIL, which is recorded."

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv[:2])  # whatever else Django's own command takes

    def handle(self, **_options: Any) -> None:
        raise CommandError(
            "Nothing was changed. Run manage.py create_owner EMAIL, which is recorded."
        )

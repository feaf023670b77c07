"""`manage.py changepassword`: Django's own would set a password that its owner did not choose."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Not available. Run manage.py password_link EMAIL: it ends all sessions and is recorded."

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv[:2])  # whatever else Django's own command takes

    def handle(self, **_options: Any) -> None:
        raise CommandError(
            "Nothing was changed. Run manage.py password_link EMAIL: it ends all sessions and is"
            " recorded."
        )

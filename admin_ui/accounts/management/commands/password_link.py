"""`manage.py password_link`: see `help`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_ui.accounts.models import User
from admin_ui.accounts.signing_in.links import password_link


class Command(BaseCommand):
    help = (
        "Print a link to choose a new password, for a person who forgot theirs. It works once, "
        "within a week. Their old password and earlier links stop working, and all their sessions "
        "end at once. "
        "Exit codes: 0 printed; 1 no active account with that address; 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="address the person signs in with")

    def handle(self, *, email: str, **_options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account with the address '{email}'.")
        self.stdout.write(password_link(user))

"""`manage.py reset_factors`: see `help`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_ui.accounts.factors.reset import reset_factors
from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import SYSTEM


class Command(BaseCommand):
    help = (
        "Remove the second factor, passkeys and recovery codes of a person who lost them, such as "
        "the last owner. Their password stays, and all their sessions and password links end at "
        "once. Prints the email address. Safe to repeat. "
        "Exit codes: 0 done; 1 unknown account; 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="address the person signs in with")

    def handle(self, *, email: str, **_options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account with the address '{email}'.")
        reset_factors(actor=SYSTEM, user=user)
        self.stdout.write(user.email)

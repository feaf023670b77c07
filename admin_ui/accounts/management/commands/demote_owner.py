"""`manage.py demote_owner`: see `help`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_ui.accounts.leaving.leaving import LastOwner, demote_owner
from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import SYSTEM


class Command(BaseCommand):
    help = (
        "Turn an owner into an ordinary account. They keep their role in each workspace they "
        "are a member of. This revokes their API keys and invitations that allow more than those "
        "roles. Prints the email address. Safe to repeat. "
        "Exit codes: 0 done; 1 unknown account, or the last owner; 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="address the owner signs in with")

    def handle(self, *, email: str, **_options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account with the address '{email}'.")
        try:
            demote_owner(actor=SYSTEM, user=user)
        except LastOwner as error:
            raise CommandError(
                f"{user.email} is the last owner. Make someone else an owner first."
            ) from error
        self.stdout.write(user.email)

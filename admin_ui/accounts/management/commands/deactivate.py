"""`manage.py deactivate`: see `help`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from admin_ui.accounts.leaving.belongings import Decision, Undecided, belongings_of
from admin_ui.accounts.leaving.leaving import LastOwner, deactivate, reactivate
from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import SYSTEM


class Command(BaseCommand):
    help = (
        "Deactivate an account. This signs the person out everywhere, disables links that set "
        "their password, and revokes the API keys and invitations they created. Publishers "
        "decide about their drafts. Prints the email address. Safe to repeat. "
        "Exit codes: 0 done; 1 unknown account, the last owner, or keys created in the meantime "
        "(run it again); 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="address the person signs in with")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--keep-keys", action="store_true", help="keep their API keys active")
        how.add_argument(
            "--reactivate",
            action="store_true",
            help="let them sign in again; revoked keys stay revoked",
        )

    def handle(self, *, email: str, keep_keys: bool, reactivate: bool, **_options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"There is no account with the address '{email}'.")
        if reactivate:
            bring_back(user)
        else:
            shut(user, keep_keys=keep_keys)
        self.stdout.write(user.email)


def bring_back(user: User) -> None:
    reactivate(actor=SYSTEM, user=user)


def shut(user: User, *, keep_keys: bool) -> None:
    decisions = None
    if keep_keys:
        decisions = {
            entry.field: Decision(
                "keep" if entry.kind == "key" else entry.choices[0].value, entry.mark
            )
            for entry in belongings_of(user)
        }
    try:
        deactivate(actor=SYSTEM, user=user, decisions=decisions)
    except LastOwner as error:
        raise CommandError(
            f"{user.email} is the last owner. Make someone else an owner first."
        ) from error
    except Undecided as error:
        raise CommandError("They created something new in the meantime. Run this again.") from error

"""`manage.py create_owner`: see `help`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from admin_ui.accounts.services import save_account
from admin_ui.accounts.signing_in.links import password_link
from admin_ui.accounts.signing_in.passwords import checked_email, password_from_stdin


class Command(BaseCommand):
    help = (
        "Create an owner account, or make an existing account an owner. --password-stdin prints "
        "the email address. --link prints only a link that sets the password and works "
        "once; the old password of the account stops working, and all its sessions end at once. "
        "Safe to repeat: it sets the password again, or prints another link that replaces the "
        "previous one. "
        "Exit codes: 0 done; 1 invalid address, or missing or weak password; 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL", help="address the owner signs in with")
        parser.add_argument("--name", default="", help="name, if the account has none yet")
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        how.add_argument("--link", action="store_true", help="print a link that sets the password")

    def handle(self, *, email: str, name: str, password_stdin: bool, **_options: Any) -> None:
        checked_email(email)
        password = password_from_stdin(email) if password_stdin else None
        user, _created = save_account(email=email, name=name, password=password, is_owner=True)
        self.stdout.write(user.email if password_stdin else password_link(user))

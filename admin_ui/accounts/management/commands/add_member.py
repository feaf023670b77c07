"""`manage.py add_member`: see `help`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.passwords import checked_email, password_from_stdin
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.services import (
    LastAdmin,
    add_member,
    change_role,
    password_link,
    save_account,
)


class Command(BaseCommand):
    help = (
        "Add a person to a workspace, with an account if they have none. With --password-stdin it "
        "prints the e-mail address, with --link only the link that sets the password, once. Safe "
        "to repeat: updates the role and the password. "
        "Exit codes: 0 done; 1 no such workspace, not an address, a password that is missing or "
        "too weak, or the last admin would become something else; 2 wrong usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", metavar="WORKSPACE", help="slug of the workspace")
        parser.add_argument("email", metavar="EMAIL", help="with which the person signs in")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--name", default="", help="for an account that has none yet")
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        how.add_argument("--link", action="store_true", help="print a link that sets the password")

    def handle(
        self,
        *,
        workspace: str,
        email: str,
        role: str,
        name: str,
        password_stdin: bool,
        **_options: Any,
    ) -> None:
        found = Workspace.objects.filter(slug=workspace).first()
        if found is None:
            raise CommandError(f"There is no workspace '{workspace}'.")
        checked_email(email)
        password = password_from_stdin(email) if password_stdin else None
        with transaction.atomic():
            user, _created = save_account(email=email, name=name, password=password)
            member = Member.objects.filter(workspace=found, user=user).first()
            try:
                if member is None:
                    add_member(actor=SYSTEM, workspace=found, email=user.email, role=Role(role))
                else:
                    change_role(actor=SYSTEM, member=member, role=Role(role))
            except LastAdmin as error:
                raise CommandError(
                    f"{user.email} is the last admin of '{workspace}'. Make somebody else an "
                    "admin first."
                ) from error
            user.refresh_from_db()
        self.stdout.write(user.email if password_stdin else password_link(user))

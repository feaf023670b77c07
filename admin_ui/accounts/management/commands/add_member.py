"""`manage.py add_member`: see `help`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.leaving.leaving import change_role
from admin_ui.accounts.models import Member, Workspace
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.services import (
    AlreadyMember,
    LastAdmin,
    add_member,
    save_account,
)
from admin_ui.accounts.signing_in.passwords import checked_email, password_from_stdin


class Command(BaseCommand):
    help = (
        "Add a person to a workspace. --password-stdin creates an account with that password and "
        "prints the email address. --link prints only an invitation link; the person joins when "
        "they accept it. Safe to repeat: it updates the role and the password, or prints a new "
        "link that replaces the previous one. "
        "A lower role revokes the person's API keys and invitations that allow more than it does. "
        "Exit codes: 0 done; 1 unknown workspace, invalid address, missing or weak password, "
        "--link for somebody who is a member already, or a lower role for the last admin; 2 wrong "
        "usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", metavar="WORKSPACE", help="slug of the workspace")
        parser.add_argument("email", metavar="EMAIL", help="address the person signs in with")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--name", default="", help="name, if the account has none yet")
        how = parser.add_mutually_exclusive_group(required=True)
        how.add_argument(
            "--password-stdin", action="store_true", help="read the password from standard input"
        )
        how.add_argument("--link", action="store_true", help="print an invitation link")

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
        email = checked_email(email).strip().lower()
        if password_stdin:
            self.stdout.write(add(found, email, Role(role), name, password_from_stdin(email)))
        else:
            self.stdout.write(invitation_link(found, email, Role(role), name))


@transaction.atomic
def add(workspace: Workspace, email: str, role: Role, name: str, password: str) -> str:
    """Give the person that password and role; returns their address. Raises `CommandError`."""
    user, _created = save_account(email=email, name=name, password=password)
    member = Member.objects.filter(workspace=workspace, user=user).first()
    try:
        if member is None:
            add_member(actor=SYSTEM, workspace=workspace, user=user, role=role)
        elif member.role != role:
            change_role(actor=SYSTEM, member=member, role=role)
    except LastAdmin as error:
        raise CommandError(
            f"{email} is the last admin of '{workspace.slug}'. Make someone else an admin first."
        ) from error
    return user.email


def invitation_link(workspace: Workspace, email: str, role: Role, name: str) -> str:
    """Invite the person and return the link. Raises `CommandError` for a member."""
    try:
        invited = invite(
            actor=SYSTEM, workspace=workspace, email=email, role=role, name=name, shows_link=True
        )
    except AlreadyMember as error:
        raise CommandError(
            f"{email} is already in '{workspace.slug}'. For a forgotten password: "
            f"manage.py password_link {email}"
        ) from error
    return str(invited.link)

"""Reads the password of a command from standard input and checks it like any other."""

import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from admin_ui.accounts.models import User
from admin_ui.accounts.signing_in.addresses import check_arrives


def checked_email(email: str) -> str:
    """Return `email`. Raises `CommandError` if it is invalid, or its mail could reach another."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"'{email}' is not an email address.") from error
    try:
        check_arrives(email)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return email


def password_from_stdin(email: str) -> str:
    """Return the password on standard input. Raises `CommandError` for a missing or a weak one."""
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise CommandError("There is no password on standard input.")
    try:
        validate_password(password, User(email=email))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password

"""Sets the password that a person chooses, signed in or by a link."""

from django.db import transaction

from admin_ui.accounts.models import User
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record


class AccountMoved(Exception):
    """The account has changed since the request began; the password was not set."""


@transaction.atomic
def set_password(user: User, password: str) -> None:
    """Set the password of `user`, and change nothing else.

    Raises `AccountMoved` when the account was deactivated, got another password or a new link, or
    lost its sessions after `user` was read.
    """
    row = User.objects.select_for_update().get(pk=user.pk)
    if not row.is_active or _state_of(row) != _state_of(user):
        raise AccountMoved
    user.set_password(password)
    user.save(update_fields=["password"])


def _state_of(user: User) -> tuple[str, str, int]:
    return user.password, user.link_seed, user.session_epoch


def password_was_changed(user: User) -> None:
    """Note that `user`, who is signed in, chose another password on the page for it."""
    record(EventKind.PASSWORD, actor=user, about=user.email)

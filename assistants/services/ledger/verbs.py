"""What every action that writes to a remote asks before it begins."""

from django.db import transaction

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.services.ledger.record import check_note


def check_verb(author: Member, action: Action, *, note: str = "") -> None:
    """Raise an error if an action that writes to a remote must not begin.

    Raises `NotAllowed`, `Invalid` if the note is too long, and `RuntimeError` inside a transaction,
    whose rollback would erase the record of a call that was made.
    """
    if not can(author, action):
        raise NotAllowed(action)
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            "a write to a remote inside a transaction would vanish with its rollback"
        )
    check_note(note)

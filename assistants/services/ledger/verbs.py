"""What every action that writes to a remote asks before it begins."""

from django.db import transaction

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.services.errors import NoteRequired
from assistants.services.ledger.record import check_note


def check_verb(author: Member, action: Action, *, note: str | None) -> None:
    """Raise an error if an action that writes to a remote must not begin.

    `note` is None for what leaves no entry in the history of an assistant. Raises `NotAllowed`,
    what `check_note_by` raises, and `RuntimeError` inside a transaction, whose rollback would erase
    the record of a call that was made.
    """
    if not can(author, action):
        raise NotAllowed(action)
    if transaction.get_connection().in_atomic_block:
        raise RuntimeError(
            "a write to a remote inside a transaction would vanish with its rollback"
        )
    if note is not None:
        check_note_by(author, note)


def check_note_by(author: Member, note: str) -> None:
    """Raise `Invalid` if a note is too long, and `NoteRequired` if the workspace misses one."""
    check_note(note)
    if author.workspace.requires_note and not note.strip():
        raise NoteRequired

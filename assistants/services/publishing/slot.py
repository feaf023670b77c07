"""Taking the slot: the start of every change that is sent to a remote."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member, User
from assistants.definition import Definition
from assistants.models import Assistant, Revision, Schedule
from assistants.services.approving.clearing import clear_change, note_passed
from assistants.services.errors import Busy, InDoubt
from assistants.services.ledger.doubt import revisions_in_doubt
from assistants.services.ledger.record import Author, add_revision, lock_assistant

READ_BACK_SHARE = 0.25
"""Part of `GATEWAY_PUBLISH_DEADLINE` that is reserved for reading back a write in doubt."""


def write_by(deadline: float) -> float:
    """Return when a write has to end, so that it can be read back before `deadline`.

    Both are `time.monotonic` values.
    """
    reserve: float = settings.GATEWAY_PUBLISH_DEADLINE * READ_BACK_SHARE
    return deadline - reserve


def begin_change(
    *,
    assistant: Assistant,
    kind: str,
    wanted: Definition,
    live: Definition | None,
    author: Author,
    drafter: User | None,
    note: str,
    written_by: str = "",
    over_doubt: bool = False,
    member: Member | None = None,
    override: str = "",
    unattended: Schedule | None = None,
) -> Revision | None:
    """Insert the revision and take the assistant's slot, in one transaction.

    Returns None if somebody else took the slot or changed what is live since `assistant` was read;
    then the caller starts again. Raises `InDoubt` while an earlier change may still arrive, unless
    `over_doubt`; and what `clear_change` raises, unless `member` has the right to `override` the
    approval policy for this reason. `unattended` is as there.
    """
    with transaction.atomic():
        row = lock_assistant(assistant.pk)
        if row.slot_id or row.live_id != assistant.live_id or row.state != assistant.state:
            return None
        if not over_doubt and (doubtful := revisions_in_doubt(row)):
            raise InDoubt(doubtful)
        passed = clear_change(
            row=row,
            kind=kind,
            wanted=wanted,
            live=live,
            member=member,
            drafter=drafter,
            override=override,
            unattended=unattended,
        )
        revision = add_revision(
            assistant=row,
            kind=kind,
            definition=wanted,
            old=live,
            base=assistant.live,
            author=author,
            drafter=drafter,
            written_by=written_by,
            note=note,
        )
        note_passed(revision, passed)
        row.slot = revision
        row.slot_until = timezone.now() + timedelta(seconds=settings.PUBLISH_LEASE_SECONDS)
        row.save(update_fields=["last_number", "last_digest", "slot", "slot_until"])
    return revision


def busy_with(assistant: Assistant, *, otherwise: str) -> Busy:
    """Return who holds the slot of `assistant`, and until when; `otherwise` if it is free."""
    fresh = Assistant.objects.select_related("slot").get(pk=assistant.pk)
    if fresh.slot is None:
        return Busy(otherwise)
    return Busy(fresh.slot.author_name, fresh.slot_until)

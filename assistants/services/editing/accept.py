"""Accepting what a remote holds, after an outside change or where it was stored differently."""

from django.db import transaction

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.models import Acceptance, Assistant, Draft, Revision, Trouble, needs_a_look
from assistants.services.errors import NoTarget
from assistants.services.ledger.reading import newest_outcome
from assistants.services.ledger.record import lock_assistant, plain
from assistants.services.rights.checks import check_whole

ABOUT_LIVE = (Trouble.DIFFERS, Trouble.OUTSIDE, Trouble.ARRIVED_LATE)


def accept_revision(*, author: Member, assistant: Assistant, revision: Revision) -> Acceptance:
    """Record that `author` accepts what the remote holds after `revision`.

    This is for a revision that was stored differently, was made outside, or arrived late and
    replaced a newer one. The list no longer marks it. If the author has a draft that equals what
    was sent, it is dropped. Accepting again returns the first acceptance. It speaks for
    the whole assistant, so it needs the right to change every field. Raises `NotAllowed`, and
    `NoTarget` if there is nothing to accept.
    """
    if not can(author, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    check_whole(author, assistant, Action.PUBLISH)
    if revision.assistant_id != assistant.pk:
        raise NoTarget
    with transaction.atomic():
        row = lock_assistant(assistant.pk)
        is_live = row.live_id == revision.pk
        late = is_live and row.trouble == Trouble.ARRIVED_LATE
        if not late and not needs_a_look(revision, newest_outcome(revision)):
            raise NoTarget
        acceptance, _ = Acceptance.objects.get_or_create(
            revision=revision,
            defaults={"user": author.user, "name": plain(str(author.user), 200)},
        )
        if is_live and row.trouble in ABOUT_LIVE:
            row.trouble = ""
            row.save(update_fields=["trouble"])
        sent = revision.definition
        for draft in Draft.objects.filter(assistant=row, user=author.user, base=revision):
            if draft.definition == sent:
                draft.delete()
    return acceptance

"""Bringing back an earlier state of a draft."""

from django.db import transaction
from django.db.models import F

from admin_ui.accounts.models import Member
from assistants.models import Assistant, Draft, DraftState
from assistants.services.editing.drafts import EditorTab, save_draft
from assistants.services.editing.states import note_told
from assistants.services.ledger.record import lock_assistant


def bring_back(*, author: Member, assistant: Assistant, state: DraftState, seen: str) -> Draft:
    """Make `state`, one of the author's own, their draft again; the current one becomes a state.

    `seen` is the digest of the draft that they were shown ("" for none). Raises `NotAllowed`, and
    `DraftMoved` if the draft is another now.
    """
    with transaction.atomic():
        draft = save_draft(
            author=author,
            assistant=assistant,
            definition=state.definition,
            base=state.base,
            kind=state.kind,
            page=EditorTab(seen=seen),
            replaces=True,
            writers=state.writers,
        )
        Draft.objects.filter(pk=draft.pk).update(writer_ids=state.writer_ids)
        note_told(user=author.user, assistant=draft.assistant)
    return draft


def mark_told(*, author: Member, assistant: Assistant) -> None:
    """Record that the author has seen what colleagues did with their draft."""
    with transaction.atomic():
        note_told(user=author.user, assistant=lock_assistant(assistant.pk))


def answer_return(*, author: Member, assistant: Assistant) -> None:
    """Take a returned draft as changed, if the author saved another text since it was returned."""
    mine = Draft.objects.filter(assistant=assistant, user=author.user, is_returned=True)
    mine.exclude(digest=F("returned_digest")).update(is_returned=False)

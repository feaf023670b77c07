"""What a publisher does with a colleague's draft: return it, take it over, discard it.

Each acts only on the draft that the publisher was shown: `seen` is its digest. A publisher with
narrowed rights decides about a draft only if every field that it changes is theirs. The author
learns of it in the editor and on Home.
"""

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.accounts.services import lock_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from assistants.models import Assistant, Draft, StateReason
from assistants.selectors.left import has_left
from assistants.services.editing.drafts import definition_of
from assistants.services.editing.states import forget_untouched, keep_state
from assistants.services.errors import DraftMoved, HasDraft, NoReason
from assistants.services.ledger.record import check_note, lock_assistant, plain
from assistants.services.rights.checks import check_changes


def writers_of(draft: Draft, *, author: User) -> str:
    """Return the names, for the history, of the people other than `author` who wrote `draft`."""
    names = [draft.writers, "" if draft.user_id == author.pk else str(draft.user)]
    return ", ".join(filter(None, names)) if draft.writers else ""


def return_draft(
    *, author: Member, assistant: Assistant, user: User, seen: str, note: str
) -> Draft:
    """Give the draft of `user` back to them with a note about what is missing. Returns it.

    It stays theirs as it is. Raises `NotAllowed`, `NoReason` without a note, `Invalid` for one that
    is too long, `Draft.DoesNotExist`, and `DraftMoved` if the draft has changed since.
    """
    check_note(note)
    if not note:
        raise NoReason
    with transaction.atomic():
        draft = _hold(author, assistant, user, seen)
        draft.returned_at, draft.returned_by = timezone.now(), plain(str(author.user), 200)
        draft.returned_note, draft.returned_digest = plain(note), draft.known_digest
        draft.is_returned = True
        draft.save(update_fields=RETURNED)
    return draft


RETURNED = ("returned_at", "returned_by", "returned_note", "returned_digest", "is_returned")


def take_over(
    *, author: Member, assistant: Assistant, user: User, seen: str | None = None
) -> Draft:
    """Make the draft of `user` the author's own. Returns it.

    Somebody who can still edit finds it among their earlier states; then `seen` is needed. Raises
    `NotAllowed`, `Draft.DoesNotExist`, `DraftMoved`, and `HasDraft` when the author has a draft of
    this assistant already, which is never overwritten.
    """
    with transaction.atomic():
        draft = _hold(author, assistant, user, seen)
        if not has_left(draft):
            _refuse_second(draft, author.user)
            keep_state(draft, reason=StateReason.TAKEN_OVER, by=author.user, told=False)
        return move_draft(draft, author.user)


def discard_theirs(
    *, author: Member, assistant: Assistant, user: User, seen: str, note: str = ""
) -> None:
    """Drop the draft of `user`, who finds it among their earlier states, with the `note`.

    If `user` has left, it is gone, and the assistant too if it is only this draft. Otherwise the
    note is needed: raises `NoReason` without one. Also raises `NotAllowed`, `Invalid`,
    `Draft.DoesNotExist`, and `DraftMoved` if it has changed since.
    """
    check_note(note)
    with transaction.atomic():
        draft = _hold(author, assistant, user, seen)
        if not has_left(draft):
            if not note:
                raise NoReason
            reason = StateReason.DISCARDED
            keep_state(draft, reason=reason, by=author.user, note=plain(note), told=False)
        drop_draft(draft)


def _hold(author: Member, assistant: Assistant, user: User, seen: str | None) -> Draft:
    if not can(author, Action.PUBLISH) or author.workspace_id != assistant.workspace_id:
        raise NotAllowed(Action.PUBLISH)
    actor = lock_actor(author, Action.PUBLISH)
    row = lock_assistant(assistant.pk)
    rows = Draft.objects.select_related("user", "base").exclude(user=author.user)
    draft = rows.get(assistant=row, user=user)
    draft.assistant = row
    if draft.known_digest != seen and not (seen is None and has_left(draft)):
        raise DraftMoved(draft)
    if actor.is_narrowed:
        base = definition_of(draft.base)
        check_changes(actor, row, draft.definition, base, action=Action.PUBLISH)
    return draft


def _refuse_second(draft: Draft, to: User) -> None:
    if Draft.objects.filter(assistant=draft.assistant_id, user=to).exists():
        raise HasDraft


MOVED = ("user", "writers", "writer_ids", "tab", "turn", "updated_at", "is_returned")


def move_draft(draft: Draft, to: User) -> Draft:
    """Give `draft`, whose assistant is locked, to somebody else; the history will name both."""
    _refuse_second(draft, to)
    before = draft.user
    draft.writers = plain(", ".join(filter(None, [draft.writers, str(before)])), 200)
    draft.writer_ids = [*(pk for pk in draft.writer_ids if pk != before.pk), before.pk]
    draft.user, draft.tab, draft.turn, draft.updated_at = to, "", 0, timezone.now()
    draft.is_returned = False
    draft.save(update_fields=MOVED)
    _record(draft, {"from": before.audit_name, "to": to.audit_name})
    return draft


def drop_draft(draft: Draft) -> None:
    """Delete somebody's `draft`, whose assistant is locked."""
    _record(draft, {"from": draft.user.audit_name, "discarded": True})
    draft.delete()
    forget_untouched(draft.assistant)


def _record(draft: Draft, details: dict[str, object]) -> None:
    about = plain(str(draft.assistant), 254)
    numbers = {"assistant": draft.assistant_id}
    workspace = draft.assistant.workspace
    record(EventKind.DRAFT_MOVED, workspace=workspace, about=about, details=details | numbers)

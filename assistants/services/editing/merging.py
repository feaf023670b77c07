"""Merging a draft with what has become live since it was begun."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.definition import Definition
from assistants.diff import Pick, join_picks, summarise
from assistants.models import Draft, Revision, StateReason
from assistants.models.begun import refer
from assistants.services.editing.drafts import definition_of
from assistants.services.editing.states import keep_state
from assistants.services.errors import Conflict, DraftMoved
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import lock_assistant
from assistants.services.rights.checks import check_changes


def conflict_of(draft: Draft) -> Conflict | None:
    """Return the conflict that publishing `draft` would raise now, without calling a gateway.

    None if live is still the draft's base, or equals the draft.
    """
    assistant = draft.assistant
    if assistant.live is None or draft.base_id == assistant.live_id:
        return None
    live = live_definition(assistant)
    if live.digest == draft.definition.digest:
        return None
    return Conflict(
        base=definition_of(draft.base),
        mine=draft.definition,
        live=live,
        live_revision=assistant.live,
    )


def resolve(
    *,
    author: Member,
    draft: Draft,
    conflict: Conflict,
    choices: Mapping[str, str] | None = None,
    picks: Mapping[str, Sequence[Pick]] | None = None,
) -> Draft:
    """Rebase `draft` onto what is live, with the changes of both sides merged. Returns it.

    `choices` maps a field to `mine` or `theirs`. Every field that clashes needs a choice; for the
    others, a choice overrides merging. Instead, `picks` maps a text of `conflict.texts` to one pick
    for each place that clashes, in order. The draft may be a colleague's. Raises the `Conflict`
    again while a clash has no choice, `NotAllowed`, and `DraftMoved` if the draft has changed since
    the conflict was found.
    """
    merged = conflict.merge.definition
    chosen: dict[str, Any] = {}
    for entry in conflict.fields:
        choice = (choices or {}).get(entry.field)
        if picks and entry.field in picks:
            chosen[entry.field] = _put_together(conflict, entry.field, picks[entry.field])
        elif choice == "mine":
            chosen[entry.field] = entry.mine
        elif choice == "theirs":
            chosen[entry.field] = entry.theirs
        elif entry.clash:
            raise conflict
    return rebase(
        author=author,
        draft=draft,
        definition=merged.replace(**chosen),
        base=conflict.live_revision,
        live=conflict.live,
    )


def _put_together(conflict: Conflict, field: str, picks: Sequence[Pick]) -> str:
    stretches = conflict.texts.get(field, ())
    if not picks or len(picks) != sum(stretch.is_clash for stretch in stretches):
        raise conflict
    return join_picks(stretches, picks)


def rebase(
    *, author: Member, draft: Draft, definition: Definition, base: Revision, live: Definition
) -> Draft:
    """Store a draft that now starts from `base`, whose definition is `live`.

    Open pages that show the old draft get a conflict when they save. Raises `NotAllowed` (a
    colleague's draft needs a publisher; a changed field may not be theirs), and `DraftMoved` if it
    was saved meanwhile.
    """
    if not can(author, Action.EDIT_DRAFT):
        raise NotAllowed(Action.EDIT_DRAFT)
    if draft.user_id != author.user.pk and not can(author, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    changes, parts = summarise(live, definition), refer(definition)
    with transaction.atomic():
        lock_assistant(draft.assistant_id)
        now = Draft.objects.select_related("base", "user").filter(pk=draft.pk).first()
        if now is None or now.definition != draft.definition:
            raise DraftMoved(now or draft)
        now.assistant = draft.assistant
        check_changes(
            author, draft.assistant, definition, live, now.definition, action=Action.EDIT_DRAFT
        )
        keep_state(now, reason=StateReason.MERGED, by=author.user)
        now.base, now.changes = base, changes
        now.hold(parts)
        now.tab, now.turn, now.updated_at = "", 0, timezone.now()
        now.save()
    return now

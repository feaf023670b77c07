"""Earlier states of a draft: copies kept for two days, for its author to look at and bring back.

A copy is made before anything replaces, merges, discards or takes over a draft, and once in ten
minutes of typing. The caller's transaction has locked the assistant's row.
"""

import json
from datetime import timedelta
from itertools import accumulate

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from admin_ui.accounts.models import User
from assistants.models import (
    STATE_KEPT_FOR,
    Assistant,
    ChangeRequest,
    Draft,
    DraftState,
    State,
    StateReason,
)
from assistants.models.begun import refer
from assistants.services.ledger import search_index
from assistants.services.ledger.record import lock_assistant, plain

STATE_EVERY = timedelta(minutes=10)
MOST_STATES = 50
MOST_STATE_CHARACTERS = 5_000_000
"""Limits for one draft. The newest is kept, and what its author has not been told of."""


def keep_before_save(draft: Draft, *, digest: str, by: User, replaces: bool) -> None:
    """Keep what `draft` holds before a save of `digest`; only now and then, unless it `replaces`
    another text. The caller saves the draft."""
    if draft.known_digest != digest and (replaces or _is_due(draft)):
        keep_state(draft, reason=StateReason.REPLACED if replaces else StateReason.PAUSE, by=by)


def keep_before_drop(draft: Draft, *, by: User, is_asked: bool) -> None:
    """Keep `draft`, which is deleted now: now and then only, unless a person asked for it."""
    if is_asked or _is_due(draft):
        keep_state(draft, reason=StateReason.DISCARDED if is_asked else StateReason.PAUSE, by=by)


def _is_due(draft: Draft) -> bool:
    return timezone.now() - (draft.state_at or draft.created_at) >= STATE_EVERY


def keep_state(
    draft: Draft, *, reason: StateReason, by: User, note: str = "", told: bool = True
) -> None:
    """Keep what `draft` holds for its author, unless that is kept already.

    `by` is who changes it now, and `note` why. Unless `told`, its author has to see that first: it
    is kept until they have, and two days beyond.
    """
    now, digest = timezone.now(), draft.known_digest
    draft.state_at = now
    mine = DraftState.objects.filter(assistant=draft.assistant_id, user=draft.user_id)
    newest = mine.order_by("-taken_at", "-pk").values_list("digest", "kept_until").first()
    if told and newest and newest[0] == digest and (newest[1] is None or newest[1] > now):
        return
    state = DraftState(
        assistant_id=draft.assistant_id,
        user_id=draft.user_id,
        base_id=draft.base_id,
        changes=draft.changes,
        kind=draft.kind,
        writers=draft.writers,
        writer_ids=draft.writer_ids,
        reason=reason,
        by_name=plain(str(by), 200),
        note=note,
        taken_at=now,
        kept_until=now + STATE_KEPT_FOR if told else None,
    )
    state.hold(refer(draft.definition, whole=0))
    state.size = len(json.dumps(state.content))
    state.save()
    DraftState.objects.filter(pk__in=_beyond(mine)).delete()
    if not told:
        Assistant.objects.filter(pk=draft.assistant_id).update(has_untold=True)


def _beyond(states: QuerySet[DraftState]) -> list[int]:
    """Return the oldest of one draft's states, beyond the limits."""
    kept = states.filter(kept_until__isnull=False).order_by("-taken_at", "-pk")
    rows = list(kept.values_list("pk", "size"))
    sizes = accumulate(size for _pk, size in rows)
    return [
        pk
        for number, ((pk, _size), size) in enumerate(zip(rows, sizes, strict=True))
        if number >= MOST_STATES or (number and size > MOST_STATE_CHARACTERS)
    ]


def note_told(*, user: User, assistant: Assistant) -> None:
    """Record that `user` has seen what colleagues did with their draft: from now on, what was put
    away expires, and a returned draft is theirs to change. The caller holds the assistant."""
    Draft.objects.filter(assistant=assistant, user=user).update(is_returned=False)
    untold = DraftState.objects.filter(assistant=assistant, kept_until=None)
    untold.filter(user=user).update(kept_until=timezone.now() + STATE_KEPT_FOR)
    if not untold.exists():
        Assistant.objects.filter(pk=assistant.pk).update(has_untold=False)


def forget_untouched(row: Assistant, *, by: User | None = None) -> None:
    """Delete an assistant that never was more than a draft, after its last draft is gone.

    It stays while people other than `by`, who discarded the last one, can bring theirs back, and
    for good once it was submitted for review.
    """
    if row.last_number or row.drafts.exists() or row.change_requests.exists():
        return
    if not row.states.exclude(user=by).exists():
        search_index.remove_from_index(assistant=row)
        row.delete()


def forget_without_text() -> int:
    """Delete assistants that never were more than a draft, which is gone with all its states.

    Returns how many; those of a transaction under way are not seen yet.
    """
    drafts = Draft.objects.filter(assistant=OuterRef("pk"))
    states = DraftState.objects.filter(assistant=OuterRef("pk"))
    rows = Assistant.objects.filter(state=State.DRAFT, last_number=0)
    submitted = ChangeRequest.objects.filter(assistant=OuterRef("pk"))
    rows = rows.filter(~Q(Exists(drafts)) & ~Q(Exists(states)) & ~Q(Exists(submitted)))
    pks = list(rows.values_list("pk", flat=True)[:MOST_STATES])
    for pk in pks:
        with transaction.atomic():
            forget_untouched(lock_assistant(pk))
    return len(pks)


def expired_states() -> QuerySet[DraftState]:
    """Return the states that were kept long enough."""
    return DraftState.objects.filter(kept_until__lt=timezone.now())

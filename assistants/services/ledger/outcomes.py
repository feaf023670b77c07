"""Updating our row of the assistant with the outcome of a change."""

from django.utils import timezone

from admin_ui.notices.kinds import NoticeKind
from assistants.approval.rules import missing_approvals
from assistants.definition import (
    Definition,
    changed_fields,
    filled_in,
    same_value,
    stored_otherwise,
)
from assistants.diff import summarise
from assistants.gateway import GatewayError, RemoteAssistant
from assistants.models import (
    KEY_AUTHOR,
    Assistant,
    Clearance,
    Draft,
    Kind,
    Outcome,
    Revision,
    State,
    Status,
    Trouble,
)
from assistants.models.assistant import DESCRIBED
from assistants.models.begun import HELD, refer
from assistants.selectors.change_requests.freezes import freeze_in_force
from assistants.selectors.change_requests.policies import fields_of, policies_in_force
from assistants.services.announcing import announce_applied, announce_no_effect
from assistants.services.approving.clearing import Pass, fields_lacking, note_passed
from assistants.services.approving.ending import end_request
from assistants.services.approving.telling import overseers, tell_lacking
from assistants.services.ledger import search_index
from assistants.services.ledger.doubt import next_look_at
from assistants.services.ledger.reading import live_definition, newest_outcome
from assistants.services.ledger.record import add_outcome

OUTSIDE_KINDS = (Kind.OUTSIDE, Kind.KEY, Kind.MISSING)
UNSETTLED = (Trouble.UNCONFIRMED, Trouble.NOT_DELIVERED)


def record_applied(
    *,
    assistant: Assistant,
    revision: Revision,
    sent: Definition,
    remote: RemoteAssistant,
    expected: Definition | None = None,
) -> Outcome:
    """Record that the remote holds `revision` now: it gets the next version and is live.

    The assistant's row must be locked. `remote` is the gateway's answer. If it differs from what
    was `sent`, the outcome keeps both, and each difference is trouble unless it is a default that
    was filled in. `expected` is what should be stored if that is not `sent`: after a late change,
    both that change and the one published before it arrived. The drafts of this change are
    dropped.
    """
    stored = remote.definition
    expected = expected or sent
    note_unapproved(assistant, revision, sent=sent, stored=stored)
    outcome = add_outcome(
        revision=revision,
        status=Status.APPLIED,
        version=assistant.live_version + 1,
        sent=sent,
        stored=stored,
        expected=expected,
    )
    assistant.remote_id = remote.id
    assistant.remote_created_at = remote.created_at or assistant.remote_created_at
    assistant.etag = remote.etag or ""
    assistant.state = State.LIVE
    assistant.live = revision
    assistant.live_version += 1
    assistant.live_digest = stored.digest
    assistant.trouble = _trouble(revision, outcome)
    assistant.describe(stored)
    assistant.changed_at = revision.created_at
    assistant.changed_by = "" if revision.kind == Kind.BRING_IN else revision.author_name
    assistant.checked_at = timezone.now()
    assistant.doubt_look_at = next_look_at(assistant)
    release(assistant, revision)
    assistant.save()
    settle_draft(revision, sent, stored)
    search_index.index_assistant(assistant=assistant, definition=stored)
    if not end_request(revision, outcome):
        announce_applied(assistant=assistant, revision=revision, outcome=outcome)
    return outcome


def record_removed(*, assistant: Assistant, revision: Revision) -> Outcome:
    """Record that the remote no longer has the assistant (deleted here, or found missing)."""
    live = revision.definition if revision.kind == Kind.MISSING else None
    if live is not None:
        note_unapproved(assistant, revision, sent=live, stored=live)
    outcome = add_outcome(revision=revision, status=Status.APPLIED)
    deleted_here = revision.kind == Kind.DELETE
    assistant.state = State.DELETED if deleted_here else State.MISSING
    assistant.trouble = ""
    assistant.doubt_look_at = next_look_at(assistant)
    assistant.etag = ""
    assistant.changed_at = revision.created_at
    assistant.changed_by = revision.author_name
    release(assistant, revision)
    assistant.save()
    if not end_request(revision, outcome):
        others = overseers(assistant.workspace_id, assistant.pk) if deleted_here else ()
        announce_applied(assistant=assistant, revision=revision, outcome=outcome, others=others)
    return outcome


def record_no_effect(
    *, assistant: Assistant, revision: Revision, status: str, error: GatewayError | None
) -> Outcome:
    """Record a refusal, a failed delivery or doubt; what is live does not change.

    If another change was made since `revision` was left in doubt, the trouble of that one stays.
    """
    outcome = add_outcome(revision=revision, status=status, error=error)
    is_newest = revision.number == assistant.last_number
    if is_newest or assistant.slot_id == revision.pk or assistant.trouble in UNSETTLED:
        assistant.trouble = status
    if status == Status.UNCONFIRMED:
        assistant.doubt_look_at = timezone.now()
    assistant.doubt_look_at = next_look_at(assistant)
    release(assistant, revision)
    assistant.save(update_fields=["trouble", "slot", "slot_until", "doubt_look_at"])
    if not end_request(revision, outcome):
        announce_no_effect(assistant=assistant, revision=revision, status=status)
    return outcome


def release(assistant: Assistant, revision: Revision) -> None:
    """Free the slot if `revision` holds it (the caller saves)."""
    if assistant.slot_id == revision.pk:
        assistant.slot = None
        assistant.slot_until = None


def settle_draft(revision: Revision, sent: Definition, stored: Definition) -> None:
    """Drop the draft that `revision` published; keep what it says beyond what is stored now.

    A draft continues from this revision if the remote stored something different, or if its author
    went on typing while the change was in doubt. So nothing typed is lost, and nobody conflicts
    with their own publish. Fields that the author did not change follow what is stored. So the
    draft undoes neither a default of the remote nor what others published before this arrived late.
    The same goes for fields that were sent empty and got a default.
    """
    owner = revision.drafter_id or revision.author_id
    if owner is None:
        return
    in_doubt = revision.outcomes.exclude(status=Status.APPLIED)
    filled = filled_in(sent, stored)
    for draft in Draft.objects.filter(assistant_id=revision.assistant_id, user_id=owner):
        written = draft.definition
        mine = draft.base_id == revision.base_id and (written == sent or in_doubt.exists())
        if mine and written != stored:
            before = draft.base and newest_outcome(draft.base)
            touched = changed_fields(before.definition if before else None, written)
            wishes = {name: written.value(name) for name in touched}
            for name in filled:
                if same_value(wishes.get(name), sent.value(name)):
                    wishes.pop(name, None)
            wish = stored.replace(**wishes)
            if wish != written:  # an open page learns that its draft was written elsewhere
                draft.hold(refer(wish))
                draft.tab, draft.turn = "", 0
            written = wish
        if written == stored:
            draft.delete()
        elif mine:
            draft.base = revision
            draft.changes = summarise(stored, written)
            draft.save(update_fields=["base", *HELD, "changes", "tab", "turn"])


def describe_draft(assistant: Assistant, definition: Definition) -> None:
    """Show an unpublished draft under its own name in lists and in the search."""
    assistant.describe(definition)
    assistant.changed_at = timezone.now()
    assistant.save(update_fields=[*DESCRIBED, "changed_at"])
    search_index.index_assistant(assistant=assistant, definition=definition)


def _trouble(revision: Revision, outcome: Outcome) -> str:
    if outcome.stored_otherwise:
        return Trouble.DIFFERS
    is_outside = revision.kind == Kind.OUTSIDE and not outcome.filled_in
    return Trouble.OUTSIDE if is_outside else ""


def note_unapproved(
    assistant: Assistant, revision: Revision, *, sent: Definition, stored: Definition
) -> None:
    """Record that `revision` is live without approval, if the policy asks for one.

    `assistant` is as it was before. What comes from outside counts, what arrives after something
    else became live, and what the remote stored other than it was sent. In a freeze window, so does
    each write by a key: such a key is exempt. Costs a query in these cases, and none in others.
    """
    from_outside = revision.kind in OUTSIDE_KINDS
    is_late = revision.kind != Kind.BRING_IN and revision.base_id != assistant.live_id
    others = [] if stored == sent else stored_otherwise(sent, stored)
    if not (from_outside or is_late or others):
        return
    policies = policies_in_force(workspace=assistant.workspace_id, assistant=assistant.pk)
    is_by_key = revision.author_id is None and revision.author_name.startswith(KEY_AUTHOR)
    frozen = freeze_in_force(assistant.workspace_id) if is_by_key else None
    if not policies and not frozen:
        return
    was_live = assistant.state == State.LIVE and assistant.live_id is not None
    changed = fields_of(revision.kind, stored, live_definition(assistant) if was_live else None)
    if not (from_outside or is_late):
        changed = [name for name in changed if name in others]
    needed = missing_approvals(policies, changed=changed, approvers=(), writers=())
    if needed or frozen:
        fields = tuple(changed) if frozen else fields_lacking(needed)
        note_passed(revision, Pass(Clearance.Kind.WITHOUT, fields=fields))
        tell_lacking(
            assistant,
            NoticeKind.WITHOUT_APPROVAL,
            missing=needed,
            writers=[revision.author_id] if revision.author_id else [],
            actor=revision.author,
            actor_name=revision.author_name,
        )

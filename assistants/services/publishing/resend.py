"""Sending again a change that was not delivered, refused, stored differently or in doubt."""

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.definition import changed_fields
from assistants.models import (
    CHANGE_KINDS,
    Acceptance,
    Assistant,
    Draft,
    Kind,
    Outcome,
    Revision,
    State,
    Status,
    can_be_sent_again,
)
from assistants.selectors.versions import both_sides
from assistants.services.connections import admission
from assistants.services.editing.drafts import ANYWHERE, EditorTab, draft_of, save_draft
from assistants.services.editing.restore import check_complete
from assistants.services.errors import DraftMoved, Missing, NoTarget, ServiceError
from assistants.services.ledger.reading import live_definition, newest_outcome
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.remote.claim import possible
from assistants.services.remote.closing import SendResult
from assistants.services.remote.settle import check_remote

ARRIVED = "arrived"
"""A result's status: the revision has taken effect already, and nothing was sent."""
UNDONE = (Status.UNCONFIRMED, Status.NOT_DELIVERED, Status.REJECTED)


class ChangedSince(ServiceError):
    """The assistant has changed since the delete was tried; a person has to review it."""


def resend(
    *,
    author: Member,
    assistant: Assistant,
    revision: Revision,
    note: str = "",
    over_doubt: bool = False,
) -> SendResult:
    """Try again what `revision` tried, with its note and under the name of its drafter.

    `note` is for a revision that has none.

    Checks the remote first: if the revision has arrived, the result is `ARRIVED` and nothing is
    sent. It never overwrites what is live unseen. If live has changed, it raises `Conflict` (then
    `keep_as_draft` leads to review) or, for a delete, `ChangedSince`. Raises what `publish` and
    `delete_assistant` raise, so `InDoubt` while this or another revision may still arrive, unless
    `over_doubt`. Raises `NoTarget` if the revision cannot be sent again, `TextErased`, `Missing` if
    a change is for an assistant that is gone, `NotNow`, and `GatewayError` if the check fails.
    """
    if not can(author, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    before = newest_outcome(revision)
    accepted = Acceptance.objects.filter(revision=revision).first()
    sendable = can_be_sent_again(before, accepted)
    if revision.assistant_id != assistant.pk or before is None or not sendable:
        raise NoTarget
    check_complete(revision)
    with admission.admitted(assistant.connection, admission.ACT):
        note = revision.brief_note or note
        return _resend(author, assistant, revision, before, note=note, over_doubt=over_doubt)


def _resend(
    author: Member,
    assistant: Assistant,
    revision: Revision,
    before: Outcome,
    *,
    note: str,
    over_doubt: bool,
) -> SendResult:
    checked = check_remote(assistant=assistant)
    if checked.error is not None:
        raise checked.error
    fresh = Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)
    outcome = newest_outcome(revision)
    if before.status in UNDONE and outcome is not None and outcome.status == Status.APPLIED:
        return SendResult(ARRIVED, revision, outcome)
    if revision.kind == Kind.DELETE:
        return _delete(author, fresh, revision, note)
    if fresh.state == State.LIVE:
        if live_definition(fresh) == revision.definition:
            return SendResult("unchanged", revision, outcome)
    elif revision.kind in CHANGE_KINDS or before.stored_otherwise:
        raise Missing
    else:
        # A remote that cannot be asked now must not get a second one.
        possible(assistant=fresh, revision=revision)
    return publish(
        author=author,
        assistant=fresh,
        wanted=revision.definition,
        base=base_of(revision, before),
        note=note,
        drafter=revision.drafter or revision.author,
        written_by=revision.drafter_name,
        kind=revision.kind if revision.kind in CHANGE_KINDS else Kind.EDIT,
        over_doubt=over_doubt,
    )


def _delete(author: Member, assistant: Assistant, revision: Revision, note: str) -> SendResult:
    if assistant.state != State.LIVE:
        return SendResult(ARRIVED, revision, newest_outcome(revision))
    if assistant.live_id != revision.base_id:
        raise ChangedSince
    return delete_assistant(author=author, assistant=assistant, note=note)


def base_of(revision: Revision, outcome: Outcome | None) -> Revision | None:
    """Return the base for sending `revision` again: its own base, or the revision itself if it was
    stored differently."""
    stored = outcome is not None and outcome.status == Status.APPLIED
    return revision if stored else revision.base


def in_the_way(*, author: Member, assistant: Assistant, revision: Revision) -> Draft | None:
    """Return the draft of `author` that `keep_as_draft` would replace, if it differs."""
    draft = Draft.objects.filter(assistant=assistant, user=author.user).first()
    if draft is None or not changed_fields(both_sides([revision])[revision.pk].sent, draft.shown):
        return None
    return draft


def keep_as_draft(
    *, author: Member, assistant: Assistant, revision: Revision, replace: bool = False
) -> Draft:
    """Make what `revision` sent the author's draft, with the same base.

    Raises `NotAllowed`, and `DraftMoved` if the author has another draft, which only `replace`
    replaces.
    """
    if not can(author, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    page = ANYWHERE
    if not replace:
        draft = draft_of(user=author.user, assistant=assistant)
        if draft is not None and draft.definition != revision.definition:
            raise DraftMoved(draft)
        page = EditorTab(seen=draft.definition.digest if draft is not None else "")
    return save_draft(
        author=author,
        assistant=assistant,
        definition=revision.definition,
        base=base_of(revision, newest_outcome(revision)),
        kind=revision.kind if revision.kind in CHANGE_KINDS else Kind.EDIT,
        page=page,
        replaces=replace,
    )

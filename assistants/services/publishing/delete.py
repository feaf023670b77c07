"""Deleting an assistant on its remote. Its history stays, and it can be recreated."""

import time

from django.conf import settings
from django.db import transaction

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action
from admin_ui.serving.writers import in_any_case
from assistants.gateway import AssistantMissing, EndpointGone, GatewayError, NothingChanged
from assistants.models import Assistant, Kind, Revision, State, Status
from assistants.services.connections import admission
from assistants.services.connections.client import (
    explain_missing,
    gateway_for,
    note_answer,
    note_trouble,
)
from assistants.services.editing.drafts import discard_draft
from assistants.services.errors import NoTarget
from assistants.services.ledger.doubt import unseen
from assistants.services.ledger.outcomes import record_removed
from assistants.services.ledger.reading import live_definition, newest_outcome
from assistants.services.ledger.record import Author, lock_assistant
from assistants.services.ledger.verbs import check_verb
from assistants.services.publishing.publish import precondition, wait_for_turn
from assistants.services.publishing.slot import begin_change, busy_with, write_by
from assistants.services.remote.closing import SendResult, close, fail, open_to_settle
from assistants.services.remote.outside import settle_doubt


def delete_assistant(
    *, author: Member, assistant: Assistant, note: str = "", override: str = ""
) -> SendResult:
    """Delete `assistant` on its remote, and record that.

    If it was never published, the author's draft is dropped instead. Outside changes are recorded
    first, so the history holds what was deleted. Raises `NotAllowed`, `Invalid` for the note
    (too long, or missing where the workspace asks for one), `Busy`, `Missing`, `NotNow` (the
    connection is paused, or has no place for another chain of calls), `NeedsApproval` unless an
    admin gives a reason to `override` the policy, and `GatewayError` if the
    first read fails; then nothing was sent.
    """
    is_new = assistant.state == State.DRAFT and assistant.last_number == 0
    check_verb(author, Action.DELETE, note=None if is_new else note)
    if is_new:
        discard_draft(author=author, assistant=assistant)
        return SendResult("unchanged")
    if assistant.state != State.LIVE:
        raise NoTarget
    with admission.admitted(assistant.connection, admission.ACT):
        return _delete(author=author, assistant=assistant, note=note, override=override)


def _delete(*, author: Member, assistant: Assistant, note: str, override: str) -> SendResult:
    deadline = time.monotonic() + settings.GATEWAY_PUBLISH_DEADLINE
    gateway = gateway_for(assistant.connection)
    assistant, remote = wait_for_turn(assistant=assistant, gateway=gateway, deadline=deadline)
    live = live_definition(assistant)
    revision = begin_change(
        assistant=assistant,
        kind=Kind.DELETE,
        wanted=live,
        live=live,
        author=Author.of(author.user),
        member=author,
        drafter=None,
        note=note,
        override=override,
        over_doubt=True,  # what is gone cannot be changed any more, and deleting twice is the same
    )
    if revision is None:
        raise busy_with(assistant, otherwise=str(assistant.changed_by))
    connection = assistant.connection
    try:
        gateway.delete(
            remote.id,
            trace_id=revision.trace_id,
            deadline=write_by(deadline),
            if_match=precondition(assistant, remote),
        )
    except AssistantMissing as error:
        reason = explain_missing(gateway, error)
        if isinstance(reason, EndpointGone):
            return fail(revision=revision, error=reason, connection=connection)
        return _read_back(assistant=assistant, revision=revision, error=error, deadline=deadline)
    except NothingChanged as error:
        return fail(revision=revision, error=error, connection=connection)
    except GatewayError as error:
        note_trouble(connection, error)
        return _read_back(assistant=assistant, revision=revision, error=error, deadline=deadline)
    note_answer(connection)
    return record_deleted(revision=revision)


def record_deleted(*, revision: Revision) -> SendResult:
    """Record that the remote no longer has the assistant, as `revision` wanted."""
    with in_any_case(), transaction.atomic():
        row = lock_assistant(revision.assistant_id)
        outcome = newest_outcome(revision)
        if open_to_settle(row, revision, outcome):
            outcome = record_removed(assistant=row, revision=revision)
            settle_doubt(row, certain=True)
    return SendResult(outcome.status if outcome else Status.UNCONFIRMED, revision, outcome)


def _read_back(
    *, assistant: Assistant, revision: Revision, error: GatewayError, deadline: float
) -> SendResult:
    gateway = gateway_for(assistant.connection)
    try:
        gateway.retrieve(str(assistant.remote_id), deadline=deadline)
    except AssistantMissing as missing:
        if isinstance(explain_missing(gateway, missing), EndpointGone):
            return close(revision=revision, status=Status.UNCONFIRMED, error=error)
        return record_deleted(revision=revision)
    except GatewayError:
        return close(revision=revision, status=Status.UNCONFIRMED, error=error)
    # It is still there: a remote that did not find it has not begun to delete it either.
    certain = assistant.connection.is_in_process or isinstance(error, NothingChanged)
    return close(revision=revision, status=unseen(revision, certain=certain), error=error)

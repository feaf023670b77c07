"""Comparing what the remote holds with our last read, and recording outside changes."""

from django.db import transaction

from assistants.gateway import (
    AssistantMissing,
    Gateway,
    GatewayError,
    RemoteAssistant,
)
from assistants.models import Assistant, Kind, State
from assistants.services.connections.client import (
    REGISTRY,
    explain_missing,
    note_answer,
    note_trouble,
)
from assistants.services.ledger.record import lock_assistant
from assistants.services.remote import journal
from assistants.services.remote.late import late_landing, record_late_arrival
from assistants.services.remote.outside import (
    OUTSIDE,
    record_missing,
    record_outside,
    settle_doubt,
    settle_slot,
)


def read_remote(
    *, assistant: Assistant, gateway: Gateway, deadline: float | None = None
) -> RemoteAssistant | None:
    """Read the assistant from its remote. If it is gone there, record that and return None.

    Raises `GatewayError`, and stores on the connection that it is in trouble. That is an
    `EndpointGone` if the whole endpoint stopped offering assistants, and another error if the list
    fails too, because then the 404 proves nothing.
    """
    connection = assistant.connection
    try:
        remote = gateway.retrieve(str(assistant.remote_id), deadline=deadline)
    except AssistantMissing as missing:
        error = explain_missing(gateway, missing)
        if error is not missing:
            note_trouble(connection, error)
            raise error from missing
        if connection.profile == REGISTRY:
            journal.catch_up(workspace_id=assistant.workspace_id)
        _record_gone(assistant)
        return None
    except GatewayError as error:
        note_trouble(connection, error)
        raise
    note_answer(connection)
    return remote


def observe(*, assistant: Assistant, remote: RemoteAssistant) -> bool:
    """Record what was read. Returns whether the caller should load the assistant again.

    `assistant` must have been loaded before the read. If live has changed since, or somebody is
    publishing, the read proves nothing and nothing is recorded.
    """
    if (
        assistant.live_digest == remote.definition.digest
        and assistant.etag == (remote.etag or "")
        and assistant.slot_id is None
        and assistant.state == State.LIVE
        and assistant.doubt_look_at is None
    ):
        return False
    if assistant.connection.profile == REGISTRY and assistant.etag != (remote.etag or ""):
        # The registry records who wrote what: its record is better than guessing from a reading.
        journal.catch_up(workspace_id=assistant.workspace_id)
        moved = Assistant.objects.filter(pk=assistant.pk).exclude(live_id=assistant.live_id)
        if moved.exists():
            return True
    with transaction.atomic():
        row = lock_assistant(assistant.pk)
        if row.live_id != assistant.live_id or row.slot_id != assistant.slot_id:
            return True
        if row.slot_id is None:
            return _compare(row, remote)
        if not row.is_leased:
            settle_slot(row, remote)
        return True


def _compare(row: Assistant, remote: RemoteAssistant) -> bool:
    if row.live_digest == remote.definition.digest and row.state == State.LIVE:
        settle_doubt(row)
        if row.etag != (remote.etag or ""):
            row.etag = remote.etag or ""
            row.save(update_fields=["etag"])
        return False
    late = late_landing(row, remote.definition)
    if late is not None:
        record_late_arrival(row=row, revision=late, remote=remote)
        return True
    record_outside(row=row, remote=remote, kind=Kind.OUTSIDE, author=OUTSIDE)
    return True


def _record_gone(assistant: Assistant) -> None:
    with transaction.atomic():
        row = lock_assistant(assistant.pk)
        if row.live_id == assistant.live_id and row.slot_id == assistant.slot_id:
            record_missing(row=row)

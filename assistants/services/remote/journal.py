"""Reading the registry's journal, so that no write by an API key is missing here.

The registry numbers the writes of a workspace in the order in which they took effect. In that
order each write becomes a revision, or settles a publish whose answer was never recorded.
"""

import logging

from django.db import transaction

from admin_ui.accounts.models import Workspace
from assistants.definition import Definition
from assistants.gateway import ChangeEntry, GatewayError, RemoteAssistant
from assistants.models import (
    KEY_AUTHOR,
    REMOVAL_KINDS,
    Assistant,
    Connection,
    Kind,
    Revision,
    State,
    Status,
)
from assistants.services.connections.client import gateway_for, registry_of
from assistants.services.ledger.outcomes import record_applied, record_removed
from assistants.services.ledger.reading import newest_outcome
from assistants.services.ledger.record import Author, lock_assistant
from assistants.services.remote.outside import record_missing, record_outside

logger = logging.getLogger(__name__)
ENTRIES_AT_ONCE = 100


def pull(*, workspace_id: int) -> int:
    """Read the registry's journal after a write; if that fails, the next call reads it.

    Returns the number of new entries. The registry calls this, and its write stays in any case.
    """
    try:
        return catch_up(workspace_id=workspace_id)
    except GatewayError as error:
        logger.warning("the registry's record could not be read: %s", error.kind)
        return 0


def catch_up(*, workspace_id: int) -> int:
    """Read the registry's journal since the last call. Returns the number of new entries.

    Safe to call at any time, from any process, and to repeat: the connection's row is locked for
    each entry, and its cursor moves in the same transaction. Raises `GatewayError` if the journal
    cannot be read to its end; then the caller may conclude nothing.
    """
    connection = registry_of(Workspace(pk=workspace_id))
    if connection is None:
        return 0
    gateway, taken = gateway_for(connection), 0
    while True:
        connection.refresh_from_db(fields=["feed_cursor"])
        page = gateway.changes(after=connection.feed_cursor, limit=ENTRIES_AT_ONCE)
        for entry in page.entries:
            taken += _take(connection.pk, entry)
        # Large entries make a short page: only the newest number says that it is the end.
        if not page.entries or page.entries[-1].sequence >= page.last_sequence:
            return taken


def skip(*, connection: Connection, etag: str | None) -> None:
    """Move the cursor past our own write if it is the next entry, so `pull` need not read it."""
    sequence = sequence_of(etag)
    if connection.profile == "registry" and sequence:
        Connection.objects.filter(pk=connection.pk, feed_cursor=sequence - 1).update(
            feed_cursor=sequence
        )


def sequence_of(etag: str | None) -> int:
    """Return the number in a registry's ETag (`"12"`), 0 if there is none."""
    digits = (etag or "").strip('W/"')
    return int(digits) if digits.isdecimal() else 0


def _take(connection_pk: int, entry: ChangeEntry) -> int:
    with transaction.atomic():
        connection = Connection.objects.select_for_update(no_key=True).get(pk=connection_pk)
        if entry.sequence <= connection.feed_cursor:
            return 0
        connection.feed_cursor = entry.sequence
        connection.save(update_fields=["feed_cursor"])
        if entry.key_name is None:
            return _record_own_write(entry)
        return _record_key_write(connection, entry)


def _record_own_write(entry: ChangeEntry) -> int:
    """Settle the revision of the dashboard's own write, if its process has not."""
    revision = Revision.objects.filter(trace_id=entry.trace_id or "-").first()
    if revision is None:
        return 0
    row = lock_assistant(revision.assistant_id)
    outcome = newest_outcome(revision)
    if outcome is not None and outcome.status == Status.APPLIED:
        return 0
    if revision.kind in REMOVAL_KINDS:
        record_removed(assistant=row, revision=revision)
    else:
        record_applied(
            assistant=row, revision=revision, sent=revision.definition, remote=_remote(entry)
        )
    return 1


def _record_key_write(connection: Connection, entry: ChangeEntry) -> int:
    """Add a revision for a write by an API key."""
    author = Author(f"{KEY_AUTHOR}{entry.key_name}")
    found = Assistant.objects.filter(connection=connection, remote_id=entry.remote_id).first()
    if entry.action == "deleted":
        if found is not None and found.state == State.LIVE:
            record_missing(row=lock_assistant(found.pk), author=author)
        return 1
    if found is None:
        found = Assistant.objects.create(
            workspace_id=connection.workspace_id,
            connection=connection,
            remote_id=entry.remote_id,
            remote_created_at=entry.at,
        )
    record_outside(
        row=lock_assistant(found.pk), remote=_remote(entry), kind=Kind.KEY, author=author
    )
    return 1


def _remote(entry: ChangeEntry) -> RemoteAssistant:
    return RemoteAssistant(
        id=entry.remote_id,
        created_at=None,
        definition=entry.definition or Definition.parse({}),
        etag=f'"{entry.sequence}"',
        request_id=None,
    )

"""Adding a document to a vector store, and removing one: publishing for all who use the store."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action
from assistants.definition import storable
from assistants.gateway import DocumentMissing, GatewayError, NothingChanged
from assistants.models import (
    Connection,
    OpenStoreChange,
    Status,
    StoreChange,
    StoreChangeUse,
    StoreOutcome,
)
from assistants.selectors.documents.affected import mark_of_affected, users_of
from assistants.services.approving.documents import clear_documents, record_document_override
from assistants.services.connections import admission
from assistants.services.connections.client import gateway_for
from assistants.services.connections.saving import check_allowed
from assistants.services.documents.closing import close_change, status_after_refusal
from assistants.services.documents.looking import conclude
from assistants.services.errors import AffectedMoved, NoTarget
from assistants.services.ledger.record import new_trace_id, plain
from assistants.services.ledger.verbs import check_verb

READ_BACK_PART = 0.25
"""Part of `GATEWAY_PUBLISH_DEADLINE` that is reserved for reading back a change in doubt."""


@dataclass(frozen=True)
class DocumentResult:
    """A change, how it ended, and why if it failed just now."""

    change: StoreChange
    outcome: StoreOutcome
    error: GatewayError | None = None


@dataclass(frozen=True)
class DocumentPlace:
    """A file and a vector store of a connection, with the names that people see."""

    connection: Connection
    store_id: str
    file_id: str
    store_name: str = ""
    file_name: str = ""


@dataclass(frozen=True)
class _Asked:
    kind: str
    author: Member
    document: DocumentPlace
    confirmed: str
    note: str
    override: str


def add_document(
    *,
    author: Member,
    document: DocumentPlace,
    confirmed: str,
    note: str = "",
    override: str = "",
) -> DocumentResult:
    """Put a file into a vector store. It takes effect at once for all who use the store.

    `confirmed` is the mark of the assistants that the person was told about (`mark_of_affected`),
    `override` the reason of an admin who does it without the approvals, or in a freeze window.
    Makes one write, and reads back if the answer leaves doubt, within `GATEWAY_PUBLISH_DEADLINE`
    seconds. The assistants get an entry in their history once it is known to be applied.

    Raises `NotAllowed`; `Invalid` if the note is too long; `AffectedMoved` if other assistants use
    the store by now; `NeedsApproval`, `Frozen` and `NoOverride`; `NotNow`; `NoTarget` for the
    registry, which has no files. In each case nothing was sent.
    """
    return _change(_Asked(StoreChange.Kind.ADD, author, document, confirmed, note, override))


def remove_document(
    *,
    author: Member,
    document: DocumentPlace,
    confirmed: str,
    note: str = "",
    override: str = "",
) -> DocumentResult:
    """Take a document out of a vector store, as `add_document` puts one in. The file stays."""
    return _change(_Asked(StoreChange.Kind.REMOVE, author, document, confirmed, note, override))


def _change(asked: _Asked) -> DocumentResult:
    author, connection = asked.author, asked.document.connection
    check_verb(author, Action.CHANGE_DOCUMENTS, note=asked.note)
    check_allowed(author, connection, Action.CHANGE_DOCUMENTS)
    if connection.is_in_process:
        raise NoTarget
    with admission.admitted(connection, admission.ACT):
        return _send(_begin(asked), connection)


def _begin(asked: _Asked) -> StoreChange:
    """Insert the intent with the assistants that it affects, and what an admin overrides for them.

    Raises `AffectedMoved`, and what `clear_documents` raises.
    """
    author, document, now = asked.author, asked.document, timezone.now()
    with transaction.atomic():
        rows = users_of(document.connection, document.store_id)
        affected = list(rows.values_list("pk", flat=True))
        if mark_of_affected(affected) != asked.confirmed:
            raise AffectedMoved
        overridden = clear_documents(
            author=author,
            store_id=document.store_id,
            assistants=affected,
            override=asked.override,
        )
        change = StoreChange.objects.create(
            connection=document.connection,
            workspace_id=author.workspace_id,
            store_id=document.store_id,
            store_name=plain(document.store_name, 300),
            kind=asked.kind,
            file_id=document.file_id,
            file_name=plain(document.file_name, 300),
            author=author.user,
            author_name=plain(str(author.user), 200),
            note=plain(asked.note),
            override="" if overridden is None else storable(asked.override.strip()),
            lacked_approval=overridden is None or bool(overridden.missing),
            trace_id=new_trace_id(),
            created_at=now,
        )
        held_ones = overridden.assistants if overridden else ()
        uses = [
            StoreChangeUse(change=change, assistant_id=pk, is_overridden=pk in held_ones)
            for pk in affected
        ]
        StoreChangeUse.objects.bulk_create(uses, batch_size=500)
        until = now + timedelta(seconds=settings.PUBLISH_LEASE_SECONDS)
        OpenStoreChange.objects.create(change=change, connection=document.connection, look_at=until)
        if overridden is not None:
            record_document_override(
                change, author, overridden=overridden, assistants=len(affected)
            )
    return change


def _send(change: StoreChange, connection: Connection) -> DocumentResult:
    seconds: float = settings.GATEWAY_PUBLISH_DEADLINE
    deadline = time.monotonic() + seconds
    write_until = deadline - seconds * READ_BACK_PART
    is_removal = change.kind == StoreChange.Kind.REMOVE
    try:
        documents = gateway_for(connection).documents
        act = documents.detach if is_removal else documents.attach
        act(change.store_id, change.file_id, trace_id=change.trace_id, deadline=write_until)
    except NothingChanged as error:
        admission.count_failure(connection, error)
        if is_removal and isinstance(error, DocumentMissing):  # a gateway may have sent it twice
            outcome = conclude(change=change, error=error, deadline=deadline)
        else:
            outcome = close_change(change=change, status=status_after_refusal(error), error=error)
        return DocumentResult(change, outcome, error)
    except GatewayError as error:
        admission.count_failure(connection, error)
        outcome = conclude(change=change, error=error, deadline=deadline)
        return DocumentResult(change, outcome, error)
    admission.count_answer(connection)
    return DocumentResult(change, close_change(change=change, status=Status.APPLIED))

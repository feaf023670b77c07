"""Putting the made-up assistants on the built-in registry, as its own store would."""

from collections.abc import Sequence
from datetime import datetime

from assistants.definition import Definition
from assistants.models import Connection
from assistants.registry.models import Counter, StoredAssistant, Write, pack

INSERTED_AT_ONCE = 1000


def store_on_registry(
    connection: Connection,
    identities: Sequence[tuple[str, datetime]],
    definitions: Sequence[Definition],
) -> list[int]:
    """Store assistants under the given ids and moments of creation; returns their sequence numbers.

    Runs in the caller's transaction. The connection has then seen these writes: they are ours.
    """
    workspace = connection.workspace_id
    Counter.objects.get_or_create(workspace_id=workspace)
    counter = Counter.objects.select_for_update().get(workspace_id=workspace)
    sequences = [counter.last + 1 + position for position in range(len(identities))]
    rows = StoredAssistant.objects.bulk_create(
        [
            StoredAssistant(
                workspace_id=workspace,
                public_id=public_id,
                created_at=created_at,
                sequence=sequence,
                packed=pack(definition.to_dict()),
            )
            for (public_id, created_at), definition, sequence in zip(
                identities, definitions, sequences, strict=True
            )
        ],
        batch_size=INSERTED_AT_ONCE,
    )
    Write.objects.bulk_create(
        [
            Write(
                workspace_id=workspace,
                sequence=row.sequence,
                assistant=row,
                action=Write.Action.CREATED,
                at=row.created_at,
                packed=row.packed,
            )
            for row in rows
        ],
        batch_size=INSERTED_AT_ONCE,
    )
    Connection.objects.filter(pk=connection.pk, feed_cursor=counter.last).update(
        feed_cursor=sequences[-1]
    )
    counter.last = sequences[-1]
    counter.save(update_fields=["last"])
    return sequences

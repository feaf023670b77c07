"""Which live assistants use a file or a vector store."""

import hashlib
from collections.abc import Collection, Iterable

from django.db.models import Count, QuerySet

from assistants.models import Assistant, Connection, KnowledgeUse, State


def users_of(connection: Connection, remote_id: str) -> QuerySet[Assistant]:
    """Return the live assistants of `connection` that use the file or store, by name."""
    uses = KnowledgeUse.objects.filter(connection=connection, remote_id=remote_id)
    rows = Assistant.objects.filter(connection=connection, state=State.LIVE)
    return rows.filter(pk__in=uses.values("assistant")).order_by("name", "pk")


def use_counts(connection: Connection, ids: Collection[str]) -> dict[str, int]:
    """Return how many live assistants use each of `ids` that any uses. One query."""
    if not ids:
        return {}
    uses = KnowledgeUse.objects.filter(connection=connection, remote_id__in=ids)
    counts = uses.filter(assistant__state=State.LIVE).values_list("remote_id")
    return dict(counts.annotate(count=Count("pk")).order_by())


def mark_of_affected(pks: Iterable[int]) -> str:
    """Return a digest of assistants, which a form sends back as what its person was shown."""
    return hashlib.sha256(",".join(map(str, sorted(pks))).encode()).hexdigest()

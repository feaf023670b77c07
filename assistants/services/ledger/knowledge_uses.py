"""Which files and vector stores each assistant uses; written with the search index."""

from collections.abc import Iterable
from typing import Any

from assistants.definition import Definition
from assistants.models import Assistant, KnowledgeUse
from assistants.services.ledger.record import plain

MOST_KNOWLEDGE = 100
"""IDs of one assistant that are noted; a definition within the limits has 21."""
LONGEST_NOTED_ID = 256


def note_knowledge(pairs: Iterable[tuple[Assistant, Definition]]) -> None:
    """Note the files and stores of many assistants, in place of what was noted.

    One query, and two more if something differs.
    """
    rows = list(pairs)
    known: dict[int, set[str]] = {}
    noted = KnowledgeUse.objects.filter(assistant__in=[row.pk for row, _definition in rows])
    for pk, remote_id in noted.values_list("assistant_id", "remote_id"):
        known.setdefault(pk, set()).add(remote_id)
    moved = [
        (row, found)
        for row, definition in rows
        if (found := knowledge_in(definition)) != known.get(row.pk, set())
    ]
    if not moved:
        return
    KnowledgeUse.objects.filter(assistant__in=[row.pk for row, _found in moved]).delete()
    KnowledgeUse.objects.bulk_create(
        KnowledgeUse(connection_id=row.connection_id, assistant=row, remote_id=remote_id)
        for row, found in moved
        for remote_id in sorted(found)
    )


def knowledge_in(definition: Definition) -> set[str]:
    """Return the IDs of the files and vector stores that a definition names."""
    resources = definition.value("tool_resources")
    parts = resources if isinstance(resources, dict) else {}
    listed = [
        *_list_in(parts.get("code_interpreter"), "file_ids"),
        *_list_in(parts.get("file_search"), "vector_store_ids"),
    ]
    ids = [one for one in listed if isinstance(one, str) and 0 < len(one) <= LONGEST_NOTED_ID]
    return {plain(one) for one in ids[:MOST_KNOWLEDGE]} - {""}


def _list_in(part: Any, name: str) -> list[Any]:
    found = part.get(name) if isinstance(part, dict) else None
    return found if isinstance(found, list) else []

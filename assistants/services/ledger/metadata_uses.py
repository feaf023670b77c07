"""The pairs of metadata in use, for suggestions; written with the search index."""

from collections.abc import Iterable

from assistants.definition import LIMITS, Definition
from assistants.models import Assistant, MetadataUse
from assistants.services.ledger.record import plain


def note_metadata(pairs: Iterable[tuple[Assistant, Definition]]) -> None:
    """Note the metadata of many assistants, in place of what was noted. Two queries.

    What a gateway holds may have any size: pairs over the limits are left out.
    """
    rows = list(pairs)
    MetadataUse.objects.filter(assistant__in=[assistant.pk for assistant, _ in rows]).delete()
    MetadataUse.objects.bulk_create(
        MetadataUse(workspace_id=assistant.workspace_id, assistant=assistant, key=key, value=value)
        for assistant, definition in rows
        for key, value in _pairs(definition).items()
    )


def _pairs(definition: Definition) -> dict[str, str]:
    metadata = definition.value("metadata")
    found = {
        plain(key): plain(value)
        for key, value in (metadata.items() if isinstance(metadata, dict) else ())
        if isinstance(value, str)
        and 0 < len(key) <= LIMITS.metadata_key
        and 0 < len(value) <= LIMITS.metadata_value
    }
    return dict(list(found.items())[: LIMITS.metadata_pairs])

"""Entries in the histories of assistants about the documents of a vector store."""

from django.db import transaction

from admin_ui.serving.writers import in_any_case
from assistants.models import Kind, Status, StoreChange, StoreChangeUse
from assistants.services.approving.clearing import note_passed
from assistants.services.approving.documents import pass_of
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import Author, add_outcome, add_revision, lock_assistant


def add_entry(*, change: StoreChange, use: StoreChangeUse) -> None:
    """Add to the history of one assistant that the documents of its store have changed, once.

    The definition is that of live, and so are version, drafts and slot: the assistant is the same,
    and what it finds is not. For a change that was applied.
    """
    with in_any_case(), transaction.atomic():
        row = lock_assistant(use.assistant_id)
        fresh = StoreChangeUse.objects.select_for_update().get(pk=use.pk)
        if fresh.revision_id is not None:
            return
        revision = add_revision(
            assistant=row,
            kind=Kind.DOCUMENTS,
            definition=live_definition(row),
            old=None,
            base=row.live,
            author=Author(change.author_name, change.author),
            note=change.note,
            trace_id=change.trace_id,
            changes=[entry_of(change)],
        )
        if use.is_overridden:
            note_passed(revision, pass_of(change))
        add_outcome(revision=revision, status=Status.APPLIED)
        row.save(update_fields=["last_number", "last_digest"])
        fresh.revision = revision
        fresh.save(update_fields=["revision"])


def entry_of(change: StoreChange) -> dict[str, object]:
    """Return the summary of a change: a kind of entry of its own, since no field changes."""
    side = "added" if change.kind == StoreChange.Kind.ADD else "removed"
    return {
        "field": "tool_resources",
        "kind": "document",
        side: [change.file_name or change.file_id],
        "store": change.store_name or change.store_id,
    }

"""Approval of documents: changing those of a store changes the knowledge of all who use it."""

from collections.abc import Collection

from admin_ui.accounts.models import Member
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from assistants.models import Clearance, StoreChange
from assistants.selectors.documents.concerned import FIELD
from assistants.selectors.documents.held import Held, what_holds
from assistants.services.approving.clearing import Pass, check_override
from assistants.services.approving.telling import tell_lacking_of_store
from assistants.services.errors import Frozen, NeedsApproval


def clear_documents(
    *, author: Member, store_id: str, assistants: Collection[int], override: str = ""
) -> Held | None:
    """Return what an admin overrides, and for which of `assistants`; None for nothing.

    These are the live assistants that use the store. No change request can ask for a change of its
    documents, so one that needs approval passes only with `override`, the reason of an admin. None
    is needed for a store that no assistant uses or is about to use.

    Raises `Frozen` and `NeedsApproval`, and for an override `NotAllowed` and `NoOverride`.
    """
    held = what_holds(workspace=author.workspace_id, store_id=store_id, assistants=assistants)
    if held is None:
        return None
    if override:
        check_override(author, override)
        return held
    if held.frozen:
        raise Frozen(held.frozen.ends_at, held.frozen.reason)
    raise NeedsApproval(held.missing)


def record_document_override(
    change: StoreChange, author: Member, *, overridden: Held, assistants: int
) -> None:
    """Record and announce that `author` makes a change of documents, though something held it.

    So many `assistants` use the store.
    """
    record(
        EventKind.APPROVAL_OVERRIDDEN,
        workspace=author.workspace,
        about=str(change.store_name or change.store_id)[:254],
        details={
            "connection": change.connection.name,
            "id": change.store_id,
            "file": change.file_name or change.file_id,
            "assistants": assistants,
            "own_change": True,
            "fields": FIELD,
        },
    )
    tell_lacking_of_store(change, missing=overridden.missing, assistants=assistants)


def pass_of(change: StoreChange) -> Pass:
    """Return how an overridden change passes, for the entry of an assistant in its history."""
    return Pass(
        Clearance.Kind.OVERRIDDEN,
        reason=change.override,
        by=change.author,
        is_own=True,
        fields=(FIELD,) if change.lacked_approval else (),
    )

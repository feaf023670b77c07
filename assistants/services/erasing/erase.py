"""Erasing a text from everything that the dashboard keeps, except what is live."""

from django.db import transaction
from django.utils.module_loading import import_string

from admin_ui.accounts.models import User, Workspace
from admin_ui.accounts.workspaces.workspaces import check_owner
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from assistants.models import Assistant, Erasure, LineOrigins
from assistants.services.erasing.acts import begin_erasure, end_erasure
from assistants.services.erasing.anew import index_again
from assistants.services.erasing.bytes_left import overwrite_bytes
from assistants.services.erasing.finding import (
    TEXT_KEEPERS,
    FoundText,
    assistants_in_use,
    look_for,
)
from assistants.services.erasing.rewriting import rewrite_rows
from assistants.services.erasing.unused import remove_unused
from assistants.services.errors import ServiceError
from assistants.services.ledger.record import plain
from assistants.services.remote.journal import pull
from assistants.unwanted import Unwanted

MOST_PASSES = 3
"""How often the text is looked for: somebody may save it again meanwhile."""


class ReasonHoldsText(ServiceError):
    """The reason holds the text itself, and would be kept."""


class StillInUse(ServiceError):
    """The text is live, or in a change that may still arrive; `found` says where."""

    def __init__(self, found: FoundText) -> None:
        super().__init__("the text is in use")
        self.found = found


def erase_text(*, actor: User, text: str, reason: str) -> FoundText | None:
    """Black a text out in all versions, drafts and whatever else is kept of them.

    Digests stay, so the history can still be verified, and an `Erasure` says who did it and why.
    Returns where the text was, or None where it is nowhere. Raises `NotAllowed` unless `actor` is
    an owner, `StillInUse`, and `ReasonHoldsText`. Backups, exports and gateways keep what they
    have.
    """
    check_owner(actor)
    unwanted = Unwanted(text)
    first: FoundText | None = None
    if unwanted.is_in(reason):
        raise ReasonHoldsText
    for workspace in Workspace.objects.order_by("pk"):
        pull(workspace_id=workspace.pk)
    for _pass in range(MOST_PASSES):
        found = look_for(unwanted)
        if found.is_in_use:
            raise StillInUse(found)
        if found.is_empty:
            break
        with overwrite_bytes():
            _erase(actor, found, reason)
            remove_unused(found.texts, user=actor)
        first = first or found
    return first


@transaction.atomic
def _erase(actor: User, found: FoundText, reason: str) -> None:
    unwanted, texts, rows = found.unwanted, found.texts, found.rows
    touched = _lock(found)
    live, pending = assistants_in_use(unwanted, texts, rows)
    if live or pending:
        raise StillInUse(look_for(unwanted))
    erasure = begin_erasure(Erasure.Kind.ERASE, user=actor, reason=plain(reason))
    rewrite_rows(found, erasure)
    for keeper in TEXT_KEEPERS:
        import_string(keeper)(unwanted.black_out, write=True)
    LineOrigins.objects.filter(assistant__in=touched).delete()
    index_again(found, touched)
    end = end_erasure(erasure)
    workspaces = Workspace.objects.filter(assistants__in=touched).distinct().order_by("pk")
    for workspace in (*workspaces, *([] if workspaces else [None])):
        record(
            EventKind.ERASED,
            workspace=workspace,
            actor=actor,
            about="history",
            details={"reason": erasure.reason, "rows": end.rows, "digest": end.digest},
        )


def _lock(found: FoundText) -> list[int]:
    """Lock the assistants in whose rows the text is, and return their primary keys."""
    pks: set[int] = set()
    for place, rows in found.rows.items():
        if rows and any(each.name == "assistant" for each in place.model._meta.get_fields()):
            held = place.model._default_manager.filter(pk__in=rows)
            pks.update(held.values_list("assistant_id", flat=True))
    locked = Assistant.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    return list(locked.values_list("pk", flat=True))

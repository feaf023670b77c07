"""The clearances of an assistant in their order, and the digest that each has."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from assistants.models import Assistant, Clearance


def clearances_in_order(assistant: Assistant | int) -> QuerySet[Clearance]:
    """Return the clearances of an assistant, in the order in which they were inserted.

    Inserting one locks the assistant's row, so their IDs are in their order.
    """
    return Clearance.objects.filter(revision__assistant=assistant).order_by("pk")


def clearances_by_assistant(assistants: Iterable[int]) -> QuerySet[Clearance]:
    """Return the clearances of several assistants, in their order, those of each in its order."""
    rows = Clearance.objects.filter(revision__assistant__in=list(assistants))
    return rows.order_by("revision__assistant_id", "pk")


def clearance_digest(
    row: Clearance, revision_digest: str, *, kept: Mapping[str, str] | None = None
) -> str:
    """Return the digest over a clearance and its revision. The reason counts by its own digest.

    `kept` has that digest where the reason was erased.
    """
    content = {
        "revision": revision_digest,
        "kind": row.kind,
        "approvers": row.approvers,
        "reason": (kept or {}).get("reason") or reason_digest(row.reason),
        "user": row.user_name,
        "is_own": row.is_own,
        "fields": row.fields,
        "created_at": row.created_at.isoformat(),
        **({"is_return": True} if row.is_return else {}),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def left_of_clearance(row: Clearance) -> str:
    """Return the digest of what an erasure leaves of a clearance."""
    return clearance_digest(row, "")


def reason_digest(reason: str) -> str:
    return hashlib.sha256(reason.encode()).hexdigest()

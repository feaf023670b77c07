"""Reads and writes assistants. A write is one short transaction and one entry of the journal."""

import secrets
import string
from datetime import datetime
from itertools import accumulate
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.module_loading import import_string

from assistants.definition import REMOTE_ID, Definition, changed_fields, too_much
from assistants.registry import errors
from assistants.registry.auth import Caller
from assistants.registry.body import refuse
from assistants.registry.models import Counter, StoredAssistant, Write, pack, unpacked_size

StoredRow = TypeVar("StoredRow", StoredAssistant, Write)

PAGE_BYTES = 8_000_000
"""Of JSON on one page of a list; an assistant that is larger has a page of its own."""
PACKED_BYTES = 4_000_000
"""Of rows that are read for one page, as they are stored."""
_ALPHABET = string.ascii_letters + string.digits


def find_stored(caller: Caller, public_id: str) -> StoredAssistant:
    """Return an assistant that the caller may use; raises a 404 `ApiError` for any other."""
    assistant = _get(caller, public_id)
    if assistant is None or assistant.deleted:
        raise errors.no_assistant(public_id)
    return assistant


def list_page(
    caller: Caller, *, limit: int, descending: bool, after: str | None, before: str | None
) -> tuple[list[StoredAssistant], bool]:
    """Return up to `limit` assistants by creation, and whether there are more of them.

    The page starts behind `after`; with `before` alone it is the one that ends just before it. It
    is shorter where its assistants are large (`PAGE_BYTES`).
    Raises a 400 `ApiError` for a cursor that never was an assistant of the caller's.
    """
    rows = _rows_of(caller).filter(deleted=False)
    if after:
        rows = rows.filter(_beyond(_cursor(caller, "after", after), later=not descending))
    if before:
        rows = rows.filter(_beyond(_cursor(caller, "before", before), later=descending))
    backwards = bool(before and not after)
    sign = "-" if descending != backwards else ""
    page, has_more = _fitting(rows.order_by(f"{sign}created_at", f"{sign}id"), limit)
    return page[::-1] if backwards else page, has_more


@transaction.atomic(durable=True)
def store_new(caller: Caller, content: dict[str, Any]) -> StoredAssistant:
    """Store a new assistant.

    Raises a 403 `ApiError` for a key of chosen assistants, and where people must approve.
    """
    if caller.only:
        raise errors.key_of_chosen()
    sequence, now = _next_sequence(caller.workspace_id), timezone.now()
    public_id = "asst_" + "".join(secrets.choice(_ALPHABET) for _ in range(24))
    _check_approval(caller, public_id, None, content)
    assistant = StoredAssistant.objects.create(
        workspace_id=caller.workspace_id,
        public_id=public_id,
        created_at=now,
        sequence=sequence,
        packed=pack(_without_nulls(content)),
    )
    _record(caller, assistant, Write.Action.CREATED, now)
    return assistant


@transaction.atomic(durable=True)
def modify(
    caller: Caller, public_id: str, fields: dict[str, Any], *, if_match: str | None
) -> StoredAssistant:
    """Set `fields` of an assistant (null clears one, an omitted one stays) and return it.

    A request that changes nothing writes nothing. Raises `ApiError`: 404, or 412 when `if_match`
    (an If-Match header) does not name the current ETag, 403 where people must approve, or 400 when
    many small requests would make the whole too much.
    """
    sequence, now = _next_sequence(caller.workspace_id), timezone.now()
    assistant = find_stored(caller, public_id)
    _check_unchanged(assistant, if_match)
    held = assistant.content
    wanted = _merge(held, fields)
    _check_grown(held, wanted)
    packed = pack(wanted)
    if packed == bytes(assistant.packed):
        transaction.set_rollback(True)  # gives the number back
        return assistant
    _check_approval(caller, public_id, held, wanted)
    assistant.sequence, assistant.packed = sequence, packed
    assistant.save(update_fields=["sequence", "packed"])
    _record(caller, assistant, Write.Action.MODIFIED, now)
    return assistant


@transaction.atomic(durable=True)
def store_deletion(caller: Caller, public_id: str, *, if_match: str | None) -> None:
    """Delete an assistant. Raises `ApiError` as `modify` does."""
    sequence, now = _next_sequence(caller.workspace_id), timezone.now()
    assistant = find_stored(caller, public_id)
    _check_unchanged(assistant, if_match)
    _check_approval(caller, public_id, assistant.content, None)
    assistant.sequence, assistant.packed, assistant.deleted = sequence, b"", True
    assistant.save(update_fields=["sequence", "packed", "deleted"])
    _record(caller, assistant, Write.Action.DELETED, now)


def journal(workspace_id: int, *, after: int, limit: int) -> tuple[list[Write], int]:
    """Return up to `limit` entries whose sequence is above `after`, oldest first, with their
    assistants, and the last sequence of the workspace (0 before its first write). There are fewer
    where they are large (`PAGE_BYTES`), though never none."""
    last = Counter.objects.filter(pk=workspace_id).values_list("last", flat=True).first()
    entries = Write.objects.filter(workspace_id=workspace_id, sequence__gt=after)
    entries = entries.select_related("assistant").defer("assistant__packed")
    return _fitting(entries.order_by("sequence"), limit)[0], last or 0


def _fitting(rows: QuerySet[StoredRow], limit: int) -> tuple[list[StoredRow], bool]:
    """Return the first rows, at most `limit`, as many as fit on a page, and whether there are more.

    How large they are is asked first, so that what does not fit is not even read. Two queries.
    """
    sizes = list(rows.values_list("pk", Length("packed"))[: limit + 1])
    total = list(accumulate(size or 0 for _pk, size in sizes))
    few = sum(size <= PACKED_BYTES for size in total[:limit]) or 1
    page: list[StoredRow] = []
    used = 0
    for row in rows.filter(pk__in=[pk for pk, _size in sizes[:few]]):
        used += unpacked_size(row.packed)
        if page and used > PAGE_BYTES:
            break
        page.append(row)
    return page, bool(page) and len(page) < len(sizes)


def _rows_of(caller: Caller) -> QuerySet[StoredAssistant]:
    """Return the assistants that exist for the caller, deleted ones too."""
    rows = StoredAssistant.objects.filter(workspace_id=caller.workspace_id)
    return rows.filter(public_id__in=caller.only) if caller.only else rows


def _get(caller: Caller, public_id: str) -> StoredAssistant | None:
    if not REMOTE_ID.fullmatch(public_id):
        return None
    return _rows_of(caller).filter(public_id=public_id).first()


def _cursor(caller: Caller, param: str, public_id: str) -> StoredAssistant:
    """Find where to page from. A deleted assistant will do: clients delete what they list."""
    assistant = _get(caller, public_id)
    if assistant is None:
        raise errors.unknown_cursor(param, public_id)
    return assistant


def _beyond(cursor: StoredAssistant, *, later: bool) -> Q:
    way = "gt" if later else "lt"
    # The first condition is implied by the second, but it is the one an index can follow.
    return Q(**{f"created_at__{way}e": cursor.created_at}) & (
        Q(**{f"created_at__{way}": cursor.created_at}) | Q(**{f"pk__{way}": cursor.pk})
    )


def _next_sequence(workspace_id: int) -> int:
    """Take the workspace's next number; its other writers wait until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_counter (workspace_id, last) VALUES (%s, 1)"
            " ON CONFLICT (workspace_id) DO UPDATE SET last = registry_counter.last + 1"
            " RETURNING last",
            [workspace_id],
        )
        return int(cursor.fetchone()[0])


def _record(caller: Caller, assistant: StoredAssistant, action: Write.Action, at: datetime) -> None:
    Write.objects.create(
        workspace_id=caller.workspace_id,
        sequence=assistant.sequence,
        assistant=assistant,
        action=action,
        key_name=caller.key_name,
        trace_id=caller.trace_id,
        at=at,
        packed=None if assistant.deleted else assistant.packed,
    )


def _check_unchanged(assistant: StoredAssistant, if_match: str | None) -> None:
    if if_match is None:
        return
    # Compressing an answer on its way weakens its ETag ('W/"5"'); it still names one sequence.
    named = {etag.removeprefix("W/") for etag in parse_etags(if_match)}
    if not named & {"*", f'"{assistant.sequence}"'}:
        raise errors.changed_meanwhile(assistant.public_id)


def _check_approval(
    caller: Caller, public_id: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    """Raise a 403 `ApiError` where people must approve what an application writes.

    The dashboard asks before it calls, and a key that an admin has exempted needs no approval.
    """
    if caller.in_process or caller.is_exempt:
        return
    needs_approval = import_string(settings.REGISTRY_BEFORE_WRITE)
    write = {"remote_id": public_id, "before": before, "after": after}
    if needs_approval(workspace_id=caller.workspace_id, **write):
        raise errors.needs_approval()


def _check_grown(held: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Raise a 400 `ApiError` where the fields are fine and what they are added to is too much."""
    old, new = Definition.parse(held), Definition.parse(wanted)
    refuse(too_much(new, changed_fields(old, new), before=old))


def _merge(content: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """Return `content` with `fields` set. Fields are replaced whole, but `tool_resources` per tool:
    what belongs to a tool that the request does not mention stays."""
    merged = {**content, **fields}
    kept, sent = content.get("tool_resources"), fields.get("tool_resources")
    if kept and sent:
        merged["tool_resources"] = _without_nulls({**kept, **sent})
    return _without_nulls(merged)


def _without_nulls(content: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if value is not None}

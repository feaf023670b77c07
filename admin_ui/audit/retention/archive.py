"""A file of old security events: a line of JSON for each, with all that its digest covers."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from admin_ui.audit.models import AuditEvent
from admin_ui.audit.record import is_unchanged
from admin_ui.display.times import utc

ChainPlace = tuple[int, str]
"""The number and the digest of an event: where a chain has got to."""


class Damaged(Exception):
    """An event was changed, or one is missing: a sentence for the person who runs the command."""


def line_of(event: AuditEvent) -> str:
    """Return an event as a line of a file."""
    return json.dumps(values_of(event), ensure_ascii=True) + "\n"


def values_of(event: AuditEvent) -> dict[str, Any]:
    """Return all that the digest of an event covers, and the digest."""
    return {
        "chain": event.chain,
        "number": event.number,
        "at": utc(event.at, "microseconds"),
        "kind": event.kind,
        "actor_id": event.actor_id,
        "actor": event.actor_name,
        "about": event.about,
        "address": event.address,
        "details": event.details,
        "previous": event.previous_digest,
        "digest": event.digest,
    }


def event_of(line: str) -> AuditEvent:
    """Return the event of a line. Raises `Damaged` if it is no such line."""
    try:
        values: dict[str, Any] = json.loads(line)
        return AuditEvent(
            workspace_id=values["chain"] or None,
            chain=values["chain"],
            number=values["number"],
            at=datetime.fromisoformat(values["at"]),
            kind=values["kind"],
            actor_id=values["actor_id"],
            actor_name=values["actor"],
            about=values["about"],
            address=values["address"],
            details=values["details"],
            previous_digest=values["previous"],
            digest=values["digest"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged("A line is not an event of the audit log.") from error


def follow(place: ChainPlace, event: AuditEvent) -> ChainPlace:
    """Return the place of `event`. Raises `Damaged` unless it follows `place` and is unchanged."""
    number, digest = place
    where = f"chain {event.chain}, event {number + 1}"
    if event.number != number + 1:
        raise Damaged(f"{where}: it is missing")
    if event.previous_digest != digest:
        raise Damaged(f"{where}: it does not follow the one before")
    if not is_unchanged(event):
        raise Damaged(f"{where}: it was changed")
    return event.number, event.digest


def read_archive(lines: Iterable[str]) -> dict[int, tuple[int, ChainPlace]]:
    """Check a file; returns the first number and the last place of each chain in it.

    A file continues an earlier one, so a chain may begin with any event. Raises `Damaged`.
    """
    found: dict[int, tuple[int, ChainPlace]] = {}
    for line in lines:
        event = event_of(line)
        before = event.number - 1, event.previous_digest
        first, place = found.get(event.chain, (event.number, before))
        found[event.chain] = first, follow(place, event)
    return found

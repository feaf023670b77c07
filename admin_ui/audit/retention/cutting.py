"""Moving the oldest security events to a file. The rest stays a chain that can be checked."""

import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from admin_ui.audit.models import AuditChain, AuditCut, AuditEvent, EventKind
from admin_ui.audit.record import record
from admin_ui.audit.retention.archive import ChainPlace, Damaged, follow, line_of
from admin_ui.durable import write_out

EVENTS_A_STEP = 500
WRITTEN_AS = ".part"
"""How the name of a file ends while it is written."""


@dataclass(frozen=True)
class Part:
    """The beginning of a chain, from after `start` up to `end`."""

    chain: int
    start: ChainPlace
    end: ChainPlace

    @property
    def count(self) -> int:
        return self.end[0] - self.start[0]


def cut_log(*, before: datetime, path: Path) -> list[Part]:
    """Move the events of every chain from before that time to `path`, and return what was moved.

    First the file is written and safe on disk. Then each chain gets a row that says where it begins
    and an event about it, all at once. Then the events are deleted. The next run completes one that
    was stopped. Without old events no file is written.

    Raises `Damaged`, having deleted nothing, if an event was changed or is missing; `OSError` if
    the file exists or cannot be written.
    """
    for cut in AuditCut.objects.all():
        _delete_moved(cut)
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    old = list(_old_parts(before))
    if not old:
        return []
    draft = path.with_name(path.name + WRITTEN_AS)
    try:
        parts, digest = _write(draft, old)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    write_out(path.parent)
    with transaction.atomic():
        cuts = [_mark(part, file=path.name, digest=digest) for part in parts]
    for cut in cuts:
        _delete_moved(cut)
    return parts


def _write(draft: Path, old: Iterable[tuple[int, ChainPlace, int]]) -> tuple[list[Part], str]:
    """Write the events of these parts; returns the parts with their ends, and the file's digest."""
    parts, digest = [], sha256()
    with open(draft, "w", encoding="ascii", opener=_private) as file:
        for chain, start, last in old:
            place = start
            for event in _events(chain, after=start[0], last=last):
                place = follow(place, event)
                line = line_of(event)
                digest.update(line.encode())
                file.write(line)
            parts.append(Part(chain, start, place))
        file.flush()
        os.fsync(file.fileno())
    return parts, digest.hexdigest()


def begins_after(chain: int) -> ChainPlace:
    """Return the place of the last event of a chain that was moved; `(0, "")` if none was."""
    cut = AuditCut.objects.filter(chain=chain).first()
    return (cut.number, cut.digest) if cut else (0, "")


def _old_parts(before: datetime) -> Iterator[tuple[int, ChainPlace, int]]:
    """Yield each chain with old events, where it begins, and the number of the last old event."""
    for end in AuditChain.objects.order_by("pk"):
        start = begins_after(end.pk)
        rows = AuditEvent.objects.filter(chain=end.pk, number__gt=start[0])
        first_young = rows.filter(at__gte=before).order_by("number").values_list("number").first()
        last = first_young[0] - 1 if first_young else end.last_number
        if last > start[0]:
            yield end.pk, start, last


def _events(chain: int, *, after: int, last: int) -> Iterator[AuditEvent]:
    rows = AuditEvent.objects.filter(chain=chain, number__gt=after, number__lte=last)
    return rows.order_by("number").iterator(chunk_size=EVENTS_A_STEP)


def _mark(part: Part, *, file: str, digest: str) -> AuditCut:
    AuditChain.objects.select_for_update().get(chain=part.chain)
    if begins_after(part.chain) != part.start:
        raise Damaged(f"chain {part.chain}: another run moved its oldest events meanwhile")
    number, end = part.end
    cut, _made = AuditCut.objects.update_or_create(
        chain=part.chain, defaults={"number": number, "digest": end, "cut_at": timezone.now()}
    )
    details = {"number": number, "digest": end, "count": part.count, "file": file, "sha256": digest}
    workspace = Workspace.objects.get(pk=part.chain) if part.chain else None
    record(EventKind.LOG_CUT, workspace=workspace, about="audit log", details=details)
    return cut


def _delete_moved(cut: AuditCut) -> None:
    moved = AuditEvent.objects.filter(chain=cut.chain, number__lte=cut.number).order_by("number")
    while pks := list(moved.values_list("pk", flat=True)[:EVENTS_A_STEP]):
        AuditEvent.objects.filter(pk__in=pks).delete()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

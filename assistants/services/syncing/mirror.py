"""Comparing a remote's list with our rows, and reading each assistant that differs."""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import Q

from assistants.definition import LIMITS, quotable
from assistants.gateway import AssistantMissing, EndpointGone, GatewayError, RemoteAssistant
from assistants.models import (
    GONE_STATES,
    Assistant,
    Job,
    Kind,
    State,
    Trouble,
    definition_changes,
)
from assistants.services.connections.client import gateway_for
from assistants.services.ledger.record import Author, lock_assistant
from assistants.services.remote import created
from assistants.services.remote.outside import OUTSIDE, record_outside
from assistants.services.remote.settle import check_remote
from assistants.services.syncing.lease import READS_A_STEP, JobStep, TakenOver
from assistants.services.syncing.ranges import holds, merged

logger = logging.getLogger(__name__)

ROWS_AT_ONCE = 2000
FAILURES_KEPT = 100
NOT_STORED = "not_stored"
SLOW_DELETION = timedelta(minutes=5)
"""How long a remote may still show an assistant that was deleted here."""
SYNC = Author("Sync")
COMPARED = (
    "remote_id", "name", "live_digest", "state", "slot_id", "trouble", "doubt_look_at",
    "changed_at",
)  # fmt: skip


def take_in(step: JobStep, remotes: Iterable[RemoteAssistant]) -> bool:
    """Compare a page of the list with our rows, in order; write only what differs.

    Returns False if the step ends before the page does. The next step lists the same page again and
    skips what is done. Raises a `GatewayError` that stops the job.
    """
    job = step.job
    by_id = {remote.id: remote for remote in remotes}
    rows = Assistant.objects.filter(connection_id=job.connection_id, remote_id__in=by_id)
    known = {row.remote_id: row for row in rows.only(*COMPARED)}
    done: list[int] = []
    try:
        for remote_id, remote in by_id.items():
            row = known.get(remote_id)
            if row is not None and holds(job.seen_pks, row.pk):
                continue
            if not step.has_time():
                return False
            if row is None:
                with _apart(
                    job, remote_id, quotable(remote.definition.value("name") or "", LIMITS.name)
                ):
                    done += _add(job, remote)
                continue
            if _needs_a_look(job, row, remote):
                if not step.may_read():
                    return False
                with _apart(job, remote_id, str(row), row.pk):
                    _look_at_named(job, row.pk)
            done.append(row.pk)
    finally:
        job.seen_pks = merged(job.seen_pks, done)
        job.seen += len(done)
    return True


def look_at_unnamed(step: JobStep) -> bool:
    """Read each assistant that the complete list did not name, a few at a time.

    Returns whether none is left. Raises a `GatewayError` that stops the job, for instance if the
    whole endpoint is gone.
    """
    job = step.job
    for pk in (unnamed := _unnamed(job, READS_A_STEP + 1)):
        if not step.has_time() or not step.may_read():
            return False
        row = _whole(pk)
        with _apart(job, row.remote_id or "", str(row), pk):
            _check(job, row)
        job.seen_pks = merged(job.seen_pks, [pk])
    return len(unnamed) <= READS_A_STEP


def _unnamed(job: Job, most: int) -> list[int]:
    """Return the first unseen rows that should be on the remote, or are in doubt."""
    expected = Q(state=State.LIVE, created_at__lt=job.started_at)
    in_doubt = Assistant.past_lease() | Q(doubt_look_at__isnull=False)
    rows = Assistant.objects.filter(expected | in_doubt, connection_id=job.connection_id)
    found: list[int] = []
    last = 0
    while len(found) < most:
        following = rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)
        pks = list(following[:ROWS_AT_ONCE])
        found += [pk for pk in pks if not holds(job.seen_pks, pk)]
        if len(pks) < ROWS_AT_ONCE:
            break
        last = pks[-1]
    return found[:most]


def _whole(pk: int) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=pk)


@contextmanager
def _apart(job: Job, remote_id: str, name: str, pk: int | None = None) -> Iterator[None]:
    """Record a failure with one assistant; let it stop the job only if it concerns all."""
    kind = NOT_STORED
    try:
        yield
        return
    except (TakenOver, OperationalError, InterfaceError):
        raise
    except GatewayError as error:
        too_many = len(job.failures) >= FAILURES_KEPT
        if error.asks_to_wait or isinstance(error, EndpointGone) or too_many:
            raise
        kind = error.kind
    except Exception:  # whatever is odd about this one, the others are no part of it
        logger.exception("assistant %s could not be taken in", remote_id)
    is_known = any(failure["id"] == remote_id for failure in job.failures)
    if not is_known and len(job.failures) < FAILURES_KEPT:
        job.failures.append({"id": remote_id, "name": name, "error": kind, "pk": pk})


def _add(job: Job, remote: RemoteAssistant) -> list[int]:
    """Add an unknown assistant. Returns its primary key, in a list; empty if another adds it."""
    if _is_being_created(job, remote):
        return []
    author = Author.of(job.started_by) if job.started_by else SYNC
    try:
        with transaction.atomic():
            row = Assistant.objects.create(
                workspace_id=job.workspace_id, connection=job.connection, remote_id=remote.id
            )
            record_outside(
                row=lock_assistant(row.pk),
                remote=remote,
                kind=Kind.BRING_IN,
                author=author,
                trace_id=job.trace_id,
            )
    except IntegrityError:
        return []  # somebody else has added it since this page was compared
    job.added += 1
    return [row.pk]


def _is_being_created(job: Job, remote: RemoteAssistant) -> bool:
    """Return whether one of our creates in doubt has made, or may have made, `remote`."""
    doubtful = Assistant.objects.exclude(state=State.LIVE).filter(
        Q(slot__isnull=False) | Q(trouble__in=(Trouble.UNCONFIRMED, Trouble.NOT_DELIVERED)),
        connection_id=job.connection_id,
    )
    for row in doubtful.select_related("connection", "slot"):
        revision = row.slot or definition_changes(row).first()
        if revision is None or not created.holds_all(remote.definition, revision.definition):
            continue
        if not row.is_leased:
            created.find_created(assistant=row)
        if row.is_leased or Assistant.objects.filter(pk=row.pk, remote_id=remote.id).exists():
            return True
    return False


def _needs_a_look(job: Job, row: Assistant, remote: RemoteAssistant) -> bool:
    if _in_doubt(row):
        return True
    if row.state == State.DELETED:
        return row.changed_at < job.started_at - SLOW_DELETION
    return row.state != State.LIVE or row.live_digest != remote.definition.digest


def _in_doubt(row: Assistant) -> bool:
    return row.slot_id is not None or row.doubt_look_at is not None


def _look_at_named(job: Job, pk: int) -> None:
    """Read an assistant that differs from the list, since the list may be older than our row."""
    row = _whole(pk)
    if row.state in GONE_STATES and not _in_doubt(row):
        _find_again(job, row)
    else:
        _check(job, row)


def _check(job: Job, row: Assistant) -> None:
    checked = check_remote(assistant=row)
    if checked.error is not None:
        raise checked.error
    job.changed += checked.found == "changed"
    job.missing += checked.found == "gone"


def _find_again(job: Job, row: Assistant) -> None:
    """Make a missing or deleted assistant live again, if a read shows that the remote has it."""
    try:
        remote = gateway_for(row.connection).retrieve(str(row.remote_id))
    except AssistantMissing:
        return  # the list lags behind
    with transaction.atomic():
        now = lock_assistant(row.pk)
        if now.last_number == row.last_number and now.remote_id == row.remote_id:
            record_outside(row=now, remote=remote, kind=Kind.OUTSIDE, author=OUTSIDE)
            job.changed += 1

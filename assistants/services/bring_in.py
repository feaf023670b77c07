"""Mirroring what a connection holds, a page at a time: what is new, changed and gone."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import SYSTEM, Action, NotAllowed, can
from assistants.gateway import GatewayError, RemoteAssistant
from assistants.models import Assistant, Connection, Job
from assistants.services import creation, feed
from assistants.services.connections import REGISTRY, gateway_for, note_answer, note_trouble
from assistants.services.effect import Kind, State
from assistants.services.outside import leased, record_outside
from assistants.services.record import Author, lock
from assistants.services.settle import check

PAGE = 100
LEASE = timedelta(seconds=90)
FAILURES_KEPT = 100
SYNC = Author("Sync")


def start(*, author: Member | None, connection: Connection) -> Job:
    """Begin to bring in what `connection` holds, or return the job that is already doing so.

    `author` is None for the sync command. Raises `NotAllowed`.
    """
    if not can(author or SYSTEM, Action.BRING_IN):
        raise NotAllowed(Action.BRING_IN)
    running = Job.objects.filter(connection=connection, status=Job.Status.RUNNING)
    try:
        with transaction.atomic():
            return running.first() or Job.objects.create(
                workspace_id=connection.workspace_id,
                connection=connection,
                started_by=author.user if author else None,
            )
    except IntegrityError:
        return running.get()


def step(*, job: Job) -> Job:
    """Do the next page of a running job, and return it as it then is.

    One list call goes to the gateway, plus one read for each assistant that seems changed. Somebody
    else doing this page at the moment means nothing is done here. A gateway that fails stops the
    job and says why; starting again begins anew, which is safe.
    """
    now = timezone.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    mine = Job.objects.filter(free, pk=job.pk, status=Job.Status.RUNNING)
    if not mine.update(lease_until=now + LEASE):
        return _fresh(job)
    job = _fresh(job)
    try:
        _do_page(job)
    except GatewayError as error:
        note_trouble(job.connection, error)
        job.status, job.error, job.finished_at = Job.Status.FAILED, error.kind, timezone.now()
    job.lease_until = None
    job.save()
    return job


def _fresh(job: Job) -> Job:
    return Job.objects.select_related("connection__workspace", "started_by").get(pk=job.pk)


def _do_page(job: Job) -> None:
    connection = job.connection
    if connection.profile == REGISTRY:
        feed.pull(workspace_id=job.workspace_id)
    page = gateway_for(connection).list_page(after=job.cursor or None, limit=PAGE)
    note_answer(connection)
    _take_in(job, page.items)
    job.pages += 1
    job.seen += len(page.items)
    job.cursor = page.next_after or ""
    if not job.cursor:
        _look_for_missing(job)
        job.status, job.finished_at = Job.Status.DONE, timezone.now()
        Connection.objects.filter(pk=connection.pk).update(checked_at=job.finished_at)


def _take_in(job: Job, remotes: Iterable[RemoteAssistant]) -> None:
    by_id = {remote.id: remote for remote in remotes}
    known = {
        row.remote_id: row
        for row in Assistant.objects.filter(
            connection_id=job.connection_id, remote_id__in=by_id
        ).select_related("connection", "live", "slot")
    }
    same = []
    for remote_id, remote in by_id.items():
        row = known.get(remote_id)
        if row is None:
            job.added += _add(job, remote)
        elif row.live_digest == remote.definition.digest and row.state == State.LIVE:
            same.append(row.pk)
        else:
            # The list may be older than what was published since: read this one by itself.
            _look_again(job, row)
    Assistant.objects.filter(pk__in=same).update(checked_at=timezone.now())


def _add(job: Job, remote: RemoteAssistant) -> int:
    if _is_being_created(job, remote):
        return 0
    author = Author.of(job.started_by) if job.started_by else SYNC
    try:
        with transaction.atomic():
            row = Assistant.objects.create(
                workspace_id=job.workspace_id, connection=job.connection, remote_id=remote.id
            )
            record_outside(row=lock(row.pk), remote=remote, kind=Kind.BRING_IN, author=author)
    except IntegrityError:
        return 0  # somebody else has added it since this page was compared
    return 1


def _is_being_created(job: Job, remote: RemoteAssistant) -> bool:
    """Return whether `remote` is, or may be, what one of our own creates in doubt has made."""
    doubtful = Assistant.objects.exclude(state=State.LIVE).filter(
        Q(slot__isnull=False) | Q(trouble=Assistant.Trouble.UNCONFIRMED),
        connection_id=job.connection_id,
    )
    for row in doubtful.select_related("connection", "slot"):
        revision = row.slot or row.revisions.order_by("-number").first()
        if revision is None or revision.definition.digest != remote.definition.digest:
            continue
        if not leased(row):
            creation.find_created(assistant=row)
        if leased(row) or Assistant.objects.filter(pk=row.pk, remote_id=remote.id).exists():
            return True
    return False


def _look_again(job: Job, row: Assistant) -> None:
    if row.state == State.DELETED:
        return
    checked = check(assistant=row)
    if checked.found == "changed":
        job.changed += 1
    elif checked.found == "gone":
        job.missing += 1
    elif checked.error is not None and len(job.failures) < FAILURES_KEPT:
        job.failures.append({"id": row.remote_id, "name": row.name, "error": checked.error.kind})


def _look_for_missing(job: Job) -> None:
    """Read every assistant by itself that the list, now complete, did not name."""
    unseen = Assistant.objects.filter(
        Q(checked_at__lt=job.started_at) | Q(checked_at__isnull=True),
        connection_id=job.connection_id,
        state=State.LIVE,
        created_at__lt=job.started_at,
    )
    for row in unseen.select_related("connection", "live", "slot").order_by("pk"):
        _look_again(job, row)


def sync(*, connections: Iterable[Connection]) -> dict[str, int]:
    """Bring in everything that `connections` hold, to the end.

    Returns counts: `connections`, `seen`, `added`, `changed`, `missing`, `failed`.
    """
    counts = dict.fromkeys(("connections", "seen", "added", "changed", "missing", "failed"), 0)
    for connection in connections:
        job = start(author=None, connection=connection)
        while job.status == Job.Status.RUNNING:
            job = step(job=job)
            if job.lease_until is not None:
                break  # another process is on it, and will go on
        counts["connections"] += 1
        for name in ("seen", "added", "changed", "missing"):
            counts[name] += getattr(job, name)
        counts["failed"] += len(job.failures) + (job.status == Job.Status.FAILED)
    return counts

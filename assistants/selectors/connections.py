"""The connections of a workspace, and the jobs that bring in or check their assistants."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import IntegerField, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Workspace
from admin_ui.encryption import Undecryptable, decrypt
from assistants.gateway import PROFILES, Endpoint
from assistants.models import Assistant, Connection, Job, OpenStoreChange
from assistants.selectors.addresses import ConnectionPages, WorkspacePages
from assistants.wording import ago, clock, dated, gateway_error
from assistants.wording.pauses import paused

# In the order of the index `assistant_of_connection`: PostgreSQL expects to find a row soon for any
# connection, and without the order it reads the whole table for one that has none.
_OF_CONNECTION = Assistant.objects.filter(connection=OuterRef("pk")).order_by("-pk").values("pk")
IN_USE = _OF_CONNECTION.filter(state=Assistant.State.LIVE)
NOT_FOUND = _OF_CONNECTION.filter(state=Assistant.State.MISSING)
MOST_COUNTED = 10_000
"""Counting goes on up to one more than this, since each costs as much as the first."""
BEGUN = Assistant.objects.filter(state__in=(Assistant.State.LIVE, Assistant.State.MISSING))
NEWEST_JOB = Job.objects.filter(connection=OuterRef("pk")).order_by("-pk")
JOBS = Job.objects.select_related("connection__workspace", "started_by").defer("seen_pks")
LEFT_AFTER = timedelta(minutes=2)
"""A job without a step for so long was left, since its page asks every 30 seconds at least."""
MOST_FAILURES = 100
"""The most failures that a job names; there may be more."""


class CountOf(Subquery):
    """How many rows the query has; unlike a count over groups it keeps to the query's limit."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def get_connection(workspace: Workspace, pk: int) -> Connection:
    """Return that connection of `workspace`. Raises `Http404` for one of another workspace."""
    return get_object_or_404(Connection, workspace=workspace, pk=pk)


def connections_of(workspace: Workspace) -> QuerySet[Connection]:
    """Return the connections of `workspace`, the default first."""
    return Connection.objects.filter(workspace=workspace).order_by("-is_default", "name")


def open_connections_of(workspace: Workspace) -> QuerySet[Connection]:
    """Return the connections of `workspace` that are not archived, the default first."""
    return connections_of(workspace).filter(archived_at=None)


def connection_names(workspace: Workspace) -> Mapping[int, str]:
    """Return the names of the connections of `workspace` by primary key, the default first."""
    return dict(connections_of(workspace).values_list("pk", "name"))


def open_connection_names(workspace: Workspace) -> Mapping[int, str]:
    """Return the names of the connections that take new assistants, as `connection_names` does."""
    return dict(open_connections_of(workspace).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """One connection, ready to be shown; nothing in it is secret."""

    pk: int
    name: str
    profile: str
    address: str
    pages: ConnectionPages
    is_default: bool
    archived: SafeString
    """Since when it is archived; empty if it is not."""
    from_environment: bool
    can_be_edited: bool
    assistants: int
    """Those in use, at most `MOST_COUNTED`."""
    has_more: bool
    checked: SafeString
    trouble: str
    trouble_since: SafeString
    paused: SafeString
    """That it is paused, why, and when the next try is; empty if it is not."""
    is_begun: bool
    """Whether assistants of it are here, so that there is something to check."""
    job: "JobView | None"


def list_connections(workspace: Workspace) -> list[ConnectionRow]:
    """Return the connections of `workspace` with the newest check of each."""
    rows = connections_of(workspace).annotate(
        assistant_count=CountOf(IN_USE[: MOST_COUNTED + 1]),
        not_found=Subquery(NOT_FOUND[:1]),
        newest_job=Subquery(NEWEST_JOB.values("pk")[:1]),
    )
    newest = JOBS.in_bulk([row.newest_job for row in rows if row.newest_job])
    jobs = {job.connection_id: job for job in newest.values()}
    pages, now = WorkspacePages.of(workspace.slug), timezone.now()
    return [
        ConnectionRow(
            pk=row.pk,
            name=row.name,
            profile=profile_label(row.profile),
            address=connection_address(row),
            pages=pages.connection(row.pk),
            is_default=row.is_default,
            archived=dated(row.archived_at, now) if row.archived_at else SafeString(""),
            from_environment=row.from_environment,
            can_be_edited=row.profile != "registry" and not row.from_environment,
            assistants=min(row.assistant_count, MOST_COUNTED),
            has_more=row.assistant_count > MOST_COUNTED,
            checked=ago(row.checked_at, now),
            trouble=gateway_error(row.trouble) if row.trouble and not row.archived_at else "",
            trouble_since=dated(row.trouble_since, now),
            paused=_paused(row),
            is_begun=bool(row.assistant_count or row.not_found),
            job=show_job(jobs[row.pk]) if row.pk in jobs else None,
        )
        for row in rows
    ]


def _paused(row: Connection) -> SafeString:
    if row.archived_at or row.next_try is None:
        return SafeString("")
    return paused(row.next_try, row.timeouts)


@dataclass(frozen=True, slots=True)
class ArchivingEffects:
    """What archiving a connection concerns."""

    assistants: int
    """Those in use, at most `MOST_COUNTED`."""
    unsettled: int
    """Changes, of assistants and of documents, of which nobody knows the end yet."""


def affected_by_archiving(connection: Connection) -> ArchivingEffects:
    """Return what archiving `connection` concerns now."""
    rows = Assistant.objects.filter(connection=connection)
    in_doubt = Q(slot__isnull=False) | Q(doubt_look_at__isnull=False)
    documents = OpenStoreChange.objects.filter(connection=connection)
    return ArchivingEffects(
        assistants=rows.filter(state=Assistant.State.LIVE)[:MOST_COUNTED].count(),
        unsettled=rows.filter(in_doubt).count() + documents.count(),
    )


def profile_label(profile: str) -> str:
    """Return the label of a profile."""
    return _(PROFILES[profile].label) if profile in PROFILES else profile


def connection_address(connection: Connection) -> str:
    """Return the base URL of calls over `connection`; "" for the built-in registry."""
    if connection.profile == "registry" or connection.profile not in PROFILES:
        return connection.base_url
    return Endpoint(profile=connection.profile, base_url=connection.base_url).url


def latest_job(connection: Connection) -> Job | None:
    """Return the newest bring-in or check over `connection`, running or done."""
    return JOBS.filter(connection=connection).order_by("-pk").first()


def is_begun(connection: Connection, job: Job | None) -> bool:
    """Return whether there are assistants to check. During `job`, only older ones count."""
    rows = BEGUN.filter(connection=connection)
    if job is not None and job.status == Job.Status.RUNNING:
        rows = rows.filter(created_at__lt=job.started_at)
    return rows.exists()


@dataclass(frozen=True, slots=True)
class Failure:
    """An assistant that could not be read: its name or ID, its address if it is here, and why."""

    name: str
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class JobView:
    """The progress of a bring-in or a check, ready to be shown."""

    is_running: bool
    left: SafeString
    """How long ago it was left unfinished; empty while it goes on."""
    is_listed: bool
    """Whether the list is read. Assistants that it did not name are then read one by one."""
    failed: bool
    seen: int
    added: int
    changed: int
    missing: int
    calls: int
    error: str
    failures: tuple[Failure, ...]
    has_more_failures: bool
    waits_until: SafeString
    """When the gateway wants the next call, if it wants none now."""
    poll: str
    """The delay before the page asks for the next step, as htmx writes it."""
    started: SafeString
    finished: SafeString
    by: str


def show_job(job: Job) -> JobView:
    now = timezone.now()
    pages = WorkspacePages.of(job.connection.workspace.slug)
    is_running = job.status == Job.Status.RUNNING
    waits = is_running and job.not_before is not None and job.not_before > now
    last = max(filter(None, (job.started_at, job.lease_until, job.not_before)))
    is_left = is_running and last < now - LEFT_AFTER
    is_anothers = job.lease_until is not None and job.lease_until > now
    return JobView(
        is_running=is_running,
        left=ago(last, now) if is_left else SafeString(""),
        is_listed=job.pages > 0 and not job.cursor,
        failed=job.status == Job.Status.FAILED,
        seen=job.seen,
        added=job.added,
        changed=job.changed,
        missing=job.missing,
        calls=job.calls,
        error=gateway_error(job.error) if job.error else "",
        failures=tuple(
            Failure(
                name=failure.get("name") or failure["id"],
                url=pages.assistant(failure["pk"]).detail if failure.get("pk") else "",
                reason=gateway_error(failure["error"]),
            )
            for failure in job.failures
        ),
        has_more_failures=len(job.failures) >= MOST_FAILURES,
        waits_until=clock(job.not_before) if waits and job.not_before else SafeString(""),
        poll="5s" if waits else "1s" if is_anothers else "400ms",
        started=dated(job.started_at, now),
        finished=dated(job.finished_at, now),
        by=str(job.started_by or ""),
    )


def kept_credentials(connection: Connection) -> list[str]:
    """Return the names of the stored credentials, never their values."""
    try:
        return sorted(decrypt(connection.credentials))
    except Undecryptable:
        return []

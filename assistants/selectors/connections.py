"""The connections of a workspace, and what is being brought in over them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from admin_ui.accounts.models import Workspace
from admin_ui.encryption import Undecryptable, decrypt
from assistants.gateway import PROFILES, Endpoint
from assistants.models import Assistant, Connection, Job
from assistants.wording import ago, gateway_error

IN_USE = Q(assistants__state=Assistant.State.LIVE)
NEWEST_JOB = Job.objects.filter(connection=OuterRef("pk")).order_by("-pk")


def get_connection(workspace: Workspace, pk: int) -> Connection:
    """Return that connection of `workspace`. Raises `Http404` for anybody else's."""
    return get_object_or_404(Connection, workspace=workspace, pk=pk)


def connections_of(workspace: Workspace) -> QuerySet[Connection]:
    """Return the connections of `workspace`, the default first."""
    return Connection.objects.filter(workspace=workspace).order_by("-is_default", "name")


def connection_names(workspace: Workspace) -> Mapping[int, str]:
    """Return the names of the connections of `workspace` by primary key, the default first."""
    return dict(connections_of(workspace).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """One connection, ready to be shown; nothing in it is secret."""

    pk: int
    name: str
    profile: str
    address: str
    url: str
    is_default: bool
    from_environment: bool
    can_be_edited: bool
    assistants: int
    checked: SafeString
    trouble: str
    trouble_since: SafeString
    job: Job | None


def list_connections(workspace: Workspace) -> list[ConnectionRow]:
    """Return the connections of `workspace` with the newest bring-in of each."""
    rows = connections_of(workspace).annotate(
        assistant_count=Count("assistants", filter=IN_USE),
        newest_job=Subquery(NEWEST_JOB.values("pk")[:1]),
    )
    jobs = Job.objects.in_bulk([row.newest_job for row in rows if row.newest_job])
    root, now = reverse("assistants:connections", args=[workspace.slug]), timezone.now()
    return [
        ConnectionRow(
            pk=row.pk,
            name=row.name,
            profile=profile_label(row.profile),
            address=address_of(row),
            url=f"{root}{row.pk}/",
            is_default=row.is_default,
            from_environment=row.from_environment,
            can_be_edited=row.profile != "registry" and not row.from_environment,
            assistants=row.assistant_count,
            checked=ago(row.checked_at, now),
            trouble=gateway_error(row.trouble) if row.trouble else "",
            trouble_since=ago(row.trouble_since, now),
            job=jobs.get(row.newest_job),
        )
        for row in rows
    ]


def profile_label(profile: str) -> str:
    """Return what a kind of endpoint is called."""
    return PROFILES[profile].label if profile in PROFILES else profile


def address_of(connection: Connection) -> str:
    """Return the base URL that calls of `connection` go to; "" for the built-in registry."""
    if connection.profile == "registry" or connection.profile not in PROFILES:
        return connection.base_url
    return Endpoint(profile=connection.profile, base_url=connection.base_url).url


def latest_job(connection: Connection) -> Job | None:
    """Return the newest bring-in over `connection`, running or done."""
    jobs = Job.objects.filter(connection=connection).select_related("connection", "started_by")
    return jobs.order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class JobView:
    """How far a bring-in is, ready to be shown."""

    is_running: bool
    failed: bool
    pages: int
    seen: int
    added: int
    changed: int
    missing: int
    error: str
    failures: tuple[tuple[str, str], ...]
    """Name or id of each assistant that could not be read, and why."""
    started: SafeString
    finished: SafeString
    by: str


def show_job(job: Job) -> JobView:
    now = timezone.now()
    return JobView(
        is_running=job.status == Job.Status.RUNNING,
        failed=job.status == Job.Status.FAILED,
        pages=job.pages,
        seen=job.seen,
        added=job.added,
        changed=job.changed,
        missing=job.missing,
        error=gateway_error(job.error) if job.error else "",
        failures=tuple(
            (failure.get("name") or failure["id"], gateway_error(failure["error"]))
            for failure in job.failures
        ),
        started=ago(job.started_at, now),
        finished=ago(job.finished_at, now),
        by=str(job.started_by or ""),
    )


def kept_credentials(connection: Connection) -> list[str]:
    """Return the names of the credentials that are stored, never what they are."""
    try:
        return sorted(decrypt(connection.credentials))
    except Undecryptable:
        return []

"""Assistants on the remote, its pages of the list, and a check of the connection to its end."""

import json

from assistants.models import Connection, Job
from assistants.services.syncing.jobs import start, step
from tests.conftest import Cast
from tests.upstream import FaultSpec, Upstream


def fill(remote: Upstream, number: int) -> list[str]:
    """Put assistants on the remote; returns their ids, oldest first."""
    return [remote.add(name=f"Assistant {count}")["id"] for count in range(number)]


def page_of(rows: list[dict[str, object]], *, more: bool = False) -> FaultSpec:
    """A page of the list with these on it."""
    body = {"object": "list", "data": rows, "has_more": more}
    return FaultSpec(status=200, body=json.dumps(body))


def run(cast: Cast, connection: Connection) -> Job:
    """Check the connection to the end, or until the gateway asks to wait."""
    job = step(job=start(author=cast.publisher, connection=connection))
    while job.status == Job.Status.RUNNING and job.not_before is None:
        job = step(job=job)
    return job


def states(connection: Connection) -> dict[str | None, str]:
    return dict(connection.assistants.values_list("remote_id", "state"))

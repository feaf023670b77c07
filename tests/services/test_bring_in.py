"""Mirroring a connection page by page: what is new, changed and gone, and how little it writes."""

import pytest

from admin_ui.accounts.permissions import NotAllowed
from assistants.models import Assistant, Connection, Job, Revision
from assistants.services.bring_in import start, step, sync
from assistants.services.outside import live_definition
from tests.conftest import Cast
from tests.services.conftest import Make
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_job_does_one_page_a_step_and_can_be_left_and_found(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    for number in range(250):
        remote.add(name=f"Assistant {number}", instructions="x" * 2000)
    job = start(author=cast.publisher, connection=connection_to)
    assert start(author=cast.admin, connection=connection_to) == job
    seen = []
    while job.status == Job.Status.RUNNING:
        job = step(job=Job.objects.get(pk=job.pk))
        seen.append((job.pages, job.seen, job.added))
    assert seen == [(1, 100, 100), (2, 200, 200), (3, 250, 250)]
    assert remote.count_of("GET") == 3
    row = Assistant.objects.get(name="Assistant 7")
    assert live_definition(row).value("instructions") == "x" * 2000
    revision = Revision.objects.get(assistant=row)
    assert (revision.kind, revision.author_name) == ("bring_in", "Pia")


def test_a_second_sync_writes_only_what_changed(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    rows = [remote.add(name=f"Assistant {number}") for number in range(5)]
    connections = [connection_to]
    assert sync(connections=connections)["added"] == 5
    remote.assistants[rows[1]["id"]]["instructions"] = "Changed"
    del remote.assistants[rows[2]["id"]]
    counts = sync(connections=connections)
    assert counts == {
        "connections": 1, "seen": 4, "added": 0, "changed": 1, "missing": 1, "failed": 0,
    }  # fmt: skip
    assert Revision.objects.count() == 7
    assert sync(connections=connections)["changed"] == 0


def test_a_connection_that_fails_stops_the_job_and_says_why(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    remote.fail_next("GET", FaultSpec(status=401, body="{}"))
    job = step(job=start(author=cast.publisher, connection=connection_to))
    assert (job.status, job.error) == ("failed", "unauthorized")
    connection_to.refresh_from_db()
    assert connection_to.trouble == "unauthorized"
    assert start(author=cast.publisher, connection=connection_to).pk != job.pk


def test_what_is_over_a_limit_is_mirrored(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    remote.add(name="n" * 300, instructions="\x00 \ud800", tools=[{"type": "new_tool", "x": 1}])
    assert sync(connections=[connection_to])["added"] == 1
    row = Assistant.objects.get()
    assert live_definition(row).value("instructions") == "\x00 \ud800"
    assert live_definition(row).value("tools") == [{"type": "new_tool", "x": 1}]


def test_only_a_publisher_may_bring_in(cast: Cast, connection_to: Connection) -> None:
    with pytest.raises(NotAllowed):
        start(author=cast.editor, connection=connection_to)


def test_an_assistant_published_here_is_not_added_twice(
    cast: Cast, connection_to: Connection, published: Make
) -> None:
    published(connection_to)
    assert sync(connections=[connection_to])["added"] == 0
    assert Assistant.objects.count() == 1

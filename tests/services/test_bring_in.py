"""Mirroring a connection page by page: what one check brings in, and how little it writes."""

import re
from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.permissions import NotAllowed
from assistants.models import Assistant, Connection, Job, Revision
from assistants.services.connections.client import registry_of
from assistants.services.ledger.reading import live_definition
from assistants.services.syncing.jobs import start, step, sync
from tests.conftest import Cast
from tests.services.conftest import Make
from tests.services.mirroring import fill, run
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)
WRITE = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "assistants_assistant"')


def writes(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"] for query in queries if WRITE.match(query["sql"])]


def test_what_one_check_brings_in_is_one_event_of_nobody(
    cast: Cast, connection_to: Connection, remote: Upstream, small_pages: None
) -> None:
    """Over several steps, and by the command too; what another check adds is another event."""
    fill(remote, 25)
    run(cast, connection_to)
    fill(remote, 2)
    sync(connections=[connection_to])

    first, second = Job.objects.order_by("pk")
    expected = [(first.trace_id, "Pia")] * 25 + [(second.trace_id, "Sync")] * 2
    found = Revision.objects.order_by("pk").values_list("trace_id", "author_name")
    assert list(found) == expected
    assert first.trace_id != second.trace_id
    changed_by = connection_to.assistants.values_list("changed_by", flat=True)
    assert list(changed_by) == [""] * 27


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
        seen.append((job.pages, job.seen, job.added, job.calls))
    assert seen == [(1, 100, 100, 1), (2, 200, 200, 2), (3, 250, 250, 3)]
    assert remote.count_of("GET") == 3
    row = Assistant.objects.get(name="Assistant 7")
    assert live_definition(row).value("instructions") == "x" * 2000
    revision = Revision.objects.get(assistant=row)
    assert (revision.kind, revision.author_name) == ("bring_in", "Pia")


@pytest.mark.slow
def test_checking_a_thousand_unchanged_ones_takes_ten_calls_and_writes_none(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    fill(remote, 1000)
    counts = sync(connections=[connection_to])
    assert (counts["added"], counts["calls"], remote.count_of("GET")) == (1000, 10, 10)
    remote.requests.clear()
    with CaptureQueriesContext(database) as queries:
        counts = sync(connections=[connection_to])
    assert counts == {
        "connections": 1, "seen": 1000, "added": 0, "changed": 0, "missing": 0, "failed": 0,
        "calls": 10, "waiting": 0,
    }  # fmt: skip
    assert [path.partition("?")[0] for _, path, _ in remote.requests] == ["/v1/assistants"] * 10
    assert writes(queries) == []
    assert len(queries) < 15 * 10
    connection_to.refresh_from_db()
    assert connection_to.checked_at == Job.objects.latest("pk").finished_at


def test_the_rows_seen_so_far_are_kept_as_a_few_ranges(
    cast: Cast, connection_to: Connection, remote: Upstream, small_pages: None
) -> None:
    fill(remote, 25)
    sync(connections=[connection_to])
    first = Assistant.objects.earliest("pk").pk
    job = step(job=start(author=None, connection=connection_to))
    assert job.seen_pks == [[first, first + 9]]
    job = step(job=job)
    assert job.seen_pks == [[first, first + 19]]


def test_a_second_sync_writes_only_what_changed(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    rows = fill(remote, 5)
    assert sync(connections=[connection_to])["added"] == 5
    remote.assistants[rows[1]]["instructions"] = "Changed"
    del remote.assistants[rows[2]]
    with CaptureQueriesContext(database) as queries:
        counts = sync(connections=[connection_to])
    assert counts == {
        "connections": 1, "seen": 4, "added": 0, "changed": 1, "missing": 1, "failed": 0,
        "calls": 4, "waiting": 0,
    }  # fmt: skip
    assert Revision.objects.count() == 7
    touched = Assistant.objects.filter(remote_id__in=rows[1:3]).values_list("pk", flat=True)
    named = {int(found) for sql in writes(queries) for found in re.findall(r'"id" = (\d+)', sql)}
    assert named == set(touched)
    assert sync(connections=[connection_to])["changed"] == 0


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


def test_the_registry_is_checked_too(cast: Cast, published: Make) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    published(registry)
    counts = sync(connections=[registry])
    assert (counts["seen"], counts["added"], counts["changed"]) == (1, 0, 0)


# One that fails, and those that come back


def test_old_jobs_are_forgotten(cast: Cast, connection_to: Connection) -> None:
    old = run(cast, connection_to)
    Job.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=31))
    kept = run(cast, connection_to)
    newest = run(cast, connection_to)
    assert list(Job.objects.order_by("pk")) == [kept, newest]

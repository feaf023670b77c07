"""Whose turn it is: waiting when asked to, pausing, and never doing a step twice."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from assistants.gateway import Endpoint
from assistants.models import Assistant, Connection, Job, Revision
from assistants.services.connections.saving import write_connection
from assistants.services.errors import NotNow
from assistants.services.syncing import jobs
from assistants.services.syncing.jobs import LONGEST_ASKED_WAIT, WAITS, start, step, sync
from assistants.services.syncing.lease import LEASE, JobStep, TakenOver, fresh, take_lease
from tests.conftest import Cast
from tests.services.mirroring import fill
from tests.services.test_concurrency import at_once
from tests.upstream import FaultSpec, Upstream
from tests.upstream import start as start_upstream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("small_pages")]


def busy(seconds: str = "120", status: int = 429) -> FaultSpec:
    return FaultSpec(status=status, body="{}", retry_after=seconds)


def due(job: Job) -> None:
    """Let the time that the gateway asked for be over."""
    Job.objects.filter(pk=job.pk).update(not_before=timezone.now())


def seconds_to_wait(job: Job) -> float:
    assert job.not_before
    return (job.not_before - timezone.now()).total_seconds()


# Waiting because the gateway asks for it


@pytest.mark.parametrize("status", [429, 503])
def test_a_gateway_that_asks_to_wait_is_left_alone_until_then(
    cast: Cast, connection_to: Connection, remote: Upstream, status: int
) -> None:
    fill(remote, 15)
    job = step(job=start(author=cast.publisher, connection=connection_to))
    remote.fail_next("GET", busy(status=status))
    remote.requests.clear()
    job = step(job=job)
    assert (job.status, job.pages, remote.count_of("GET")) == ("running", 1, 1)
    assert 118 < seconds_to_wait(job) <= 120
    connection_to.refresh_from_db()
    assert connection_to.trouble == ""
    assert step(job=job).pages == 1
    assert remote.count_of("GET") == 1, "nothing is asked before the time"
    due(job)
    job = step(job=job)
    assert (job.status, job.seen, job.not_before, job.waits) == ("done", 15, None, 0)


@pytest.mark.parametrize(
    ("asked", "waits"),
    [("99999", LONGEST_ASKED_WAIT), ("1e300", LONGEST_ASKED_WAIT), ("", 30), ("0", 1)],
)
def test_a_wait_has_bounds(
    cast: Cast, connection_to: Connection, remote: Upstream, asked: str, waits: float
) -> None:
    for _ in range(3):
        remote.fail_next("GET", busy(asked))
    job = step(job=start(author=cast.publisher, connection=connection_to))
    assert waits - 2 < seconds_to_wait(job) <= waits


def test_after_too_many_waits_in_a_row_the_job_gives_up(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    fill(remote, 15)
    job = start(author=cast.publisher, connection=connection_to)
    for number in range(WAITS):
        remote.fail_next("GET", busy())
        job = step(job=job)
        assert (job.status, job.waits) == ("running", number + 1)
        due(job)
    job = step(job=job)
    assert (job.pages, job.waits) == (1, 0), "it got on, so it counts anew"
    for _ in range(WAITS + 1):
        due(job)
        remote.fail_next("GET", busy())
        job = step(job=job)
    assert (job.status, job.error) == ("failed", "rate_limited")
    connection_to.refresh_from_db()
    assert connection_to.trouble == ""


def test_a_wait_in_the_middle_of_single_reads_loses_none_of_them(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    ids = fill(remote, 6)
    sync(connections=[connection_to])
    for remote_id in ids:
        remote.assistants[remote_id]["instructions"] = "Changed"
    job = start(author=cast.publisher, connection=connection_to)
    for spec in [FaultSpec(applied=True)] * 4 + [busy()]:
        remote.fail_next("GET", spec)
    job = step(job=job)
    assert (job.status, job.seen, job.changed, job.failures) == ("running", 3, 3, [])
    due(job)
    remote.requests.clear()
    job = step(job=job)
    assert (job.status, job.seen, job.changed) == ("done", 6, 6)
    assert remote.count_of("GET") == 1 + 3


@pytest.mark.slow
def test_sync_waits_and_goes_on(cast: Cast, connection_to: Connection, remote: Upstream) -> None:
    fill(remote, 15)
    for _ in range(3):
        remote.fail_next("GET", busy("0"))
    started = time.monotonic()
    counts = sync(connections=[connection_to])
    assert (counts["added"], counts["waiting"], counts["failed"]) == (15, 0, 0)
    assert time.monotonic() - started > 0.9


def test_sync_does_not_wait_for_ever_and_the_next_run_goes_on(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    fill(remote, 25)
    job = step(job=start(author=None, connection=connection_to))
    remote.fail_next("GET", busy())
    started = time.monotonic()
    counts = sync(connections=[connection_to], patience=60)
    assert (counts["waiting"], counts["failed"], counts["added"]) == (1, 0, 10)
    assert time.monotonic() - started < 30
    due(job)
    remote.requests.clear()
    assert sync(connections=[connection_to])["added"] == 25
    assert remote.count_of("GET") == 2


def test_while_one_gateway_asks_to_wait_the_others_are_read(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    other, server = start_upstream()
    other.add(name="Elsewhere")
    second = write_connection(
        Connection(workspace=cast.workspace),
        name="Second",
        endpoint=Endpoint(profile="openai", base_url=other.url),
        is_default=False,
    )
    remote.fail_next("GET", busy())
    counts = sync(connections=[connection_to, second], patience=10)
    server.shutdown()
    server.server_close()
    assert (counts["connections"], counts["added"], counts["waiting"]) == (2, 1, 1)


# Pausing


@pytest.mark.slow
def test_sync_leaves_a_remote_half_of_its_time(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    ids = fill(remote, 35)
    sync(connections=[connection_to])
    for _ in range(4):
        remote.fail_next("GET", FaultSpec(applied=True, hang=0.3))
    started = time.monotonic()
    counts = sync(connections=[connection_to])
    assert (counts["calls"], len(ids)) == (4, 35)
    assert time.monotonic() - started > 4 * 0.3 + 3 * 0.3


def test_nobody_goes_on_in_a_pause(cast: Cast, connection_to: Connection, remote: Upstream) -> None:
    fill(remote, 25)
    remote.fail_next("GET", FaultSpec(applied=True, hang=0.1))
    begun = timezone.now()
    job = step(job=start(author=None, connection=connection_to), paced=True)
    assert job.lease_until
    assert job.lease_until - begun >= timedelta(seconds=0.2), "as long again as the call took"
    Job.objects.update(lease_until=timezone.now() + timedelta(minutes=1))
    assert step(job=job).pages == 1
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert step(job=job).pages == 2
    job = step(job=job)
    assert job.lease_until is not None
    assert job.lease_until <= timezone.now(), "a page that polls has a pace of its own"


def test_who_asks_while_the_connection_is_paused_is_at_the_job(
    cast: Cast, connection_to: Connection
) -> None:
    job = start(author=None, connection=connection_to)
    until = timezone.now() + timedelta(minutes=1)
    paused = {"paused_until": until, "pause_holds_all": True, "timeouts": 3}
    Connection.objects.filter(pk=connection_to.pk).update(**paused)
    before = timezone.now()
    with pytest.raises(NotNow):
        step(job=fresh(job.pk))
    held = fresh(job.pk)
    assert (held.status, held.pages) == ("running", 0)
    assert held.lease_until is not None
    assert before <= held.lease_until <= timezone.now(), "and nobody is kept away from it"


# The lease


@pytest.mark.slow
def test_two_syncs_at_once_do_every_page_once(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    fill(remote, 95)
    results = at_once(lambda _: sync(connections=[connection_to]), writers=4)
    assert [counts["added"] for counts in results] == [95] * 4
    asked = [path for _, path, _ in remote.requests]
    assert len(asked) == len(set(asked)) == 10
    assert Job.objects.get().calls == 10
    assert Revision.objects.count() == Assistant.objects.count() == 95


@pytest.mark.slow
def test_a_sync_and_an_open_page_share_the_work(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    fill(remote, 95)

    def work(number: int) -> int:
        if number == 0:
            return sync(connections=[connection_to])["seen"]
        job = start(author=cast.publisher, connection=connection_to)
        while job.status == Job.Status.RUNNING:
            job = step(job=job)
            time.sleep(0.02)
        return job.seen

    assert at_once(work, writers=3) == [95] * 3
    asked = [path for _, path, _ in remote.requests]
    assert len(asked) == len(set(asked)) == 10


def test_what_a_dead_process_left_is_taken_over_after_its_lease(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    fill(remote, 15)
    job = step(job=start(author=cast.publisher, connection=connection_to))
    assert take_lease(job) is not None, "and then that process dies"
    job = step(job=job)
    assert (job.pages, remote.count_of("GET")) == (1, 1)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sync(connections=[connection_to])["seen"] == 15
    assert Job.objects.get().status == "done"


def test_whoever_lost_the_lease_stops_and_writes_nothing_of_the_job(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    fill(remote, 15)
    job = start(author=cast.publisher, connection=connection_to)
    slow = take_lease(job)
    assert slow
    Job.objects.update(lease_until=timezone.now() - LEASE)
    assert step(job=job).pages == 1
    slow.job.pages = 7
    assert slow.end().pages == 1
    slow.job.lease_until = timezone.now() - LEASE
    with pytest.raises(TakenOver):
        slow.has_time()
    assert Job.objects.get().pages == 1


def test_a_step_that_lasts_renews_its_lease(cast: Cast, connection_to: Connection) -> None:
    job = start(author=cast.publisher, connection=connection_to)
    turn = take_lease(job)
    assert turn
    soon = timezone.now() + timedelta(seconds=10)
    Job.objects.update(lease_until=soon)
    turn.job.lease_until = soon
    assert turn.has_time()
    assert Job.objects.get().lease_until > soon + timedelta(seconds=100)


def test_a_step_that_breaks_off_gives_the_lease_back(
    cast: Cast, connection_to: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> bool:
        raise KeyboardInterrupt

    fill(remote, 5)
    job = start(author=cast.publisher, connection=connection_to)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "take_in", interrupted)
        with pytest.raises(KeyboardInterrupt):
            step(job=job)
    assert step(job=job).status == "done"


def test_a_step_is_over_in_time_for_a_page(
    cast: Cast, connection_to: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistants.services.syncing.lease.SECONDS_A_STEP", 0.0)
    fill(remote, 3)
    job, seen = start(author=cast.publisher, connection=connection_to), []
    while job.status == Job.Status.RUNNING:
        job = step(job=job)
        seen.append(job.seen)
    assert seen == [1, 2, 3]
    assert JobStep(job).has_time()


def test_a_page_left_in_the_middle_is_not_taken_for_a_repetition(
    cast: Cast, connection_to: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistants.services.syncing.lease.READS_A_STEP", 4)
    ids = fill(remote, 15)
    sync(connections=[connection_to])
    for remote_id in ids:
        remote.assistants[remote_id]["instructions"] = "Changed"
    job, seen = start(author=None, connection=connection_to), []
    while job.status == Job.Status.RUNNING:
        job = step(job=job)
        seen.append((job.pages, job.seen))
    assert seen == [(0, 4), (0, 8), (1, 10), (1, 14), (2, 15)]
    assert (job.status, job.changed) == ("done", 15)

"""A list that breaks off, repeats itself or has no end makes no assistant missing."""

import pytest

from assistants.models import Assistant, Connection, Job
from assistants.services.syncing import jobs
from assistants.services.syncing.jobs import start, step, sync
from assistants.services.syncing.lease import READS_A_STEP
from tests.conftest import Cast
from tests.services.mirroring import fill, page_of, run, states
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


# What a list that cannot be trusted leads to


def test_an_endpoint_that_is_gone_is_trouble_of_the_connection_alone(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    fill(remote, 3)
    sync(connections=[connection_to])
    before = list(Assistant.objects.order_by("pk").values())
    remote.gone = True
    job = run(cast, connection_to)
    assert (job.status, job.error, job.missing) == ("failed", "endpoint_gone", 0)
    connection_to.refresh_from_db()
    assert connection_to.trouble == "endpoint_gone"
    assert list(Assistant.objects.order_by("pk").values()) == before
    remote.gone = False
    assert run(cast, connection_to).status == "done"
    connection_to.refresh_from_db()
    assert connection_to.trouble == ""


BAD_PAGES = {
    "junk": FaultSpec(status=200, body="<html>Hello</html>", content_type="text/html"),
    "another shape": FaultSpec(status=200, body='{"data": "none"}'),
    "empty, yet more": page_of([], more=True),
    "refused": FaultSpec(status=403, body="{}"),
    "cut short": FaultSpec(applied=True, truncate=True),
}


@pytest.mark.slow
@pytest.mark.parametrize("pages_before", [0, 2])
@pytest.mark.parametrize("kind", BAD_PAGES)
def test_a_list_that_breaks_off_makes_nobody_missing(
    cast: Cast,
    connection_to: Connection,
    remote: Upstream,
    small_pages: None,
    kind: str,
    pages_before: int,
) -> None:
    ids = fill(remote, 35)
    sync(connections=[connection_to])
    before = states(connection_to)
    for remote_id in ids[:5]:
        del remote.assistants[remote_id]
    job = start(author=None, connection=connection_to)
    for _ in range(pages_before):
        job = step(job=job)
    for _ in range(3):
        remote.fail_next("GET", BAD_PAGES[kind])
    job = step(job=job)
    assert (job.status, job.missing) == ("failed", 0)
    assert states(connection_to) == before
    remote.faults.clear()
    assert run(cast, connection_to).missing == 5


@pytest.mark.parametrize("again", ["the same page", "the page before"])
def test_a_list_that_repeats_itself_stops_and_makes_nobody_missing(
    cast: Cast, connection_to: Connection, remote: Upstream, small_pages: None, again: str
) -> None:
    ids = fill(remote, 35)
    sync(connections=[connection_to])
    newest_first = list(remote.assistants.values())[::-1]
    job = start(author=None, connection=connection_to)
    for _ in range(2):
        job = step(job=job)
    for remote_id in ids[:5]:
        del remote.assistants[remote_id]
    begin = 10 if again == "the same page" else 0
    remote.fail_next("GET", page_of(newest_first[begin : begin + 10], more=True))
    job = step(job=job)
    assert (job.status, job.error, job.missing) == ("failed", "unexpected_answer", 0)
    assert set(states(connection_to).values()) == {"live"}


def test_the_list_is_begun_anew_once_when_the_place_to_go_on_from_is_gone(
    cast: Cast, connection_to: Connection, remote: Upstream, small_pages: None
) -> None:
    ids = fill(remote, 25)
    sync(connections=[connection_to])
    job = step(job=start(author=None, connection=connection_to))
    assert job.cursor == ids[15]
    del remote.assistants[ids[15]]
    job = step(job=job)
    assert (job.status, job.cursor, job.seen) == ("running", "", 0)
    job = run(cast, connection_to)
    assert (job.status, job.error, job.seen, job.missing) == ("done", "", 24, 1)
    connection_to.refresh_from_db()
    assert connection_to.trouble == ""


def test_a_list_that_cannot_be_read_on_at_all_stops_the_job(
    cast: Cast, connection_to: Connection, remote: Upstream, small_pages: None
) -> None:
    fill(remote, 15)
    job = start(author=None, connection=connection_to)
    for _ in range(2):
        job = step(job=job)
        remote.fail_next("GET", FaultSpec(status=404, body="{}"))
        job = step(job=job)
    assert (job.status, job.error) == ("failed", "unexpected_answer")


# Those that the list does not name


def test_a_list_that_names_few_leads_to_reading_the_others_a_few_at_a_time(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    ids = fill(remote, 50)
    sync(connections=[connection_to])
    remote.fail_next("GET", page_of([]))
    for remote_id in ids[:3]:
        del remote.assistants[remote_id]
    job = step(job=start(author=None, connection=connection_to))
    assert (job.status, job.seen, job.missing) == ("running", 0, 0)
    assert job.calls == 1 + READS_A_STEP
    job = step(job=job)
    assert (job.status, job.calls) == ("running", 1 + 2 * READS_A_STEP)
    job = step(job=job)
    assert (job.status, job.missing, job.changed) == ("done", 3, 0)
    assert job.calls == 1 + 50 + 3, "and for each one that is gone a look at the list"
    assert sorted(states(connection_to).values()) == ["live"] * 47 + ["missing"] * 3


def test_a_gateway_that_does_not_list_stops_it_and_one_that_reads_none_does_not(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    fill(remote, 3)
    sync(connections=[connection_to])
    remote.not_allowed = frozenset({"GET list"})
    job = run(cast, connection_to)
    assert (job.status, job.error, job.missing) == ("failed", "cannot_list", 0)
    remote.not_allowed = frozenset({"GET one"})
    del remote.assistants[next(iter(remote.assistants))]
    fill(remote, 2)
    job = run(cast, connection_to)
    assert (job.status, job.added, job.missing) == ("done", 2, 0)
    assert [failure["error"] for failure in job.failures] == ["cannot_read"]
    assert set(states(connection_to).values()) == {"live"}


def test_reading_the_others_stops_as_soon_as_one_shows_that_the_endpoint_is_gone(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    fill(remote, 30)
    sync(connections=[connection_to])
    job = start(author=None, connection=connection_to)
    remote.fail_next("GET", page_of([]))
    job = step(job=job)
    assert job.status == "running"
    remote.gone = True
    remote.requests.clear()
    job = step(job=job)
    assert (job.status, job.error, job.missing) == ("failed", "endpoint_gone", 0)
    assert remote.count_of("GET") == 2
    assert set(states(connection_to).values()) == {"live"}


def test_a_404_proves_nothing_while_the_list_fails(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    ids = fill(remote, 2)
    sync(connections=[connection_to])
    del remote.assistants[ids[0]]
    job = start(author=None, connection=connection_to)
    remote.fail_next("GET", page_of([remote.assistants[ids[1]]]))
    remote.fail_next("GET", FaultSpec(status=404, body="{}"))
    remote.fail_next("GET", FaultSpec(status=200, body="junk"))
    job = step(job=job)
    assert (job.status, job.missing) == ("done", 0)
    assert [failure["error"] for failure in job.failures] == ["unexpected_answer"]
    assert set(states(connection_to).values()) == {"live"}
    assert run(cast, connection_to).missing == 1


# One that fails, and those that come back


def test_a_list_without_an_end_stops_with_a_sentence(
    cast: Cast, connection_to: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_LISTED", 2)
    fill(remote, 3)
    job = run(cast, connection_to)
    assert (job.status, job.error) == (Job.Status.FAILED, "endless_list")
    assert connection_to.assistants.count() == 3, "what was read stays"
    page = cast.client("publisher").get(f"/w/main/connections/{connection_to.pk}/bring-in/")
    assert "lists more than 100,000 assistants" in page.content.decode()

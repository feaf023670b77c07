"""Mirroring a connection page by page: what is new, changed and gone, and how little it writes."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.permissions import NotAllowed
from assistants.models import Assistant, Connection, Job, Revision
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.syncing import jobs, mirror
from assistants.services.syncing.jobs import start, step, sync
from assistants.services.syncing.lease import READS_A_STEP
from tests.conftest import Cast
from tests.services.conftest import Make
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)
WRITE = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "assistants_assistant"')


def fill(remote: Upstream, number: int) -> list[str]:
    """Put assistants on the remote; returns their ids, oldest first."""
    return [remote.add(name=f"Assistant {count}")["id"] for count in range(number)]


def page_of(rows: list[dict[str, object]], *, more: bool = False) -> FaultSpec:
    """A page of the list with these on it."""
    body = {"object": "list", "data": rows, "has_more": more}
    return FaultSpec(status=200, body=json.dumps(body))


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten assistants a page, so that a few of them make several pages."""
    monkeypatch.setattr(jobs, "LISTED_AT_ONCE", 10)


def run(cast: Cast, connection: Connection) -> Job:
    """Check the connection to the end, or until the gateway asks to wait."""
    job = step(job=start(author=cast.publisher, connection=connection))
    while job.status == Job.Status.RUNNING and job.not_before is None:
        job = step(job=job)
    return job


def states(connection: Connection) -> dict[str | None, str]:
    return dict(connection.assistants.values_list("remote_id", "state"))


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


def test_many_that_changed_take_several_steps_and_are_each_read_once(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    ids = fill(remote, 50)
    sync(connections=[connection_to])
    for remote_id in ids:
        remote.assistants[remote_id]["instructions"] = "Changed"
    remote.requests.clear()
    job, seen = start(author=None, connection=connection_to), []
    while job.status == Job.Status.RUNNING:
        job = step(job=job)
        seen.append((job.seen, job.changed))
    assert seen == [(20, 20), (40, 40), (50, 50)]
    singles = [path for _, path, _ in remote.requests if "?" not in path]
    assert len(singles) == len(set(singles)) == 50
    assert job.calls == 53


# One that fails, and those that come back


def test_one_that_fails_is_named_and_stops_no_other(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    ids = fill(remote, 4)
    sync(connections=[connection_to])
    for remote_id in ids:
        remote.assistants[remote_id]["instructions"] = "Changed"
    remote.fail_next("GET", FaultSpec(applied=True))  # the list
    remote.fail_next("GET", FaultSpec(status=403, body="{}"))
    job = run(cast, connection_to)
    assert (job.status, job.changed) == ("done", 3)
    row = Assistant.objects.get(remote_id=ids[3])
    (failure,) = job.failures
    assert failure == {
        "id": ids[3], "name": "Assistant 3", "error": "unauthorized", "pk": row.pk,
    }  # fmt: skip
    connection_to.refresh_from_db()
    assert connection_to.trouble == "", "its list answered"
    assert run(cast, connection_to).changed == 1


def test_one_that_cannot_be_stored_is_named_and_stops_no_other(
    cast: Cast, connection_to: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(remote, 3)
    original = mirror.record_outside

    def odd(**arguments: object) -> object:
        if arguments["remote"].definition.value("name") == "Assistant 1":  # type: ignore[attr-defined]
            raise ValueError("odd")
        return original(**arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(mirror, "record_outside", odd)
    job = run(cast, connection_to)
    assert (job.status, job.added) == ("done", 2)
    assert [(row["name"], row["error"], row["pk"]) for row in job.failures] == [
        ("Assistant 1", "not_stored", None)
    ]


def test_too_many_failures_stop_the_job(
    cast: Cast, connection_to: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "FAILURES_KEPT", 2)
    fill(remote, 4)
    sync(connections=[connection_to])
    for remote_id in remote.assistants:
        remote.assistants[remote_id]["instructions"] = "Changed"
    remote.fail_next("GET", FaultSpec(applied=True))
    for _ in range(3):
        remote.fail_next("GET", FaultSpec(status=403, body="{}"))
    job = run(cast, connection_to)
    assert (job.status, job.error, len(job.failures)) == ("failed", "unauthorized", 2)


def test_what_was_missing_and_is_back_is_live_again_with_a_revision(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    wanted = live_definition(assistant).replace(instructions="Mine")
    save_draft(author=cast.editor, assistant=assistant, definition=wanted, base=assistant.live)
    held = remote.assistants.pop(str(assistant.remote_id))
    assert run(cast, connection_to).missing == 1
    remote.assistants[held["id"]] = held
    job = run(cast, connection_to)
    assert (job.changed, job.added) == (1, 0)
    after = Assistant.objects.get()
    assert (after.state, after.trouble, after.live_version) == ("live", "outside", 2)
    kinds = after.revisions.order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["create", "missing", "outside"]
    assert after.drafts.get().definition == wanted
    root = f"/w/main/assistants/{after.pk}"
    assert "On the gateway again" in cast.client("viewer").get(f"{root}/history/").content.decode()
    assert "is on the gateway again" in cast.client("viewer").get("/w/main/").content.decode()
    assert list(verify(assistant=after)) == []
    assert run(cast, connection_to).changed == 0


def test_a_list_that_lags_behind_brings_nothing_back(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    held = remote.assistants.pop(str(assistant.remote_id))
    run(cast, connection_to)
    remote.fail_next("GET", page_of([held]))
    job = run(cast, connection_to)
    assert (job.status, job.changed, job.failures) == ("done", 0, [])
    assert states(connection_to) == {held["id"]: "missing"}


def test_what_was_deleted_here_and_is_still_there_is_told_once_its_remote_had_time(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    held = dict(remote.assistants[str(assistant.remote_id)])
    assert delete_assistant(author=cast.publisher, assistant=assistant).status == "applied"
    remote.assistants[held["id"]] = held
    remote.requests.clear()
    assert run(cast, connection_to).changed == 0
    assert remote.count_of("GET") == 1, "it is not even read"
    assert states(connection_to) == {held["id"]: "deleted"}
    Assistant.objects.update(changed_at=timezone.now() - timedelta(minutes=6))
    assert run(cast, connection_to).changed == 1
    after = Assistant.objects.get()
    assert (after.state, after.live_version) == ("live", 2)
    kinds = after.revisions.order_by("number").values_list("kind", flat=True)
    assert list(kinds) == ["create", "delete", "outside"]


@pytest.mark.parametrize("landed", [True, False])
def test_what_is_in_doubt_is_settled_though_the_list_shows_nothing_new(
    cast: Cast,
    connection_to: Connection,
    remote: Upstream,
    published: Make,
    landed: bool,
    settings: Any,
) -> None:
    from assistants.services.ledger.record import Author
    from assistants.services.publishing.slot import begin_change

    assistant = published(connection_to)
    live = live_definition(assistant)
    wanted = live.replace(instructions="On its way")
    revision = begin_change(
        assistant=assistant, kind="edit", wanted=wanted, live=live,
        author=Author.of(cast.publisher.user), drafter=None, note="",
    )  # fmt: skip
    assert revision
    if landed:
        remote.assistants[str(assistant.remote_id)]["instructions"] = "On its way"
    assert run(cast, connection_to).changed == 0, "somebody is publishing it"
    Assistant.objects.update(slot_until=timezone.now() - timedelta(seconds=1))
    assert run(cast, connection_to).status == "done"
    outcome = revision.outcomes.get()
    assert outcome.status == ("applied" if landed else "unconfirmed")
    assert Assistant.objects.get().slot is None
    settings.LATE_LANDING_SECONDS = 0
    assert run(cast, connection_to).status == "done"
    newest = revision.outcomes.latest("pk")
    assert newest.status == ("applied" if landed else "not_delivered")


def test_old_jobs_are_forgotten(cast: Cast, connection_to: Connection) -> None:
    old = run(cast, connection_to)
    Job.objects.filter(pk=old.pk).update(finished_at=timezone.now() - timedelta(days=31))
    kept = run(cast, connection_to)
    newest = run(cast, connection_to)
    assert list(Job.objects.order_by("pk")) == [kept, newest]


def test_a_list_without_an_end_stops_with_a_sentence(
    cast: Cast, connection_to: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MOST_LISTED", 2)
    fill(remote, 3)
    job = run(cast, connection_to)
    assert (job.status, job.error) == (Job.Status.FAILED, "endless_list")
    assert connection_to.assistants.count() == 3, "what was read stays"
    page = cast.client("publisher").get(f"/w/main/connections/{connection_to.pk}/bring-in/")
    assert "list of assistants does not end" in page.content.decode()

"""What a check does with assistants that changed, fail, come back or are in doubt."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from assistants.models import Assistant, Connection, Job
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.syncing import mirror
from assistants.services.syncing.jobs import start, step, sync
from tests.conftest import Cast
from tests.services.conftest import Make
from tests.services.mirroring import fill, page_of, run, states
from tests.services.undelivered import take_slot
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


# Those that the list does not name


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
    assert "Back on the gateway" in cast.client("viewer").get(f"{root}/history/").content.decode()
    assert "is back on the gateway" in cast.client("viewer").get("/w/main/").content.decode()
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
    assistant = published(connection_to)
    live = live_definition(assistant)
    wanted = live.replace(instructions="On its way")
    revision = take_slot(cast, assistant, wanted, live)
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

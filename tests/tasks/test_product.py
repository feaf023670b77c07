"""The tasks of the product: syncing, settling and deleting what has expired."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from admin_ui.accounts.models import Stash
from admin_ui.audit.models import Budget
from admin_ui.tasks.alive import Heart
from admin_ui.tasks.enqueue import STOPPING, enqueue
from assistants.models import Assistant, Connection, Job, Presence
from assistants.services.syncing import jobs
from assistants.tasks import clean_up, settle_due, sync_all, sync_connection
from assistants.tasks.connections import sync_key
from tests.conftest import Cast
from tests.pages.trouble import text_of
from tests.services.conftest import Make, fresh
from tests.services.mirroring import fill
from tests.services.undelivered import held, in_doubt
from tests.tasks.conftest import Work
from tests.upstream import FaultSpec, Upstream

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked", "queue"),
]
BUSY = FaultSpec(status=429, body="{}", retry_after="120")


def of(name: str) -> "DBTaskResult[..., object]":
    return DBTaskResult.objects.filter(task_path__endswith=f".{name}").latest("enqueued_at")


def test_every_connection_is_synced_by_a_task_of_its_own(
    cast: Cast, connection_to: Connection, remote: Upstream, work: Work
) -> None:
    fill(remote, 3)
    for _ in range(2):  # the second time, the first tasks still wait
        enqueue(sync_all)
    connections = Connection.objects.count()
    assert work() == 2 + connections
    assert Assistant.objects.filter(connection=connection_to).count() == 3
    assert of("sync_all").return_value == connections
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}


def test_a_gateway_that_fails_is_a_failure_with_its_reason(
    connection_to: Connection, remote: Upstream, work: Work
) -> None:
    remote.gone = True
    enqueue(sync_connection.using(), connection_to.pk)
    assert work() == 1
    assert of("sync_connection").status == "FAILED"
    assert "Main / Production: This address does not offer" in of("sync_connection").traceback


def test_a_gateway_that_asks_to_wait_keeps_no_thread(
    connection_to: Connection, remote: Upstream, work: Work
) -> None:
    fill(remote, 1)
    remote.fail_next("GET", BUSY)
    enqueue(sync_connection, connection_to.pk, key=sync_key(connection_to.pk))
    assert work() == 1
    task = of("sync_connection")
    assert task.status == "READY"
    assert 118 < (task.run_after - timezone.now()).total_seconds() <= 120
    Job.objects.update(not_before=timezone.now())
    DBTaskResult.objects.update(run_after=timezone.now())
    assert work() == 1
    assert of("sync_connection").return_value["added"] == 1


def test_a_paused_connection_is_left_alone_by_both(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make, work: Work
) -> None:
    assistant = published(connection_to)
    in_doubt(cast, assistant, model="gpt-5.2")
    now = timezone.now()
    Assistant.objects.filter(pk=assistant.pk).update(doubt_look_at=now)
    pause = {"timeouts": 3, "pause_holds_all": True, "paused_until": now + timedelta(seconds=90)}
    Connection.objects.filter(pk=connection_to.pk).update(**pause)
    remote.requests.clear()
    enqueue(settle_due)
    enqueue(sync_connection, connection_to.pk)
    assert work() == 3
    assert remote.requests == []
    assert of("settle_connection").return_value == {"settled": 0, "open": 0, "failed": 0}
    assert of("sync_connection").status == "READY"
    assert 80 < (of("sync_connection").run_after - timezone.now()).total_seconds() <= 90


def test_a_worker_that_stops_hands_a_sync_on(
    connection_to: Connection, remote: Upstream, work: Work
) -> None:
    fill(remote, 1)
    enqueue(sync_connection, connection_to.pk)
    STOPPING.set()
    assert of("sync_connection").status == "READY"
    from admin_ui.tasks.worker import claim_task, run_claimed

    row = claim_task("stopping")
    assert row
    run_claimed(row)
    assert of("sync_connection").status == "READY"
    assert Job.objects.get().status == Job.Status.RUNNING
    STOPPING.clear()
    assert work() == 1
    assert Job.objects.get().status == Job.Status.DONE


def test_what_is_due_is_settled_and_nothing_else_is_queued(
    cast: Cast,
    connection_to: Connection,
    remote: Upstream,
    published: Make,
    work: Work,
) -> None:
    assistant = published(connection_to)
    enqueue(settle_due)
    assert work() == 1
    in_doubt(cast, assistant, model="gpt-5.2")
    held(remote, assistant)["model"] = "gpt-5.2"
    Assistant.objects.filter(pk=assistant.pk).update(doubt_look_at=timezone.now())
    enqueue(settle_due)
    assert work() == 2
    assert of("settle_connection").return_value == {"settled": 1, "open": 0, "failed": 0}
    assert fresh(assistant).doubt_look_at is None


def test_bringing_in_goes_on_in_a_worker_and_the_page_only_looks(
    cast: Cast, connection_to: Connection, remote: Upstream, heart: Heart, work: Work
) -> None:
    fill(remote, 150)
    client, path = cast.client("publisher"), f"/w/main/connections/{connection_to.pk}/bring-in/"
    assert client.post(path).status_code == 303
    remote.requests.clear()
    for _ in range(3):
        page = text_of(client.post(f"{path}step/", headers={"HX-Request": "true"}))
        assert "hx-post" in page, "it asks again"
    assert remote.requests == []
    assert DBTaskResult.objects.count() == 1
    assert of("sync_connection").priority > 0
    assert work() == 1
    page = text_of(client.post(f"{path}step/", headers={"HX-Request": "true"}))
    assert "150 assistants read" in page
    assert "hx-post" not in page


def test_bringing_in_that_a_dead_worker_left_is_queued_again_by_its_page(
    cast: Cast, connection_to: Connection, remote: Upstream, work: Work
) -> None:
    fill(remote, 1)
    jobs.start(author=cast.publisher, connection=connection_to)
    client, path = cast.client("publisher"), f"/w/main/connections/{connection_to.pk}/bring-in/"
    client.post(f"{path}step/", headers={"HX-Request": "true"})
    assert work() == 1
    assert Job.objects.get().status == Job.Status.DONE


def test_what_has_expired_is_deleted_and_nothing_else(
    cast: Cast, connection_to: Connection, published: Make, work: Work, settings: Any
) -> None:
    now, user = timezone.now(), cast.editor.user
    assistant = published(connection_to)

    def rows(at: timedelta) -> None:
        moment = now - at
        Session.objects.create(session_key=f"k{at}", session_data="", expire_date=moment)
        Stash.objects.create(user=user, path=f"/{at}", body=b"", created_at=moment)
        Budget.objects.create(key=f"k{at}", expires_at=moment)
        Presence.objects.create(assistant=assistant, user=user, tab=f"{at}", seen_at=moment)
        Job.objects.create(
            workspace=cast.workspace, connection=connection_to, status="done", finished_at=moment
        )

    for old in range(250):
        rows(timedelta(days=40, seconds=old))
    rows(-timedelta(hours=1))
    for status, age in (("SUCCESSFUL", 2), ("SUCCESSFUL", 0), ("FAILED", 15), ("FAILED", 2)):
        done = sync_all.enqueue()
        ended = {"status": status, "finished_at": now - timedelta(days=age)}
        DBTaskResult.objects.filter(pk=done.id).update(**ended)
    enqueue(clean_up)
    assert work() == 1
    assert of("clean_up").return_value == 5 * 250 + 2
    for model in (Session, Stash, Budget, Presence, Job):
        assert model.objects.count() == 1, model
    assert DBTaskResult.objects.count() == 3

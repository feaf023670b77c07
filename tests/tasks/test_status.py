"""What is seen of the workers: the owners' page, the notice, `/healthz` and `work --status`."""

import time
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from admin_ui.accounts.models import User
from admin_ui.installation.health import LAST_CHECK
from admin_ui.tasks.alive import Heart
from admin_ui.tasks.enqueue import enqueue
from admin_ui.tasks.status import queue_metrics, report, warnings
from admin_ui.tasks.timetable import Timetable
from admin_ui.tasks.worker import claim_task
from tests.conftest import Cast
from tests.pages.trouble import text_of
from tests.tasks import sample
from tests.tasks.conftest import Work, forget_answer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]
NOBODY = "No task worker is running"


@pytest.fixture
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """This process has begun long ago, so that a missing worker is missing."""
    monkeypatch.setattr("admin_ui.tasks.alive._BEGAN", -1000.0)


@pytest.fixture
def owner(cast: Cast) -> Client:
    User.objects.filter(pk=cast.admin.user.pk).update(is_owner=True)
    return cast.client("admin")


def status() -> list[str]:
    out = StringIO()
    call_command("work", status=True, stdout=out)
    return out.getvalue().splitlines()


def test_an_owner_and_the_command_see_queue_runs_and_failures(
    owner: Client, path: str, heart: Heart, work: Work
) -> None:
    Timetable().tick()
    work()
    enqueue(sample.refuses, path)
    enqueue(sample.no_json)
    work()
    enqueue(sample.once, path, "x")
    enqueue(sample.once, path, "x")
    assert claim_task(heart.name)
    found = report()
    assert (found.workers, found.queued, found.running) == (1, 1, 1)
    assert found.oldest is not None
    reasons = {failure.name: failure.reason for failure in found.failures}
    assert reasons["refuses"] == "The gateway said no."
    assert reasons["no_json"].startswith("TypeError: ")
    page = text_of(owner.get("/people/background/"))
    lines = "\n".join(status())
    for text in ("The gateway said no.", "Looking for unconfirmed changes", "Daily at 03:00"):
        assert text in page
        assert text.lower() in lines.lower()
    assert page.count(">Done</span>") == 11
    assert "Every 15 minutes" in page
    assert NOBODY not in page


def test_the_page_costs_a_constant_number_of_queries(owner: Client, path: str, work: Work) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            owner.get("/people/background/")
        return len(captured)

    enqueue(sample.refuses, path)
    work()
    cost()
    few = cost()
    for _ in range(25):
        enqueue(sample.refuses, path)
    work()
    assert cost() == few


@pytest.mark.usefixtures("long_ago")
def test_admins_see_that_no_worker_runs_and_others_are_not_bothered(cast: Cast) -> None:
    for who, is_told in (("admin", True), ("publisher", False), ("viewer", False)):
        assert (NOBODY in text_of(cast.client(who).get("/w/main/"))) == is_told
    assert status()[0] == "Workers: 0"


@pytest.mark.usefixtures("long_ago")
def test_nobody_is_told_while_a_worker_runs(cast: Cast, owner: Client, heart: Heart) -> None:
    assert NOBODY not in text_of(owner.get("/w/main/"))
    assert NOBODY not in text_of(owner.get("/people/background/"))


def test_a_server_that_has_just_begun_gives_its_worker_time(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admin_ui.tasks.alive._BEGAN", time.monotonic())
    assert NOBODY not in text_of(cast.client("admin").get("/w/main/"))


@pytest.mark.usefixtures("long_ago")
def test_healthz_warns_and_is_up(client: Client, path: str, heart: Heart, work: Work) -> None:
    def asked() -> Any:
        forget_answer()
        LAST_CHECK.forget()
        answer = client.get("/healthz")
        assert answer.status_code == 200
        assert answer.json()["status"] == "ok"
        return answer.json().get("warnings", [])

    assert asked() == []
    enqueue(sample.refuses, path)
    work()
    enqueue(sample.once, path, "x")
    waiting = DBTaskResult.objects.filter(status="READY")
    waiting.update(enqueued_at=timezone.now() - timedelta(minutes=7))
    heart.stop()
    assert asked() == [
        "No task worker is running.",
        "The oldest background task has waited for 7 minutes.",
        "Background tasks that failed in the last hour: 1.",
    ]
    DBTaskResult.objects.filter(status="FAILED").update(
        finished_at=timezone.now() - timedelta(hours=2)
    )
    later = timezone.now() + timedelta(days=1)
    waiting.update(run_after=later)
    assert warnings() == ["No task worker is running."]


def test_the_queue_as_numbers() -> None:
    def numbers() -> list[float]:
        return [family.samples[0].value for family in queue_metrics()]

    assert numbers() == [0, 0]
    for _ in range(3):
        enqueue(sample.once, "x", "y")
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(seconds=90))
    queued, oldest = numbers()
    assert queued == 3
    assert 90 <= oldest < 150

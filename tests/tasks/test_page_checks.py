"""The check behind a page: at once when the gateway is quick, in a worker when it is slow."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from admin_ui.tasks.alive import Heart
from admin_ui.tasks.models import TaskKey
from assistants.gateway import RateLimited, TimedOut
from assistants.models import Assistant, Connection
from assistants.services.remote.settle import Checked
from assistants.tasks import checks
from assistants.tasks.checks import check_assistant, pack_check, unpack_check
from tests.conftest import Cast
from tests.pages.trouble import address, text_of, unlooked
from tests.services.conftest import Make
from tests.services.undelivered import held
from tests.tasks.conftest import Work, forget_answer
from tests.upstream import FaultSpec, Upstream

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked", "queue"),
]
SLOW = FaultSpec(applied=True, hang=1.2)
AFRESH = {"base": "1", "seen": "1-1-live--"}


@pytest.fixture(autouse=True)
def _nothing_is_slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    checks._slow.clear()
    yield
    checks._slow.clear()


@pytest.fixture
def assistant(connection_to: Connection, published: Make, remote: Upstream) -> Assistant:
    made = published(connection_to)
    remote.requests.clear()
    return made


def asked(cast: Cast, assistant: Assistant, query: dict[str, str] = AFRESH) -> str:
    return text_of(cast.client("viewer").get(address(assistant, "check/"), query))


def again(cast: Cast, before: str) -> str:
    """Ask again as the fragment says."""
    found = re.search(r'hx-get="([^"]*ticket=[^"]*)"\s+hx-trigger="load delay:(\d)s', before)
    assert found, before
    assert found[2] in "135"
    return text_of(cast.client("viewer").get(found[1].replace("&amp;", "&")))


def test_a_quick_gateway_is_asked_in_the_web_thread_and_nothing_is_queued(
    cast: Cast, assistant: Assistant, heart: Heart, remote: Upstream
) -> None:
    assert "Checked with the gateway just now" in asked(cast, assistant)
    assert len(remote.requests) == 1
    assert not DBTaskResult.objects.exists()


def test_a_slow_gateway_is_asked_by_a_worker_while_the_page_asks_again(
    cast: Cast, assistant: Assistant, work: Work, remote: Upstream
) -> None:
    held(remote, assistant)["instructions"] = "Changed outside"
    for _ in range(2):
        remote.fail_next("GET", SLOW)
    begun = time.monotonic()
    first = asked(cast, assistant)
    assert time.monotonic() - begun < 1.2, "it did not wait for the answer"
    second = again(cast, first)
    for page in (first, second):
        assert "Checking with the gateway, which is slow to answer" in page
        assert "Checked" not in page
    fresh = Assistant.objects.get(pk=assistant.pk)
    assert (fresh.checked_at, fresh.live_id) == (assistant.checked_at, assistant.live_id)

    assert work() == 1

    after = again(cast, second)
    assert "Checked with the gateway just now" in after
    assert "hx-get" not in after.split("</span>")[0]
    assert Assistant.objects.get(pk=assistant.pk).live_id != assistant.live_id
    assert len(remote.requests) == 2


def test_a_glance_counts_neither_as_trouble_nor_towards_a_pause(
    cast: Cast, assistant: Assistant, heart: Heart, remote: Upstream
) -> None:
    remote.fail_next("GET", SLOW)
    assert "slow to answer" in asked(cast, assistant)
    connection = Connection.objects.get(pk=assistant.connection_id)
    assert (connection.timeouts, connection.trouble, connection.paused_until) == (0, "", None)


def test_pages_of_a_slow_gateway_share_one_task_and_do_not_ask_it_themselves(
    cast: Cast, assistant: Assistant, heart: Heart, remote: Upstream
) -> None:
    remote.fail_next("GET", SLOW)
    asked(cast, assistant)
    remote.requests.clear()
    begun = time.monotonic()
    for _ in range(5):
        assert "slow to answer" in asked(cast, assistant)
    assert remote.requests == []
    assert time.monotonic() - begun < 5 * checks.FIRST_LOOK.seconds
    assert DBTaskResult.objects.count() == TaskKey.objects.count() == 1


def test_a_gateway_that_never_answers_ends_as_it_does_without_a_worker(
    cast: Cast, assistant: Assistant, work: Work, remote: Upstream, settings: Any
) -> None:
    settings.GATEWAY_READ_TIMEOUT = 1.0
    remote.silent = True
    page = asked(cast, assistant)
    for _ in range(3):
        assert work() == 1
        page = again(cast, page)
        assert "The gateway did not answer in time." in page
        assert "load delay:30s" in page, "the others learn of it from the same task"
        page = asked(cast, assistant)
    assert "Not checked, because this gateway is not responding. The next check is in 1" in page


def test_without_a_worker_the_web_thread_waits_as_before(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    remote.fail_next("GET", SLOW)
    assert "Checked with the gateway just now" in asked(cast, assistant)
    assert not DBTaskResult.objects.exists()


def test_a_worker_that_ends_leaves_the_check_to_the_web_thread(
    cast: Cast, assistant: Assistant, heart: Heart, remote: Upstream
) -> None:
    remote.fail_next("GET", SLOW)
    unlooked(assistant)
    page = asked(cast, assistant, {"seen": AFRESH["seen"]})
    heart.stop()
    forget_answer()
    assert "Checked with the gateway just now" in again(cast, page)


def test_a_task_that_failed_leaves_the_check_to_the_next_one(
    cast: Cast, assistant: Assistant, work: Work, remote: Upstream
) -> None:
    remote.fail_next("GET", SLOW)
    page = asked(cast, assistant)
    DBTaskResult.objects.update(status="FAILED")
    TaskKey.objects.all().delete()
    page = again(cast, page)
    assert "slow to answer" in page
    assert work() == 1
    assert "Checked with the gateway just now" in again(cast, page)


def test_a_ticket_of_something_else_proves_nothing(
    cast: Cast, assistant: Assistant, work: Work, remote: Upstream
) -> None:
    other = check_assistant.enqueue(assistant.pk + 1)
    old = check_assistant.enqueue(assistant.pk)
    for task, age in ((other, 0), (old, 2)):
        value = pack_check(Checked("same", timezone.now() - timedelta(minutes=age)))
        ended = {"status": "SUCCESSFUL", "return_value": value}
        DBTaskResult.objects.filter(pk=task.id).update(**ended)
    remote.fail_next("GET", SLOW)
    assert "slow to answer" in asked(cast, assistant)
    for ticket in (other.id, old.id, "x", "00000000-0000-0000-0000-000000000000", "9" * 4000):
        page = asked(cast, assistant, {**AFRESH, "ticket": ticket})
        assert "slow to answer" in page
        assert "Checked" not in page


@pytest.mark.parametrize(
    "checked",
    [
        Checked("same", timezone.now()),
        Checked("held", timezone.now(), until=timezone.now()),
        Checked("failed", timezone.now(), TimedOut()),
        Checked("failed", timezone.now(), RateLimited("Wait", status=429, retry_after=40.0)),
    ],
    ids=lambda checked: checked.found,
)
def test_a_result_survives_the_queue(checked: Checked) -> None:
    found = unpack_check(pack_check(checked))
    assert (found.found, found.at, found.until) == (checked.found, checked.at, checked.until)
    for name in ("kind", "message", "status", "retry_after"):
        assert getattr(found.error, name, None) == getattr(checked.error, name, None)
    assert type(found.error) is type(checked.error)


def test_asking_again_costs_a_constant_number_of_queries(
    cast: Cast, assistant: Assistant, heart: Heart, remote: Upstream
) -> None:
    remote.fail_next("GET", SLOW)
    page = asked(cast, assistant)

    def cost() -> int:
        with CaptureQueriesContext(database) as captured:
            again(cast, page)
        return len(captured)

    cost()
    few = cost()
    for _ in range(100):
        check_assistant.enqueue(assistant.pk)
    assert cost() == few

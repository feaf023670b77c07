"""Lists of models, files and stores: read by a worker while nobody waits."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from admin_ui.tasks.enqueue import enqueue
from admin_ui.tasks.models import TaskKey
from assistants.models import Assistant, Connection, OfferList
from assistants.tasks import offers_due
from assistants.tasks.offers import read_offers_of
from tests.conftest import Cast
from tests.pages.editing import address
from tests.pages.offering import MODELS, asked_behind
from tests.pages.trouble import text_of
from tests.services.conftest import Make
from tests.tasks.conftest import Work
from tests.upstream import Upstream

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked", "queue"),
]


@pytest.fixture
def assistant(connection_to: Connection, published: Make, remote: Upstream) -> Assistant:
    made = published(connection_to, model="gpt-5")
    remote.models = [*MODELS]
    remote.requests.clear()
    return made


def test_an_editor_lets_a_worker_read_the_lists_and_shows_them_when_they_are_there(
    cast: Cast, assistant: Assistant, remote: Upstream, work: Work
) -> None:
    page = text_of(cast.client("editor").get(address(assistant)))
    assert "load delay:0s" in page
    for delay in (1, 2, 4):
        page = text_of(asked_behind(cast, page, {"model": "gpt-5"}))
        assert f"load delay:{delay}s, look" in page
    assert remote.requests == []
    assert TaskKey.objects.filter(key__startswith="offers").count() == 1

    assert work() == 1

    page = text_of(asked_behind(cast, page, {"model": "gpt-5"}))
    assert "load delay" not in page
    assert "retires on 11 Dec 2026" in page
    assert len(remote.requests) == 3


def test_a_page_does_not_ask_for_ever(cast: Cast, assistant: Assistant, work: Work) -> None:
    page = text_of(cast.client("editor").get(address(assistant)))
    asked = 0
    while "load delay" in page:
        page, asked = text_of(asked_behind(cast, page, {})), asked + 1
    assert asked == 7


def test_the_timetable_queues_what_is_due_and_nothing_twice(
    assistant: Assistant, remote: Upstream, work: Work
) -> None:
    for _ in range(2):
        enqueue(offers_due)
    assert work() == 3, "two of the timetable, and one connection"
    assert len(remote.requests) == 3
    enqueue(offers_due)
    assert work() == 1
    OfferList.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    enqueue(offers_due)
    assert work() == 2
    assert len(remote.requests) == 6


def test_a_connection_that_is_paused_is_read_later(
    assistant: Assistant, remote: Upstream, work: Work
) -> None:
    until = timezone.now() + timedelta(seconds=90)
    Connection.objects.update(paused_until=until, pause_holds_all=True)
    enqueue(read_offers_of, assistant.connection_id)
    work()
    row = DBTaskResult.objects.get()
    assert (row.status, remote.requests) == ("READY", [])
    assert row.run_after > timezone.now() + timedelta(seconds=60)


def test_a_connection_that_is_gone_is_no_failure(queue: None, work: Work) -> None:
    enqueue(read_offers_of, 10**9)
    assert work() == 1
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"

"""The check that a page asks for: once for many pages, and it settles what is in doubt."""

from typing import Any

import pytest
from django.core.cache import cache

from assistants.models import Assistant, Connection
from assistants.services.remote.page_check import look
from tests.conftest import Cast
from tests.services.conftest import Make, fresh
from tests.services.undelivered import in_doubt, statuses
from tests.upstream import FaultSpec, Upstream

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked"),
]


def test_pages_that_are_opened_one_after_the_other_ask_once(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    remote.requests.clear()
    assert look(assistant=fresh(assistant)).found == "recent", "it was published just now"
    Assistant.objects.update(checked_at=None)
    assert [look(assistant=fresh(assistant)).found for _ in range(3)] == [
        "same",
        "recent",
        "recent",
    ]
    assert remote.count_of("GET") == 1


def test_a_gateway_that_fails_is_not_asked_by_every_page(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    Assistant.objects.update(checked_at=None)
    remote.requests.clear()
    for _ in range(6):
        remote.fail_next("GET", FaultSpec(status=401, body="{}"))
    assert [look(assistant=fresh(assistant)).found for _ in range(3)] == [
        "failed",
        "recent",
        "recent",
    ]
    assert remote.count_of("GET") == 1


def test_whoever_looks_settles_what_is_in_doubt(
    cast: Cast, connection_to: Connection, published: Make, settings: Any
) -> None:
    assistant = published(connection_to)
    revision = in_doubt(cast, assistant, model="gpt-5.2")
    Assistant.objects.update(checked_at=None)
    look(assistant=fresh(assistant))
    assert statuses(revision) == ["unconfirmed"]
    settings.LATE_LANDING_SECONDS = 0
    cache.clear()
    look(assistant=fresh(assistant))
    assert statuses(revision) == ["unconfirmed", "not_delivered"]

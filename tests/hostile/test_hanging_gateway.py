"""A gateway that accepts and never answers costs only those who asked it."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection as database

from assistants.models import Assistant, Connection
from assistants.services.connections.admission import ACT, CHECK, admitted
from assistants.services.connections.breaker import IN_A_ROW
from assistants.services.connections.client import registry_of
from assistants.services.errors import Busy, NotNow
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import Author
from assistants.services.publishing.publish import publish
from assistants.services.publishing.slot import begin_change
from assistants.services.remote.settle import check_remote
from tests.conftest import Cast
from tests.hostile.hanging import Threads, address, as_a_server, assistant, other, threads
from tests.services.conftest import Make, fresh
from tests.upstream import Upstream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_a_server")]
__all__ = ["as_a_server", "assistant", "other", "threads"]

AFRESH = {"base": "1", "seen": "1-1-live--"}
"""What the editor's page sends, which asks the gateway each time."""


# Places


def test_one_connection_takes_half_of_the_threads_and_the_others_have_room(
    connection_to: Connection, other: Connection, threads: Threads
) -> None:
    threads.enter(connection_to)
    threads.enter(connection_to)
    begun = time.monotonic()
    with pytest.raises(NotNow) as refused:
        threads.enter(connection_to)
    assert time.monotonic() - begun < 8, "nobody waits for a place"
    assert refused.value.until is None
    threads.enter(other)
    with pytest.raises(NotNow):
        threads.enter(other)


def test_page_checks_leave_room_for_a_publish(
    connection_to: Connection, other: Connection, threads: Threads
) -> None:
    threads.enter(connection_to, CHECK)
    with pytest.raises(NotNow):
        threads.enter(connection_to, CHECK)
    threads.enter(other, CHECK)
    threads.enter(connection_to, ACT)


def test_a_place_is_given_back_however_the_chain_ends(connection_to: Connection) -> None:
    for _ in range(5):
        with pytest.raises(ZeroDivisionError), admitted(connection_to, ACT):
            raise ZeroDivisionError
    with admitted(connection_to, ACT), admitted(connection_to, CHECK):
        pass


def test_the_registry_needs_no_place(cast: Cast, threads: Threads) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    for _ in range(8):
        threads.enter(registry)


def test_who_waits_for_a_slot_of_the_registry_takes_a_place(
    cast: Cast, published: Make, settings: Any
) -> None:
    """A process died while it published: those who come after it must not wait in every thread."""
    settings.GATEWAY_PUBLISH_DEADLINE = 5
    registry = registry_of(cast.workspace)
    assert registry
    assistant = published(registry)
    live = live_definition(assistant)
    begun = begin_change(
        assistant=assistant,
        kind="edit",
        wanted=live.replace(name="Dead"),
        live=live,
        author=Author("Somebody"),
        drafter=None,
        note="",
    )
    assert begun

    def one_more(number: int) -> float:
        start = time.monotonic()
        try:
            with pytest.raises(Busy):
                publish(
                    author=cast.publisher,
                    assistant=fresh(assistant),
                    wanted=live.replace(name=f"Name {number}"),
                    base=assistant.live,
                )
            return time.monotonic() - start
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        waited = sorted(pool.map(one_more, range(8)))
    assert sum(seconds > 4 for seconds in waited) == 2, waited


# Page checks


def test_a_check_gives_up_early_after_one_try(
    cast: Cast, assistant: Assistant, remote: Upstream, settings: Any
) -> None:
    settings.GATEWAY_READ_TIMEOUT = 20.0
    remote.silent = True
    remote.requests.clear()
    start = time.monotonic()
    page = cast.client("viewer").get(address(assistant, "check/"), AFRESH)
    assert time.monotonic() - start < 12
    assert len(remote.requests) == 1
    assert "The gateway did not answer in time." in page.content.decode()


def test_a_refusal_is_tried_once_by_a_check_and_three_times_by_a_publish(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    remote.blind = True
    for errand, tries in ((CHECK, 1), (ACT, 3)):
        remote.requests.clear()
        assert check_remote(assistant=fresh(assistant), errand=errand).found == "failed"
        assert len(remote.requests) == tries


def test_open_pages_of_a_gateway_that_hangs_pause_it_and_say_so(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    remote.silent = True
    checked_at = assistant.checked_at
    client = cast.client("editor")
    for _ in range(IN_A_ROW):
        client.get(address(assistant, "check/"), AFRESH)
    remote.requests.clear()
    page = client.get(address(assistant, "check/"), AFRESH).content.decode()
    assert remote.requests == [], "it is left alone"
    assert "Not checked, because this gateway is not responding. The next check is in 1" in page
    assert re.search(r'hx-trigger="load delay:1\ds,', page), "the page asks again by itself"
    assert "Checked with the gateway" not in page
    assert fresh(assistant).checked_at == checked_at


def test_a_page_that_finds_no_place_says_that_it_is_not_checked(
    cast: Cast, assistant: Assistant, threads: Threads
) -> None:
    threads.enter(assistant.connection, CHECK)
    page = cast.client("viewer").get(address(assistant, "check/"), AFRESH)
    text = page.content.decode()
    assert "Not checked yet, because other requests are waiting for this gateway." in text
    assert 'hx-trigger="load delay:5s, signed-in from:document"' in text

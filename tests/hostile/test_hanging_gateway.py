"""A gateway that accepts and never answers costs only those who asked it."""

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.db import connection as database
from django.utils import timezone

from assistants.definition import Definition
from assistants.gateway import Endpoint
from assistants.models import Assistant, Connection, Draft
from assistants.services.connections import admission
from assistants.services.connections.admission import ACT, CHECK, admitted
from assistants.services.connections.breaker import IN_A_ROW
from assistants.services.connections.client import registry_of
from assistants.services.connections.saving import write_connection
from assistants.services.editing.drafts import new_assistant, save_draft
from assistants.services.errors import Busy, NotNow
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import Author
from assistants.services.publishing.publish import publish
from assistants.services.publishing.slot import begin_change
from assistants.services.remote.settle import check_remote
from tests.conftest import Cast
from tests.services.conftest import START, Make
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)
AFRESH = {"base": "1", "seen": "1-1-live--"}
"""What the editor's page sends, which asks the gateway each time."""


@pytest.fixture(autouse=True)
def _as_a_server(settings: Any) -> None:
    settings.WEB_THREADS = 4
    settings.GATEWAY_CHECK_DEADLINE = 0.3
    cache.clear()


@pytest.fixture
def assistant(published: Make, connection_to: Connection) -> Assistant:
    return published(connection_to)


@pytest.fixture
def other(cast: Cast, remote: Upstream) -> Connection:
    """A second connection, as far as places and pauses go another remote."""
    endpoint = Endpoint("openai", remote.url, {"api_key": "sk-other"}, {})
    row = Connection(workspace=cast.workspace)
    return write_connection(row, name="Other", endpoint=endpoint, is_default=False)


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def address(assistant: Assistant, page: str) -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}"


def drafted(cast: Cast, assistant: Assistant, **fields: object) -> Draft:
    wanted = live_definition(assistant).replace(**(fields or {"model": "gpt-5.2"}))
    return save_draft(
        author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live
    )


def pause(row: Connection, seconds: float = 60.0, *, holds_all: bool = True) -> None:
    Connection.objects.filter(pk=row.pk).update(
        timeouts=IN_A_ROW,
        paused_until=timezone.now() + timedelta(seconds=seconds),
        pause_holds_all=holds_all,
    )


class Threads:
    """Web threads of this process that are inside a chain of calls until they are let go."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool = pool
        self.go = Event()

    def enter(self, row: Connection, errand: admission.Errand = ACT) -> None:
        """Let one more thread in. Raises `NotNow` when it is refused."""
        said: SimpleQueue[NotNow | None] = SimpleQueue()

        def work() -> None:
            try:
                with admitted(row, errand):
                    said.put(None)
                    assert self.go.wait(20)
            except NotNow as error:
                said.put(error)
            finally:
                database.close()

        self.pool.submit(work)
        refused = said.get(timeout=10)
        if refused is not None:
            raise refused


@pytest.fixture
def threads() -> Iterator[Threads]:
    with ThreadPoolExecutor(16) as pool:
        found = Threads(pool)
        yield found
        found.go.set()


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
    assert "Not checked: this gateway has not been answering. It is asked again in 1" in page
    assert re.search(r'hx-trigger="load delay:1\ds,', page), "the page asks again by itself"
    assert "Checked with the gateway" not in page
    assert fresh(assistant).checked_at == checked_at


def test_a_page_that_finds_no_place_says_that_it_is_not_checked(
    cast: Cast, assistant: Assistant, threads: Threads
) -> None:
    threads.enter(assistant.connection, CHECK)
    page = cast.client("viewer").get(address(assistant, "check/"), AFRESH)
    text = page.content.decode()
    assert "Not checked yet: others are waiting for this gateway." in text
    assert 'hx-trigger="load delay:5s, signed-in from:document"' in text


# Publishing


Refuse = Callable[[Assistant, Threads], None]


def by_a_pause(assistant: Assistant, threads: Threads) -> None:
    pause(assistant.connection)


def by_no_place(assistant: Assistant, threads: Threads) -> None:
    threads.enter(assistant.connection)
    threads.enter(assistant.connection)


@pytest.mark.parametrize("refuse", [by_a_pause, by_no_place])
def test_a_publish_that_may_not_start_leaves_the_draft_and_writes_nothing(
    cast: Cast,
    assistant: Assistant,
    remote: Upstream,
    threads: Threads,
    refuse: Refuse,
    caplog: pytest.LogCaptureFixture,
) -> None:
    draft = drafted(cast, assistant)
    refuse(assistant, threads)
    remote.requests.clear()

    page = cast.client("publisher").post(address(assistant, "review/"), {"note": "Because."})

    assert levels_of(caplog) == ["WARNING"]

    text = page.content.decode()
    assert page.status_code == 503
    assert int(page["Retry-After"]) >= 1
    assert "Try again in" in text
    assert "Nothing was sent, and the draft is kept." in text
    assert "Because." in text
    assert remote.requests == []
    assert fresh(assistant).last_number == 1
    assert Draft.objects.get(pk=draft.pk).definition == draft.definition


def levels_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return how Django's lines about refused requests are marked; none has a traceback."""
    found = [row for row in caplog.records if row.name == "django.request"]
    assert not any(row.exc_info for row in found)
    return [row.levelname for row in found]


@pytest.mark.parametrize("error", ["OperationalError", "GatewayError"])
def test_a_publish_that_fails_is_an_error_in_the_log(
    cast: Cast,
    assistant: Assistant,
    remote: Upstream,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: str,
) -> None:
    drafted(cast, assistant)
    if error == "OperationalError":

        def begin(**_kwargs: Any) -> None:
            raise OperationalError("database is locked")

        monkeypatch.setattr("assistants.services.publishing.publish.begin_change", begin_change)
    else:
        remote.fail_next("GET", FaultSpec(status=401, body="{}"))
    page = cast.client("publisher").post(address(assistant, "review/"), {"note": "Because."})
    assert page.status_code == (503 if error == "OperationalError" else 502)
    assert levels_of(caplog) == ["ERROR"]


def test_no_button_that_asks_the_gateway_starts_while_it_is_paused(
    cast: Cast,
    published: Make,
    connection_to: Connection,
    remote: Upstream,
    caplog: pytest.LogCaptureFixture,
) -> None:
    rows = [published(connection_to, name=name) for name in ("To delete", "To send", "To bring")]
    deletes, sends, brings = rows
    drafted(cast, sends)
    remote.fail_next("POST", FaultSpec(status=429, body="{}"))
    draft = Draft.objects.get(assistant=sends)
    publish(author=cast.publisher, assistant=fresh(sends), wanted=draft.definition, base=draft.base)
    assert fresh(sends).trouble == "not_delivered"
    client = cast.client("admin")
    assert client.post(address(brings, "delete/")).status_code == 303
    pause(connection_to)
    remote.requests.clear()
    for row, path in (
        (deletes, "delete/"),
        (sends, "history/2/send-again/"),
        (brings, "recreate/"),
    ):
        number = fresh(row).last_number
        page = client.post(address(row, path))
        assert page.status_code == 503, path
        assert 1 <= int(page["Retry-After"]) <= 60, path
        assert "Nothing was sent" in page.content.decode()
        assert fresh(row).last_number == number
    assert levels_of(caplog) == ["WARNING"] * 3
    settled = client.post(address(sends, "settle/"), follow=True).content.decode()
    assert "Not checked: this gateway has not been answering." in settled
    client.post(f"/w/main/connections/{connection_to.pk}/bring-in/")
    step = f"/w/main/connections/{connection_to.pk}/bring-in/step/"
    progress = client.post(step, HTTP_HX_REQUEST="true").content.decode()
    assert "Not checked: this gateway has not been answering." in progress
    assert remote.requests == []


def test_a_draft_that_is_on_no_gateway_can_be_discarded_whatever_its_gateway_does(
    cast: Cast, connection_to: Connection
) -> None:
    wanted = Definition.parse(START)
    made = new_assistant(author=cast.publisher, connection=connection_to, definition=wanted)
    pause(connection_to)
    page = cast.client("publisher").post(address(made, "delete/"))
    assert page.status_code == 303
    assert not Assistant.objects.filter(pk=made.pk).exists()


def test_a_publish_may_be_the_trial_call_while_only_page_checks_are_held(
    cast: Cast, assistant: Assistant, remote: Upstream, settings: Any
) -> None:
    """A gateway that answers slower than a page waits for it can still be published to."""
    remote.silent = True
    for _ in range(IN_A_ROW):
        check_remote(assistant=fresh(assistant), errand=CHECK)
    remote.silent = False
    assert check_remote(assistant=fresh(assistant), errand=CHECK).found == "held"
    draft = drafted(cast, assistant)
    result = publish(
        author=cast.publisher, assistant=fresh(assistant), wanted=draft.definition, base=draft.base
    )
    assert result.status == "applied"
    assert check_remote(assistant=fresh(assistant), errand=CHECK).found == "same"


def test_a_publish_that_failed_with_all_its_patience_holds_the_next_one(
    cast: Cast, assistant: Assistant, remote: Upstream, settings: Any
) -> None:
    settings.GATEWAY_PUBLISH_DEADLINE = 1.0
    remote.silent = True
    for _ in range(IN_A_ROW):
        check_remote(assistant=fresh(assistant), errand=CHECK)
    draft = drafted(cast, assistant)
    client = cast.client("publisher")
    assert client.post(address(assistant, "review/")).status_code == 502
    assert client.post(address(assistant, "review/")).status_code == 503
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert fresh(assistant).last_number == 1


# What admins see


def test_the_connections_page_tells_of_a_pause_and_test_ends_it(
    cast: Cast, assistant: Assistant, remote: Upstream, settings: Any
) -> None:
    settings.GATEWAY_PUBLISH_DEADLINE = 0.5
    row = assistant.connection
    client = cast.client("admin")
    remote.silent = True
    for _ in range(IN_A_ROW):
        check_remote(assistant=fresh(assistant))
    page = client.get("/w/main/connections/").content.decode()
    assert "Paused" in page
    assert "It is left alone for now, after 3 calls in a row without an answer" in page
    assert "“Test” asks it at once." in page
    viewer = cast.client("viewer").get("/w/main/connections/").content.decode()
    assert "and tried again <time" in viewer
    assert "“Test”" not in viewer

    client.post(f"/w/main/connections/{row.pk}/test/")
    row.refresh_from_db()
    assert (row.timeouts, row.next_try is None) == (4, False), "a failed test counts as a trial"
    remote.silent = False
    client.post(f"/w/main/connections/{row.pk}/test/")
    row.refresh_from_db()
    assert (row.timeouts, row.paused_until) == (0, None)
    assert "Paused" not in client.get("/w/main/connections/").content.decode()


def test_a_test_that_finds_no_place_says_so(
    cast: Cast, connection_to: Connection, threads: Threads
) -> None:
    threads.enter(connection_to)
    threads.enter(connection_to)
    page = cast.client("admin").post(
        f"/w/main/connections/{connection_to.pk}/test/", HTTP_HX_REQUEST="true"
    )
    assert "Too many others are waiting for this gateway right now." in page.content.decode()

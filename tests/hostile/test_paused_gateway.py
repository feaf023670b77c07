"""While a gateway is paused or its places are taken, nothing starts and every draft is kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from assistants.definition import Definition
from assistants.models import Assistant, Connection, Draft
from assistants.services.connections.admission import CHECK
from assistants.services.connections.breaker import IN_A_ROW
from assistants.services.editing.drafts import new_assistant
from assistants.services.publishing.publish import publish
from assistants.services.remote.settle import check_remote
from tests.conftest import Cast
from tests.hostile.hanging import Threads, address, as_a_server, assistant, drafted, pause, threads
from tests.services.conftest import START, Make, fresh
from tests.upstream import FaultSpec, Upstream

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("as_a_server")]
__all__ = ["as_a_server", "assistant", "threads"]


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

        def begin_change(**_kwargs: Any) -> None:
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
    assert "Not checked, because this gateway is not responding." in settled
    client.post(f"/w/main/connections/{connection_to.pk}/bring-in/")
    step = f"/w/main/connections/{connection_to.pk}/bring-in/step/"
    progress = client.post(step, HTTP_HX_REQUEST="true").content.decode()
    assert "Not checked, because this gateway is not responding." in progress
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
    assert "Requests are paused after 3 calls in a row without an answer" in page
    assert "Choose “Test” to try now." in page
    viewer = cast.client("viewer").get("/w/main/connections/").content.decode()
    assert "The next try is <time" in viewer
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
    assert "Too many requests are waiting for this gateway." in page.content.decode()

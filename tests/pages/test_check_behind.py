"""The check behind a page: what it settles, and what it tells an open page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants.models import Assistant
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.pages.trouble import address, asked_by, checked, page, text_of, unlooked
from tests.services.conftest import fresh
from tests.services.undelivered import held, in_doubt, tried
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked"),
]


def test_a_check_names_the_time_to_come_back(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    client = cast.client("editor")
    remote.fail_next("GET", FaultSpec(status=429, body="{}", retry_after="40"))
    text = text_of(client.post(address(assistant, "settle/"), follow=True))
    assert "so nothing was changed. Try again in 40 seconds." in text
    until = timezone.now() + timedelta(seconds=40)
    Assistant.objects.filter(pk=assistant.pk).update(slot=assistant.live_id, slot_until=until)
    text = text_of(client.post(address(assistant, "settle/"), follow=True))
    said = r"Someone is publishing this assistant right now\. Try again in (40|39) seconds\."
    assert re.search(said, text)


@pytest.mark.parametrize("path", ["", "history/", "history/1/", "code/", "compare/1..live/"])
def test_every_page_of_an_assistant_asks_the_gateway_behind_itself(
    cast: Cast, assistant: Assistant, remote: Upstream, path: str
) -> None:
    remote.requests.clear()
    unlooked(assistant)
    before = page(cast, "viewer", assistant, path)
    assert remote.requests == []

    after = checked(cast, assistant, before)

    assert [method for method, _, _ in remote.requests] == ["GET"]
    assert "Checked with the gateway just now" in after
    assert "Reload it" not in after
    checked(cast, assistant, before)
    assert len(remote.requests) == 1, "a look of a moment ago serves the next page too"
    editor = page(cast, "editor", assistant, "edit/")
    checked(cast, assistant, editor, "editor")
    assert len(remote.requests) == 2, "the editor asks each time"


def test_doubt_is_settled_by_whoever_looks_next(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    in_doubt(cast, assistant, model="gpt-5.2")
    held(remote, assistant)["model"] = "gpt-5.2"
    before = page(cast, "viewer", assistant)
    assert "It is not certain whether the last change arrived." in before

    after = checked(cast, assistant, before)

    assert "The unconfirmed change has arrived: v2 by Pia is live." in after
    assert "Reload it" in after
    assert "not certain" not in after
    assert "Live v2" in after
    rows = page(cast, "viewer", assistant).partition("<tbody")[2]
    assert "v2" in rows
    assert "Unconfirmed" not in rows


def test_doubt_that_ends_badly_is_told_in_place(
    cast: Cast, assistant: Assistant, settings: Any
) -> None:
    in_doubt(cast, assistant, model="gpt-5.2")
    before = page(cast, "viewer", assistant)
    settings.LATE_LANDING_SECONDS = 0
    after = checked(cast, assistant, before)
    assert "The last change was not delivered." in after
    assert "The last change was not delivered. The live version is unchanged." in after


def test_an_editor_with_text_in_it_is_told_and_never_reloaded(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    editor = page(cast, "editor", assistant, "edit/")
    remote.assistants.clear()
    after = checked(cast, assistant, editor, "editor")
    assert "Reload it" not in after
    after = asked_by(cast, assistant, editor)
    assert "The gateway no longer has this assistant." in after
    assert "Your text is kept." in after
    assert "Reload it" not in after


@pytest.mark.parametrize("path", ["history/", "edit/"])
def test_what_others_did_meanwhile_is_told(cast: Cast, assistant: Assistant, path: str) -> None:
    before = page(cast, "editor", assistant, path)
    wanted = live_definition(assistant).replace(model="gpt-5.2")
    publish(author=cast.admin, assistant=assistant, wanted=wanted, base=assistant.live)
    after = checked(cast, assistant, before, "editor")
    if path == "edit/":
        assert "published" not in after
        after = asked_by(cast, assistant, before)
        assert address(assistant, "compare/1..2/") in after
    assert "Ada has published v2" in after
    delete_assistant(author=cast.admin, assistant=fresh(assistant))
    after = checked(cast, assistant, before, "editor")
    if path == "edit/":
        after = asked_by(cast, assistant, before)
    assert "Ada deleted this assistant." in after


def test_a_mark_that_no_page_was_given_tells_nothing(cast: Cast, assistant: Assistant) -> None:
    for mark in ("", "x", "1-2-3", "1-1-live--", "9" * 5000):
        response = cast.client("viewer").get(address(assistant, "check/"), {"seen": mark})
        assert "Reload it" not in text_of(response)


def test_one_more_look_costs_a_constant_number_of_queries(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    client = cast.client("viewer")

    def cost() -> int:
        unlooked(assistant)
        with CaptureQueriesContext(connection) as captured:
            text_of(client.get(address(assistant, "check/"), {"seen": "1-1-live--"}))
        return len(captured)

    cost()
    few = cost()
    for number in range(25):
        tried(cast, assistant, remote, refused("No."), temperature=number / 50)
    many = cost()
    assert many - few <= 5, (
        "the revision in trouble, its outcome, its name, its erasures, and the person's draft"
    )

"""The editor keeps what was typed, whatever stops it from saving."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from assistants.models import Assistant, Connection
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.pages.editing import address, draft, open_form, send, text_of
from tests.pages.reading import as_browser, fields_of
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


def test_errors_are_shown_at_their_fields_with_everything_typed(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    typed = {
        "name": "x" * 257,
        "instructions": "kept\r\ntext <b>",
        "function-TOTAL_FORMS": "1",
        "function-0-name": "f",
        "function-0-parameters": '{"a":\r\n 1,}',
        "action": "review",
    }

    response = send(client, live, {**open_form(client, live), **typed})

    assert response.status_code == 422
    page = text_of(response)
    assert 'href="#id_name"' in page
    assert "The limit is 256 characters; this has 257." in page
    assert "Line 2, column 3" in page
    shown = fields_of(response, address(live))
    assert shown["name"] == "x" * 257
    assert shown["instructions"] == "kept\ntext <b>"
    assert shown["function-0-parameters"] == '{"a":\n 1,}'
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("instructions") == "kept\ntext <b>", "what can be read is saved"


@pytest.mark.parametrize("base", ["999", "abc", "-1", "9" * 40, "²", "1.5"])
def test_a_forged_base_is_refused_and_the_text_kept(cast: Cast, live: Assistant, base: str) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)

    response = send(client, live, fields, base=base, name="Mine", action="review")

    assert response.status_code == 422
    shown = fields_of(response, address(live))
    assert (shown["name"], shown["base"]) == ("Mine", fields["base"])
    assert send(client, live, shown, action="draft").status_code == 303


@pytest.mark.parametrize("original", ["\0", "0\0", "abc", "%", "f" * 400])
def test_a_forged_original_is_refused_and_the_text_kept(
    cast: Cast, live: Assistant, original: str
) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)

    response = send(client, live, fields, original=original, name="Mine", action="review")

    assert response.status_code == 422
    assert fields_of(response, address(live))["name"] == "Mine"
    assert (
        "this form is based on a version that this dashboard does not have"
        in response.content.decode()
    )
    assert fields_of(client.get(address(live)), address(live))["name"] == "Mine"


def test_a_base_that_was_live_once_is_kept_as_the_base(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    wanted = live_definition(live).replace(name="By Pia")
    publish(author=cast.publisher, assistant=live, wanted=wanted, base=live.live)

    response = send(client, live, fields, instructions="Mine", action="review")

    assert response.status_code == 303
    saved = draft(cast, live)
    assert saved
    assert saved.base == live.live
    page = text_of(client.get(address(live)))
    assert "Pia has published v2 since this draft was started." in page


def test_a_second_tab_does_not_overwrite_the_first_without_a_word(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    first, second = open_form(client, live), open_form(client, live)
    send(client, live, first, instructions="First tab", action="draft")

    response = send(client, live, second, name="Second tab", action="review")

    assert response.status_code == 409
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("instructions") == "First tab"
    shown = fields_of(response, address(live))
    assert shown["name"] == "Second tab"
    assert send(client, live, shown, action="draft").status_code == 409, "only when asked to"
    assert send(client, live, shown, replace="1").status_code == 303
    saved = draft(cast, live)
    assert saved
    assert saved.definition == live_definition(live).replace(name="Second tab")


def test_text_typed_in_an_ended_session_is_back_after_signing_in(
    cast: Cast, live: Assistant
) -> None:
    cast.editor.user.set_password("a-long-passphrase")
    cast.editor.user.save()
    client = Client()
    login = {"login": cast.editor.user.email, "password": "a-long-passphrase"}
    client.post("/accounts/login/", login)
    fields = open_form(client, live)
    client.cookies.pop("sessionid")

    typed = urlencode({**fields, "instructions": "Typed for an hour", "action": "draft"})
    form = "application/x-www-form-urlencoded"
    assert client.post(address(live), typed, content_type=form).status_code == 302
    client.post("/accounts/login/", login)

    for _time in range(2):
        page = client.get(address(live))
        assert "This is your latest text" in text_of(page)
        assert fields_of(page, address(live))["instructions"] == "Typed for an hour"
    assert send(client, live, fields_of(page, address(live)), action="draft").status_code == 303
    assert "This is your latest text" not in text_of(client.get(address(live)))


@contextmanager
def read_only_database() -> Iterator[None]:
    sqlite = connection.vendor == "sqlite"
    setting = "PRAGMA query_only" if sqlite else "SET default_transaction_read_only"
    with connection.cursor() as cursor:
        cursor.execute(f"{setting} = ON")
        yield
        cursor.execute(f"{setting} = OFF")


def test_a_database_that_cannot_be_written_keeps_the_text(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    with read_only_database():
        response = send(client, live, fields, instructions="Mine", action="draft")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert fields_of(response, address(live))["instructions"] == "Mine"
    assert "database is busy or full" in text_of(response)
    assert "Try again in 5 seconds." in text_of(response)


def test_a_new_assistant_that_cannot_be_written_keeps_the_text(cast: Cast) -> None:
    client, path = cast.client("editor"), "/w/main/assistants/new/"
    for action in ("draft", "keep"):
        with read_only_database():
            response = client.post(path, {"model": "gpt-5.2", "name": "Mine", "action": action})
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert "again in 5 seconds" in text_of(response)
    assert not Assistant.objects.exists()


@pytest.mark.parametrize(
    "typed",
    [
        {"instructions": "a\0b"},
        {"metadata-TOTAL_FORMS": "1", "metadata-0-key": "k\0"},
        {"function-TOTAL_FORMS": "1", "function-0-parameters": "[" * 100_000},
        {"function-TOTAL_FORMS": "1", "function-0-parameters": '{"a": "\\ud800"}'},
        {"temperature": "1e999"},
        {"metadata-TOTAL_FORMS": "17", **{f"metadata-{n}-key": f"k{n}" for n in range(17)}},
        {"instructions": "😀" * 256_001},
    ],
)
def test_bad_input_is_refused_in_plain_words(
    cast: Cast, live: Assistant, typed: dict[str, str]
) -> None:
    response = cast.client("editor").post(address(live), {**typed, "action": "review"})

    assert response.status_code == 422
    assert "to fix" in text_of(response)


def test_everything_within_the_limits_can_be_posted(cast: Cast, live: Assistant) -> None:
    response = cast.client("editor").post(
        address(live), {"instructions": "😀" * 256_000, "action": "review"}
    )

    assert response.status_code == 303


def test_what_no_page_can_carry_is_shown_and_kept(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    odd = {
        "name": "half \ud83d",
        "instructions": "a \0 and a \ud83d",
        "metadata": {"k\ud83d": "v\ud83d"},
        "tools": [
            {"type": "x\ud83d"},
            {"type": "function", "function": {"name": "n\ud83d", "description": "d\ud83d"}},
        ],
    }
    remote.assistants[assistant.remote_id].update(odd)
    client = cast.client("publisher")
    assert client.get(address(assistant, "check")).status_code == 200

    fields = open_form(client, assistant)
    response = send(client, assistant, as_browser(fields), model="other", action="review")

    assert response.status_code == 303
    saved = draft(cast, assistant, "publisher")
    assert saved
    for field, value in odd.items():
        assert saved.definition.value(field) == value
    for page in ("review", "history", "history/2", "compare/1..2", "delete", "restore/1", "code"):
        assert client.get(address(assistant, page)).status_code == 200

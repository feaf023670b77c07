"""A form of millions of characters costs little more than its bytes, and loses nothing typed.

Sizes and calls are counted here, and no time is taken.
"""

import json
import urllib.parse
import zlib
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.http import QueryDict
from django.test import RequestFactory

from admin_ui.accounts.guard import costly, stash
from admin_ui.accounts.models import Stash
from admin_ui.encryption import encrypt_bytes
from admin_ui.request import posted
from assistants.definition import LIMITS
from assistants.forms.posted import answers
from assistants.forms.shown import MOST_SHOWN_CHARACTERS
from assistants.models import Assistant, Draft
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.hostile.test_hostile_person import exhaust, page
from tests.pages.conftest import live, published
from tests.pages.reading import fields_of

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["live", "published"]

FORM = "application/x-www-form-urlencoded"
SCHEMA = {"response_format": "json_schema", "response_schema_name": "a"}
ODD = "Ärzte 🙂 \\x41 %41 +&=\r\n\t\x01\x7f"


def keep(cast: Cast, assistant: Assistant, who: str = "editor", **typed: str) -> Any:
    """Send a whole editor as its page does by itself, with `typed` in it."""
    client, address = cast.client(who), page(assistant, "edit/")
    fields = {**fields_of(client.get(address), address), **typed, "turn": "1"}
    body = urlencode(fields)
    return client.post(f"{address}autosave/", body, content_type=FORM, HTTP_HX_REQUEST="true")


# Reading it.


@pytest.mark.parametrize(
    "body",
    [
        b"a=1&a=2&b=&c&=d&&e=f=g",
        b"a=%E4&b=%c3%a4&c=\xc3\xa4&d=%F0%9F",
        b"a=\\x41%5Cx41\\u0041\\&b=%5c",
        urlencode({ODD: ODD, "b": ODD * 3}).encode(),
        b"",
    ],
)
def test_a_large_form_is_read_as_django_reads_a_small_one(body: bytes) -> None:
    form = posted.read_form(body)
    assert list(form.lists()) == list(QueryDict(body).lists())
    with pytest.raises(AttributeError):
        form["a"] = "1"


def test_what_no_browser_sends_is_refused() -> None:
    for body in (b"a=100%", b"a=%zz", b"a=%4"):
        with pytest.raises(BadRequest):
            posted.read_form(body)
    with pytest.raises(TooManyFieldsSent):
        posted.read_form(b"a=1&" * 5000)


def test_no_object_is_made_of_each_escape(
    cast: Cast, live: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own decoder splits a text at each of them."""
    read: list[int] = []
    decode = urllib.parse.unquote_to_bytes

    def note(text: str | bytes) -> bytes:
        read.append(len(text))
        return decode(text)

    monkeypatch.setattr(urllib.parse, "unquote_to_bytes", note)
    answer = keep(cast, live, instructions="{}," * 60_000)
    assert answer.status_code == 200
    assert sum(read) < posted.LARGE_FORM_BYTES
    assert Draft.objects.get().definition.value("instructions") == "{}," * 60_000


def test_a_stranger_sends_one_to_the_sign_in_page(
    db: None, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    read = posted.read_form

    def note(body: bytes) -> QueryDict:
        sizes.append(len(body))
        return read(body)

    monkeypatch.setattr(posted, "read_form", note)
    body = urlencode({"login": "{}" * 50_000, "password": "x"})
    assert client.post("/accounts/login/", body, content_type=FORM).status_code == 200
    assert sizes == [len(body)]


# What is far over a limit.


@pytest.mark.parametrize("name", ["instructions", "model", "temperature", "vector_store_ids"])
def test_a_text_far_over_its_limit_is_kept_as_typed(cast: Cast, live: Assistant, name: str) -> None:
    text = "{}," * (MOST_SHOWN_CHARACTERS // 3 + 1)
    answer = keep(cast, live, name="Other", **{name: text})
    assert answer.status_code == 200
    assert "Kept as typed" in answer.content.decode()
    assert Draft.objects.get().definition == live_definition(live).replace(name="Other")
    kept = stash.newest_form(cast.editor.user, page(live, "edit/"))
    assert kept is not None
    assert kept[name] == text
    shown = cast.client("editor").get(page(live, "edit/")).content.decode()
    assert "The limit is 1,024,000 characters; this has 1,024,002." in shown
    assert text in shown


@pytest.mark.parametrize("name", ["response_schema_schema", "function-0-parameters"])
def test_json_of_very_many_values_is_not_read(
    cast: Cast, live: Assistant, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def read(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(answers, "parse_object", read)
    text = '{"a": [' + "{}," * LIMITS.values + "1]}"
    rows = {"function-TOTAL_FORMS": "1", "function-0-name": "f", **SCHEMA}
    answer = keep(cast, live, **{**rows, name: text})
    assert "Kept as typed" in answer.content.decode()
    monkeypatch.undo()
    shown = cast.client("editor").get(page(live, "edit/")).content.decode()
    assert "An assistant can have at most 50,000 single values" in shown


def test_json_in_many_fields_counts_together(cast: Cast, live: Assistant) -> None:
    text = json.dumps({"type": "object", "a": [1] * 20_000})
    rows = {f"function-{n}-parameters": text for n in range(10)}
    names = {f"function-{n}-name": f"f{n}" for n in range(10)}
    keep(cast, live, **{"function-TOTAL_FORMS": "10", **names, **rows})
    tools = Draft.objects.get().definition.value("tools")
    assert sum("parameters" in tool.get("function", {}) for tool in tools) == 4


def test_very_many_ids_are_not_read(cast: Cast, live: Assistant) -> None:
    answer = keep(cast, live, vector_store_ids="vs\r\n" * 1_000)
    assert "Kept as typed" in answer.content.decode()
    assert not Draft.objects.get().definition.value("tool_resources")


@pytest.mark.parametrize("action", ["keep", "draft", "review"])
def test_what_is_too_large_to_be_kept_is_refused_and_says_so(
    cast: Cast, live: Assistant, action: str
) -> None:
    client, address = cast.client("editor"), page(live, "edit/")
    body = urlencode({"instructions": "x" * posted.MOST_TYPED, "action": action})
    answer = client.post(address, body, content_type=FORM)
    assert answer.status_code == 413
    assert "4,000,000 characters" in answer.content.decode()
    assert (Draft.objects.count(), Stash.objects.count()) == (0, 0)
    assert 'data-large="Not saved: this form is too large.' in client.get(address).content.decode()
    new = client.post("/w/main/assistants/new/", body, content_type=FORM)
    assert new.status_code == 413
    assert Assistant.objects.count() == 1


# Several at once.


def test_large_forms_take_from_the_budget_and_small_ones_never(cast: Cast, live: Assistant) -> None:
    assert keep(cast, live, instructions="Small.").status_code == 200
    assert len(costly.COSTLY_SECONDS) == 0
    exhaust(cast, "editor")
    text = "x" * (costly.LARGE_FORM + 1)
    answer = keep(cast, live, instructions=text)
    assert (answer.status_code, answer["HX-Retarget"]) == (429, "#notices")
    assert Draft.objects.get().definition.value("instructions") == "Small."
    assert keep(cast, live, instructions="Smaller.").status_code == 200
    assert keep(cast, live, who="publisher", instructions=text).status_code == 200


def test_a_large_form_that_a_button_sends_is_kept_when_it_has_to_wait(
    cast: Cast, live: Assistant
) -> None:
    client, address = cast.client("editor"), page(live, "edit/")
    fields = fields_of(client.get(address), address)
    exhaust(cast, "editor")
    text = "x" * (costly.LARGE_FORM + 1)
    answer = client.post(address, {**fields, "instructions": text, "action": "draft"})
    assert answer.status_code == 429
    assert "What you typed is kept." in answer.content.decode()
    assert text in client.get(address).content.decode()


# The stash.


@pytest.mark.parametrize("value", [ODD, "", "\0" * 1000, "\ud800", "[1, 2]\n"])
def test_a_form_comes_back_from_the_stash(cast: Cast, value: str) -> None:
    form = QueryDict(mutable=True)
    form.setlist("a", [value, "2"])
    form[ODD] = value
    assert stash.keep_form_at(cast.editor.user, "/w/main/x/", form)
    kept = stash.take_form(cast.editor.user, "/w/main/x/")
    assert kept is not None
    assert list(kept.lists()) == [("a", [value, "2"]), (ODD, [value])]


def test_a_form_that_was_kept_url_encoded_comes_back(cast: Cast) -> None:
    body = encrypt_bytes(zlib.compress(urlencode({"a": ODD, "[": "1"}).encode()))
    Stash.objects.create(user=cast.editor.user, path="/w/main/x/", body=body)
    kept = stash.take_form(cast.editor.user, "/w/main/x/")
    assert kept is not None
    assert kept.dict() == {"a": ODD, "[": "1"}


def test_what_is_too_large_is_not_kept(cast: Cast) -> None:
    request = RequestFactory().post("/w/main/x/", {"note": "x" * posted.MOST_TYPED})
    assert not stash.keep_form(cast.editor.user, request)

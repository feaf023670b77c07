"""Restoring replaces what its page showed, and nothing that was typed since."""

import pytest
from django.http import HttpResponse

from admin_ui.accounts.guard import stash
from assistants.models import Assistant
from assistants.services.editing.drafts import draft_of
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.pages.schema_form import address, opened, post, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def assistant(cast: Cast) -> Assistant:
    return change(make_assistant(cast.workspace), instructions="Newer")


def types(cast: Cast, assistant: Assistant, **fields: str) -> HttpResponse:
    return post(cast, assistant, opened(cast, assistant, **fields), "keep")


def instructions(cast: Cast, assistant: Assistant) -> str:
    draft = draft_of(user=cast.publisher.user, assistant=assistant)
    assert draft
    return str(draft.definition.value("instructions"))


def kept(cast: Cast, assistant: Assistant) -> str | None:
    form = stash.newest_form(cast.publisher.user, address(assistant))
    return form["temperature"] if form else None


@pytest.mark.parametrize(
    "before",
    [{}, {"instructions": "Mine"}, {"temperature": "low"}],
    ids=["nothing", "a draft", "a text kept as typed"],
)
def test_what_was_typed_since_is_asked_about(
    cast: Cast, assistant: Assistant, before: dict[str, str]
) -> None:
    if before:
        types(cast, assistant, **before)
    client, path = cast.client("publisher"), address(assistant, "restore/1")
    asked = fields_of(client.get(path))
    types(cast, assistant, instructions="Typed since")

    answer = client.post(path, asked)

    assert answer.status_code == 409
    assert "You have a draft of this assistant" in text_of(answer)
    assert instructions(cast, assistant) == "Typed since"
    assert client.post(path, fields_of(answer)).status_code == 303
    assert instructions(cast, assistant) == "Be kind.\nBe brief."


@pytest.mark.parametrize("page", ["restore/1", "discard"])
@pytest.mark.parametrize("before", [{}, {"temperature": "low"}], ids=["nothing", "as typed"])
def test_what_was_kept_as_typed_since_is_asked_about(
    cast: Cast, assistant: Assistant, page: str, before: dict[str, str]
) -> None:
    types(cast, assistant, instructions="Mine", **before)
    client, path = cast.client("publisher"), address(assistant, page)
    asked = fields_of(client.get(path))
    types(cast, assistant, instructions="Mine", temperature="lower")

    answer = client.post(path, asked)

    assert answer.status_code == 409
    assert kept(cast, assistant) == "lower"
    assert client.post(path, fields_of(answer)).status_code == 303
    assert kept(cast, assistant) is None


def test_what_is_saved_at_the_same_moment_is_asked_about(
    cast: Cast, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = address(assistant, "restore/1")
    copies_of = stash.kept_copies

    def meanwhile(*args: object) -> list[stash.Copy]:
        monkeypatch.setattr(stash, "kept_copies", copies_of)
        types(cast, assistant, instructions="Typed meanwhile")
        return []

    monkeypatch.setattr(stash, "kept_copies", meanwhile)
    answer = cast.client("publisher").post(path)

    assert (answer.status_code, answer["Location"]) == (303, path)
    assert instructions(cast, assistant) == "Typed meanwhile"

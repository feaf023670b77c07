"""What is typed counts only with some choices, and is kept as typed with the others."""

import pytest
from django.http import HttpResponse

from assistants.models import Assistant
from assistants.services.editing.drafts import draft_of
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import as_browser, fields_of
from tests.pages.schema_form import address, text_of

pytestmark = pytest.mark.django_db

ANSWERS = {
    "response_format": "json_schema",
    "response_schema_name": "answer",
    "response_schema_schema": '{"type": "object", "title": "Typed"}',
}
SEARCH = {"file_search-0-enabled": "on", "file_search-0-max_num_results": "7"}
BROKEN = {**ANSWERS, "response_schema_schema": '{"type": '}
CHOICES = {
    "another format": (ANSWERS, {"response_format": "text"}),
    "no format": (ANSWERS, {"response_format": ""}),
    "a schema that cannot be read": (BROKEN, {"response_format": "json_object"}),
    "no search": (SEARCH, {"file_search-0-enabled": ""}),
}
FOOT = "some fields do not apply to the selected options"


@pytest.fixture
def assistant(cast: Cast) -> Assistant:
    return make_assistant(cast.workspace)


class Page:
    """An editor that Emil has open."""

    def __init__(self, cast: Cast, assistant: Assistant, path: str = "") -> None:
        self.client = cast.client("editor")
        self.path = path or address(assistant)
        self.fields = fields_of(self.client.get(self.path), self.path)

    def send(self, action: str, **typed: str) -> HttpResponse:
        self.fields |= {**typed, "turn": str(int(self.fields["turn"]) + 1)}
        return self.client.post(self.path, {**as_browser(self.fields), "action": action})


@pytest.mark.parametrize("action", ["keep", "draft", "review"])
@pytest.mark.parametrize(("typed", "chosen"), CHOICES.values(), ids=CHOICES)
def test_it_is_there_again_when_the_choice_is_taken_back(
    cast: Cast, assistant: Assistant, typed: dict[str, str], chosen: dict[str, str], action: str
) -> None:
    page = Page(cast, assistant)
    page.send("keep", **typed)
    answer = page.send(action, **chosen, temperature="0.5")
    assert action != "keep" or FOOT in text_of(answer)

    again = Page(cast, assistant)
    wanted = {**typed, **chosen}
    wanted.pop("file_search-0-enabled", "")
    assert wanted.items() <= again.fields.items()
    draft = draft_of(user=cast.editor.user, assistant=assistant)
    assert draft
    assert draft.definition.fields() == ("name", "model", "instructions", *draft_fields(chosen))


def draft_fields(chosen: dict[str, str]) -> list[str]:
    return ["temperature", *(["response_format"] if chosen.get("response_format") else [])]


@pytest.mark.parametrize(("typed", "chosen"), list(CHOICES.values())[:2])
def test_a_visit_later_it_still_counts_with_the_first_choice(
    cast: Cast, assistant: Assistant, typed: dict[str, str], chosen: dict[str, str]
) -> None:
    Page(cast, assistant).send("draft", **typed)
    Page(cast, assistant).send("draft", **chosen)
    Page(cast, assistant).send("draft", response_format="json_schema")

    draft = draft_of(user=cast.editor.user, assistant=assistant)
    assert draft
    schema = draft.definition.value("response_format")["json_schema"]
    assert schema == {"name": "answer", "schema": {"type": "object", "title": "Typed"}}
    page = cast.client("editor").get(address(assistant))
    assert "Draft saved" in text_of(page)
    assert "the draft cannot hold" not in text_of(page)


def test_pages_say_so(cast: Cast, assistant: Assistant) -> None:
    Page(cast, assistant).send("draft", **ANSWERS)
    Page(cast, assistant).send("draft", response_format="text")

    pages = {
        "edit": "the draft cannot hold all of it",
        "review": "is not in this draft",
        "discard": "do not apply to the selected options",
    }
    for page, said in pages.items():
        assert said in text_of(cast.client("editor").get(address(assistant, page)))


def test_a_new_assistant_keeps_it_too(cast: Cast) -> None:
    path = "/w/main/assistants/new/"
    page = Page(cast, Assistant(), path)
    page.send("keep", **ANSWERS | {"response_format": "text"}, model="gpt-5")

    begun = Assistant.objects.get()
    assert Page(cast, begun).fields["response_schema_schema"] == ANSWERS["response_schema_schema"]


def test_what_a_version_holds_is_not_kept_twice(cast: Cast, assistant: Assistant) -> None:
    schema = {"name": "answer", "schema": {"type": "object"}}
    search = {"type": "file_search", "file_search": {"max_num_results": 7}}
    answers = {"type": "json_schema", "json_schema": schema}
    change(assistant, response_format=answers, tools=[search])
    page = Page(cast, assistant)
    page.fields.pop("file_search-0-enabled")

    answer = page.send("keep", response_format="text")

    assert "Draft saved" in text_of(answer)

"""A function built from rows without JavaScript: opened, filled in, reviewed and published."""

import json
import re
from typing import Any

import pytest
from django.http import HttpResponse

from assistants.models import Assistant, Draft
from tests.builder.schemas import BOOK_MEETING_ROOM
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.pages.schema_form import address, post, text_of

pytestmark = pytest.mark.django_db(transaction=True)

F = "function-0-parameters"


class Page:
    """The editor as somebody without JavaScript uses it: fields and buttons."""

    def __init__(self, cast: Cast, assistant: Assistant) -> None:
        self.cast, self.assistant = cast, assistant
        self.answer: HttpResponse = cast.client("publisher").get(address(assistant))
        self.fields = fields_of(self.answer, address(assistant))

    def press(self, action: str, **typed: str) -> "Page":
        text = self.answer.content.decode()
        assert f'value="{action}"' in text, (
            self.answer.status_code,
            text[text.find("builder_") - 500 :][:3000],
        )
        self.answer = post(self.cast, self.assistant, self.fields | typed, action)
        if self.answer.status_code == 200:
            self.fields = fields_of(self.answer, address(self.assistant))
        return self

    def row(self, key: int, **parts: str) -> None:
        self.fields |= {f"{F}-{key}-{part}": text for part, text in parts.items()}


def test_the_meeting_room_is_built_reviewed_and_published(cast: Cast, live: Assistant) -> None:
    page = Page(cast, live).press("add-function")
    assert page.fields[f"{F}-view"] == "form"
    page.fields["function-0-name"] = "Book meeting room"
    page.press(f"schema:add:{F}:")
    page.row(0, name="room", description="Which room.", allowed="Blue\nGreen\nAttic", required="on")
    page.press(f"schema:add:{F}:")
    page.row(1, name="start", description="When it begins, as 2026-01-31T09:30.", required="on")
    page.press(f"schema:add:{F}:")
    page.row(2, name="people", type="integer", description="How many will come.", default="4")
    page.press(f"schema:add:{F}:")
    page.row(3, name="contact", type="object", description="Who asked for it.")
    page.press(f"schema:show:{F}:").press(f"schema:add:{F}:3")
    page.row(4, name="name", required="on")
    page.press(f"schema:add:{F}:3")
    page.row(5, name="email")
    page.press("schema:plain:function-0-name:")
    assert page.fields["function-0-name"] == "book_meeting_room"

    assert page.press("review").answer.status_code == 303
    client = cast.client("publisher")
    review = client.get(address(live, "review")).content.decode()
    (shown,) = re.findall(r'name="reviewed" value="([^"]+)"', review)
    client.post(address(live, "review"), {"reviewed": shown, "note": ""})
    live.refresh_from_db()
    assert live.live is not None
    tool = live.live.definition.value("tools")[-1]
    wanted = {"name": "book_meeting_room", "parameters": BOOK_MEETING_ROOM}
    assert json.dumps(tool["function"]["parameters"]) == json.dumps(BOOK_MEETING_ROOM)
    assert tool == {"type": "function", "function": wanted}


def draft_with(cast: Cast, live: Assistant, schema: Any) -> None:
    function = {"function-TOTAL_FORMS": "1", "function-0-name": "f", F: json.dumps(schema)}
    post(cast, live, Page(cast, live).fields | function, "draft")


def test_rows_that_are_not_valid_yet_come_back_as_typed(cast: Cast, live: Assistant) -> None:
    draft_with(cast, live, BOOK_MEETING_ROOM)
    page = Page(cast, live).press("open:function-0")
    page.row(1, name="room", description="Twice\nthe same")
    saved = post(cast, live, page.fields, "keep")
    assert "1 error to fix" in text_of(saved)

    again = Page(cast, live)
    assert again.fields[f"{F}-1-name"] == "room"
    assert again.fields[f"{F}-1-description"] == "Twice\nthe same"
    again.row(1, name="start")
    post(cast, live, again.fields, "keep")
    tool = Draft.objects.get(assistant=live).definition.value("tools")[-1]["function"]
    assert tool["parameters"]["properties"]["start"]["description"] == "Twice\nthe same"
    assert list(tool["parameters"]["properties"]) == ["room", "start", "people", "contact"]


def test_a_closed_function_posts_nothing_and_stays(cast: Cast, live: Assistant) -> None:
    draft_with(cast, live, BOOK_MEETING_ROOM)
    page = Page(cast, live)
    assert not [name for name in page.fields if name.startswith(F)]
    post(cast, live, page.fields | {"description": "New"}, "keep")
    definition = Draft.objects.get(assistant=live).definition
    assert definition.value("description") == "New"
    assert definition.value("tools")[-1]["function"]["parameters"] == BOOK_MEETING_ROOM


def test_a_schema_of_answers_is_built_in_the_same_way(cast: Cast, live: Assistant) -> None:
    name = "response_schema_schema"
    page = Page(cast, live).press(f"schema:add:{name}:", response_format="json_schema")
    page.fields |= {f"{name}-0-name": "answer", "response_schema_name": "reply"}
    post(cast, live, page.fields, "draft")
    schema = Draft.objects.get(assistant=live).definition.value("response_format")["json_schema"]
    assert schema["schema"] == {"type": "object", "properties": {"answer": {"type": "string"}}}
    assert Page(cast, live).press(f"open:{name}").fields[f"{name}-0-name"] == "answer"

"""A line end survives in every field of text, also in one that is a single line as a rule."""

from typing import Any

import pytest
from django.test import Client

from assistants.definition import Definition
from assistants.models import Assistant
from assistants.services.editing.drafts import draft_of
from tests.conftest import Cast
from tests.pages.past import make_assistant
from tests.pages.reading import as_browser, fields_of
from tests.pages.schema_form import address

pytestmark = pytest.mark.django_db

SCHEMA = {"name": "answer", "description": "a\nb", "schema": {"type": "object"}}
LINES: dict[str, Any] = {
    "name": "a\nb",
    "model": "a\nb",
    "metadata": {"a\nb": "a\nb", "c": "a\n\nb\n"},
    "tools": [{"type": "function", "function": {"name": "a\nb", "description": "a\nb\n"}}],
    "response_format": {"type": "json_schema", "json_schema": SCHEMA},
    "temperature": "a\nb",
    "reasoning_effort": "a\nb",
}
FIELDS = [
    "name",
    "model",
    "metadata-0-key",
    "metadata-0-value",
    "metadata-1-value",
    "function-0-name",
    "function-0-description",
    "response_schema_description",
]


@pytest.fixture
def assistant(cast: Cast) -> Assistant:
    return make_assistant(cast.workspace, **LINES)


def shown_to(cast: Cast, assistant: Assistant) -> dict[str, str]:
    """The fields of the editor, with the function opened."""
    page = cast.client("editor").post(address(assistant), {"action": "open:function-0"})
    return fields_of(page, address(assistant))


def send(cast: Cast, assistant: Assistant, **typed: str) -> Definition | None:
    """Change some fields of the editor, as a browser does; returns the draft."""
    client: Client = cast.client("editor")
    fields = shown_to(cast, assistant) | typed
    client.post(address(assistant), {**as_browser(fields), "action": "keep"})
    draft = draft_of(user=cast.editor.user, assistant=assistant)
    return draft.definition if draft else None


def test_a_page_that_nobody_touched_changes_nothing(cast: Cast, assistant: Assistant) -> None:
    assert send(cast, assistant) is None


@pytest.mark.parametrize("name", FIELDS)
def test_what_is_added_to_a_text_of_several_lines_takes_none_away(
    cast: Cast, assistant: Assistant, name: str
) -> None:
    shown = shown_to(cast, assistant)[name]
    assert "\n" in shown

    draft = send(cast, assistant, **{name: f"{shown}!"})

    assert draft
    assert f"{shown}!".replace("\n", r"\n") in draft.canonical_json()


@pytest.mark.parametrize("name", FIELDS)
def test_a_line_end_can_be_taken_out(cast: Cast, assistant: Assistant, name: str) -> None:
    draft = send(cast, assistant, **{name: "ab"})

    assert draft
    assert shown_to(cast, assistant)[name] == "ab"

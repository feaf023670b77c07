"""The list of changed fields at the editor's foot, and putting one of them back."""

import json
import re
from typing import Any

import pytest

from assistants.models import Assistant
from assistants.services.connections.client import registry_of
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.pages.editing import address, draft, keep, open_form, send, text_of
from tests.pages.reading import as_browser, fields_of
from tests.services.conftest import Make

pytestmark = pytest.mark.django_db(transaction=True)

RICH = {
    "description": "Answers customers.",
    "tools": [
        {"type": "code_interpreter"},
        {
            "type": "function",
            "function": {"name": "get_order", "parameters": {"type": "object", "a": [1.5]}},
        },
        {"type": "function", "function": {"name": "check_stock"}},
    ],
    "tool_resources": {"file_search": {"vector_store_ids": ["vs_1"]}},
    "metadata": {"owner": "Ada", "team": "shops"},
    "temperature": 1.2,
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "n", "schema": {"type": "object"}, "z": 1},
    },
}
CHANGES = {
    "description": {"description": "Answers nobody."},
    "tools": {"function-0-name": "find_order", "function-1-DELETE": "on"},
    "tool_resources": {"vector_store_ids": "vs_2"},
    "metadata": {"metadata-0-value": "Bob"},
    "temperature": {"temperature": ""},
    "response_format": {"response_schema_schema": '{"type": "array"}'},
}


@pytest.fixture
def rich(cast: Cast, published: Make) -> Assistant:
    return published(registry_of(cast.workspace), **RICH)


def listed(response: Any) -> list[str]:
    """The fields that the foot lists as changed."""
    return re.findall(r'value="undo:([^"]+)"', text_of(response))


def redo_of(response: Any, field: str) -> str:
    found = re.search(rf'value="(redo:{field}:[0-9a-f]+)"', text_of(response))
    assert found
    return found[1]


def test_changed_fields_are_listed_and_marked(cast: Cast, rich: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, rich)
    assert listed(client.get(address(rich))) == []
    for change in CHANGES.values():
        fields |= change

    answer = keep(client, address(rich), as_browser(fields))

    assert listed(answer) == [
        "description", "tools", "tool_resources", "metadata", "temperature", "response_format",
    ]  # fmt: skip
    assert "6 fields changed" in text_of(answer)
    assert "find_order" in text_of(answer)
    page = client.get(address(rich))
    assert listed(page) == listed(answer)
    marked = re.findall(r'for="id_([^"]*)">[^<]*<span class="changed-mark">', text_of(page))
    assert marked == ["description", "temperature", "response_format"]
    assert re.search(r'id="tools-title">Tools<span class="changed-mark">', text_of(page))
    assert re.search(r'data-part="answers">Answers<span class="changed-mark">', text_of(page))
    assert not re.search(r'data-part="instructions">Instructions<span', text_of(page))


@pytest.mark.parametrize("field", CHANGES)
def test_a_field_is_put_back_and_had_again(cast: Cast, rich: Assistant, field: str) -> None:
    client = cast.client("editor")
    typed = as_browser(open_form(client, rich) | CHANGES[field] | {"name": "Typed too"})
    keep(client, address(rich), typed)
    changed = draft(cast, rich)
    assert changed
    live = live_definition(rich)

    shown = send(client, rich, typed, action=f"undo:{field}")

    assert shown.status_code == 200
    assert "put-back" in json.loads(shown["HX-Trigger-After-Settle"])
    assert listed(shown) == ["name"]
    kept = draft(cast, rich)
    assert kept
    assert kept.definition == changed.definition  # until the page saves
    form = as_browser(fields_of(shown, address(rich)))
    assert "undone" in form
    keep(client, address(rich), form)
    after = draft(cast, rich)
    assert after
    assert after.definition == live.replace(name="Typed too")

    again = send(client, rich, form, action=redo_of(shown, field))

    assert set(listed(again)) == {"name", field}
    keep(client, address(rich), as_browser(fields_of(again, address(rich))))
    last = draft(cast, rich)
    assert last
    assert last.definition == changed.definition


def test_undoing_the_only_change_leaves_no_draft(cast: Cast, rich: Assistant) -> None:
    client = cast.client("editor")
    typed = open_form(client, rich) | {"temperature": "0.3"}
    shown = send(client, rich, typed, action="undo:temperature")
    fields = as_browser(fields_of(shown, address(rich)))
    assert fields["temperature"] == "1.2"

    send(client, rich, fields, action="draft")

    assert draft(cast, rich) is None


def test_what_no_draft_can_hold_is_kept_as_typed(cast: Cast, rich: Assistant) -> None:
    client = cast.client("editor")
    typed = open_form(client, rich) | {"function-0-parameters": '{"half": ', "name": "Typed too"}

    shown = send(client, rich, typed, action="undo:tools")
    keep(client, address(rich), as_browser(fields_of(shown, address(rich))))

    page = text_of(client.get(address(rich)))
    copy = re.search(r'href="[^"]*(\?typed=\d+)"', page)
    assert copy
    assert "{&quot;half&quot;: " in text_of(client.get(address(rich) + copy[1]))


@pytest.mark.parametrize(
    "action", ["undo:nothing", "undo:", "redo:temperature:", "redo:x:0", "redo:"]
)
def test_an_unknown_field_changes_nothing(cast: Cast, rich: Assistant, action: str) -> None:
    client = cast.client("editor")
    typed = open_form(client, rich) | {"temperature": "0.3"}

    shown = send(client, rich, typed, action=action)

    assert shown.status_code == 200
    assert fields_of(shown, address(rich))["temperature"] == "0.3"
    assert listed(shown) == ["temperature"]


def test_a_new_assistant_lists_no_changes(cast: Cast) -> None:
    page = text_of(cast.client("editor").get("/w/main/assistants/new/"))
    assert "Not published yet" in page
    assert "undo:" not in page


def test_basics_are_folded_until_one_of_them_is_wrong(cast: Cast, rich: Assistant) -> None:
    client = cast.client("editor")
    folded = r'<details class="card basics" id="basics-card">'
    assert re.search(folded, text_of(client.get(address(rich))))

    wrong = send(client, rich, open_form(client, rich), model="", action="review")

    assert wrong.status_code == 422
    assert not re.search(folded, text_of(wrong))
    assert '<details class="card basics" id="basics-card" open>' in text_of(wrong)
    new = text_of(client.get("/w/main/assistants/new/"))
    assert '<details class="card basics" id="basics-card" open>' in new

"""Adding functions from a text, a template or another assistant, in the editor."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assistants.importing import READY_MADE, ready_made
from assistants.models import Assistant, Connection
from tests.conftest import Cast
from tests.pages.conftest import Make
from tests.pages.editing import address, draft, keep, open_form, send
from tests.pages.reading import fields_of
from tests.pages.schema_form import text_of

pytestmark = pytest.mark.django_db(transaction=True)

TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_order",
        "description": "Finds an order.\nBy its number.",
        "parameters": {"type": "object", "properties": {"id": {"type": "string"}}},
        "strict": True,
        "returns": {"type": "string"},
    },
}
OTHER = {"type": "function", "function": {"name": "cancel", "description": "Cancels it."}}
NOT_JSON = '{"name": "get_order",}'


def tools(cast: Cast, assistant: Assistant, who: str = "editor") -> list[Any]:
    found = draft(cast, assistant, who)
    assert found
    return list(found.definition.value("tools"))


@pytest.mark.parametrize("who", ["editor", "publisher", "admin"])
def test_a_pasted_tool_becomes_a_row_and_is_saved_as_it_is(
    cast: Cast, live: Assistant, who: str
) -> None:
    client = cast.client(who)
    form = open_form(client, live)
    answer = send(client, live, form, action="read-functions", **{"from-text": json.dumps(TOOL)})
    assert answer.status_code == 200
    assert "taken-apart" in answer["HX-Trigger-After-Settle"]
    page = text_of(answer)
    assert "1 function added." in page
    row = fields_of(answer, address(live))
    assert row["function-0-name"] == "get_order"
    assert row["from-text"] == ""
    assert draft(cast, live, who) is None, "a button without saving saves nothing"
    assert send(client, live, row, action="draft").status_code == 303
    assert tools(cast, live, who) == [{"type": "code_interpreter"}, TOOL]


def test_a_viewer_adds_nothing(cast: Cast, live: Assistant) -> None:
    form = open_form(cast.client("editor"), live)
    data = {**form, "action": "read-functions", "from-text": json.dumps(TOOL)}
    assert cast.client("viewer").post(address(live), data).status_code == 403
    assert cast.client("stranger").post(address(live), data).status_code == 404


def test_of_several_functions_people_choose(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    text = json.dumps({"tools": [TOOL, {"type": "file_search"}, OTHER]})
    answer = send(
        client, live, open_form(client, live), action="read-functions", **{"from-text": text}
    )
    page = text_of(answer)
    assert "2 functions found. Tick what to add." in page
    assert "The tool “file_search” is no function and was left out." in page
    form = fields_of(answer, address(live))
    assert (form["from-pick-0"], form["from-pick-1"]) == ("get_order", "cancel")
    del form["from-pick-0"]
    row = fields_of(send(client, live, form, action="add-functions"), address(live))
    assert row["function-TOTAL_FORMS"] == "1"
    assert row["function-0-name"] == "cancel"
    assert row["from-text"] == ""


def test_without_a_tick_nothing_is_added(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    text = json.dumps([TOOL, OTHER])
    form = {**open_form(client, live), "from-text": text, "from-source": "text"}
    answer = send(client, live, form, action="add-functions")
    assert "Tick at least one function." in text_of(answer)
    again = fields_of(answer, address(live))
    assert again["from-text"] == text
    assert again["function-TOTAL_FORMS"] == "0"


def test_what_cannot_be_read_stays_with_its_reason(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    form = {**open_form(client, live), "from-text": NOT_JSON}
    answer = send(client, live, form, action="read-functions")
    assert "Line 1, column 21: there is one comma too many." in text_of(answer)
    form = fields_of(answer, address(live))
    assert form["from-text"] == NOT_JSON
    answer = send(client, live, form, action="add-function")
    assert fields_of(answer, address(live))["from-text"] == NOT_JSON


def test_a_pasted_text_is_kept_as_typed_until_it_is_read(cast: Cast, live: Assistant) -> None:
    client, path = cast.client("editor"), address(live)
    form = {**open_form(client, live), "from-text": "def f(", "name": "Renamed"}
    saved = keep(client, path, form)
    assert "Kept as typed: a pasted text is not read yet." in text_of(saved)
    reopened = client.get(path)
    fields = fields_of(reopened, path)
    assert (fields["from-text"], fields["name"]) == ("def f(", "Renamed")
    assert '<details class="add-from" id="add-from" open' in text_of(reopened)
    assert "This also discards a pasted text" in text_of(client.get(address(live, "discard")))

    fields["name"] = ""  # a validation error
    fields["temperature"] = "hot"
    refused = send(client, live, fields, action="review")
    assert refused.status_code == 422
    assert fields_of(refused, path)["from-text"] == "def f("

    keep(client, path, {**fields, "temperature": "1", "from-text": ""})
    assert fields_of(client.get(path), path)["from-text"] == ""


def test_each_template_is_added_at_once(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    for entry in READY_MADE:
        form = {**open_form(client, live), "from-template": entry.key}
        row = fields_of(send(client, live, form, action="use-template"), address(live))
        found = ready_made(entry.key)
        assert found
        assert row["function-0-name"] == found.functions[0].name
        assert json.loads(row["function-0-parameters"]) == found.functions[0].parameters
    page = text_of(send(client, live, open_form(client, live), action="use-template"))
    assert "Choose a template first." in page


def test_functions_come_from_another_assistant(
    cast: Cast, live: Assistant, published: Make, connection_to: Connection
) -> None:
    other = published(connection_to, name="Orders", tools=[TOOL, OTHER], instructions="x" * 9000)
    published(connection_to, name="No functions")
    client = cast.client("editor")
    assert "Orders" not in text_of(client.get(address(live)))
    answer = send(client, live, open_form(client, live), action="find-assistants")
    page = text_of(answer)
    assert ">Orders</option>" in page
    assert ">No functions</option>" not in page
    assert f'<option value="{other.pk}">Orders</option>' in page
    form = {**fields_of(answer, address(live)), "from-assistant": str(other.pk)}
    with CaptureQueriesContext(connection) as queries:
        answer = send(client, live, form, action="find-functions")
    texts = [query["sql"] for query in queries if "assistants_text" in query["sql"]]
    assert len(texts) <= 1, "no text but those of the open assistant are read"
    form = fields_of(answer, address(live))
    assert (form["from-pick-0"], form["from-pick-1"]) == ("get_order", "cancel")
    row = fields_of(send(client, live, form, action="add-functions"), address(live))
    assert [row["function-0-name"], row["function-1-name"]] == ["get_order", "cancel"]
    send(client, live, row, action="draft")
    assert tools(cast, live)[1:] == [TOOL, OTHER]


def test_assistants_are_found_by_their_name(
    cast: Cast, live: Assistant, published: Make, connection_to: Connection
) -> None:
    published(connection_to, name="Orders", tools=[OTHER])
    client = cast.client("editor")
    form = {**open_form(client, live), "from-search": "ORD"}
    assert ">Orders</option>" in text_of(send(client, live, form, action="find-assistants"))
    form["from-search"] = "none"
    page = text_of(send(client, live, form, action="find-assistants"))
    assert "No assistant with functions was found." in page


def test_an_assistant_of_another_workspace_is_not_found(
    cast: Cast, live: Assistant, published: Make, connection_to: Connection
) -> None:
    client = cast.client("editor")
    form = {**open_form(client, live), "from-assistant": "99999"}
    assert send(client, live, form, action="find-functions").status_code == 404
    form["from-assistant"] = "x"
    page = text_of(send(client, live, form, action="find-functions"))
    assert "No assistant with functions was found." in page


def test_a_list_that_has_changed_is_shown_again(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    form = {
        **open_form(client, live),
        "from-text": json.dumps([TOOL, OTHER]),
        "from-source": "text",
    }
    answer = send(client, live, {**form, "from-pick-0": "cancel"}, action="add-functions")
    assert "The functions have changed since. Choose again." in text_of(answer)
    assert fields_of(answer, address(live))["function-TOTAL_FORMS"] == "0"


def test_no_more_are_added_than_an_assistant_can_have(
    cast: Cast, published: Make, connection_to: Connection
) -> None:
    many = [{"type": "function", "function": {"name": f"f{number}"}} for number in range(127)]
    assistant = published(connection_to, tools=many)
    client = cast.client("editor")
    text = json.dumps([TOOL, OTHER])
    form = {**open_form(client, assistant), "from-text": text, "from-source": "text"}
    picks = {"from-pick-0": "get_order", "from-pick-1": "cancel"}
    answer = send(client, assistant, form | picks, action="add-functions")
    page = text_of(answer)
    assert "1 function added." in page
    assert "1 function did not fit. An assistant can have 128 tools: remove some first." in page
    form = fields_of(answer, address(assistant))
    assert form["function-TOTAL_FORMS"] == "128"
    assert form["from-text"] == text
    answer = send(client, assistant, form | picks | {"from-source": "text"}, action="add-functions")
    assert "2 functions did not fit." in text_of(answer)
    assert fields_of(answer, address(assistant))["function-TOTAL_FORMS"] == "128"


def test_a_row_that_is_empty_is_filled_first(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    form = fields_of(
        send(client, live, open_form(client, live), action="add-function"), address(live)
    )
    assert form["function-TOTAL_FORMS"] == "1"
    row = fields_of(
        send(client, live, form, action="read-functions", **{"from-text": json.dumps(TOOL)}),
        address(live),
    )
    assert (row["function-TOTAL_FORMS"], row["function-0-name"]) == ("1", "get_order")


def test_a_new_assistant_takes_functions_too(cast: Cast, live: Assistant) -> None:
    client, path = cast.client("editor"), "/w/main/assistants/new/"
    form = fields_of(client.get(path), path)
    answer = client.post(path, {**form, "action": "read-functions", "from-text": "f(a: int)"})
    row = fields_of(answer, path)
    assert row["function-0-name"] == "f"
    assert json.loads(row["function-0-parameters"])["required"] == ["a"]


def test_foreign_text_is_shown_and_never_run(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    evil = "<script>alert(1)</script>"
    text = json.dumps(
        [{**TOOL, "function": {**TOOL["function"], "name": evil, "description": evil}}, OTHER]
    )
    answer = send(
        client, live, open_form(client, live), action="read-functions", **{"from-text": text}
    )
    assert evil not in answer.content.decode()
    assert "script_alert_1_script" in text_of(answer)

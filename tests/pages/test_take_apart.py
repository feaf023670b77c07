"""A whole function, pasted among its parameters, is put into its fields by a button."""

import json
from typing import Any

import pytest

from assistants.models import Assistant, Connection, Draft
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.pages.schema_form import (
    GOOD,
    address,
    beside,
    errors_of,
    opened,
    post,
    text_of,
    with_function,
)

pytestmark = pytest.mark.django_db(transaction=True)

WHOLE: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_order",
        "description": "Finds an order.\nBy its number.",
        "parameters": GOOD,
        "strict": True,
        "returns": {"type": "string"},
    },
}
OFFER = "This is a whole function, not just its parameters."


def test_a_whole_function_is_recognised_and_taken_apart_by_a_button(
    cast: Cast, live: Assistant
) -> None:
    form = with_function(cast, live, WHOLE, **{"function-0-name": ""})
    typing = text_of(post(cast, live, form, "keep"))
    assert beside(typing) == OFFER
    assert 'name="action" value="take-apart:function-0-parameters"' in typing
    page = text_of(post(cast, live, form, "review"))
    assert errors_of(page) == ["Enter only the parameters here, not the whole function."]
    assert 'value="take-apart:function-0-parameters"' in page

    answer = post(cast, live, form, "take-apart:function-0-parameters")
    page = text_of(answer)
    assert answer.status_code == 200
    assert "taken-apart" in answer["HX-Trigger-After-Settle"]
    assert OFFER not in page
    apart = fields_of(answer, address(live))
    assert apart["function-0-name"] == "get_order"
    assert apart["function-0-description"] == "Finds an order.\nBy its number."
    assert apart["function-0-strict"] == "on"
    assert json.loads(apart["function-0-parameters"]) == GOOD
    assert json.loads(apart["function-0-rest"]) == {"function": {"returns": {"type": "string"}}}
    assert "Also kept" in page

    for _twice in range(2):
        assert post(cast, live, apart, "draft").status_code == 303
        draft = Draft.objects.get(assistant=live)
        assert draft.definition.value("tools")[-1] == WHOLE
    assert "function-0-rest" not in opened(cast, live), "it is part of the draft now"
    assert post(cast, live, opened(cast, live), "draft").status_code == 303
    assert Draft.objects.get(assistant=live).definition.value("tools")[-1] == WHOLE


def test_what_taking_apart_replaces_is_said(cast: Cast, live: Assistant) -> None:
    whole = {**WHOLE["function"], "strict": False}
    typed = {"function-0-name": "lookup", "function-0-description": "Old & <b>good</b>"}
    form = with_function(cast, live, whole, **typed, **{"function-0-strict": "on"})
    answer = post(cast, live, form, "take-apart:function-0-parameters")
    said = text_of(answer).split('role="status"')
    for text in (
        "This replaced the name “lookup”.",
        "This replaced the description “Old & <b>good</b>”.",
        "“Strict” was on and is now off.",
    ):
        assert any(text in part for part in said)
    assert "<b>good</b>" not in answer.content.decode()
    assert "function-0-strict" not in fields_of(answer, address(live))


def test_what_has_no_field_may_stand_around_the_function_too(cast: Cast, live: Assistant) -> None:
    whole = {**WHOLE, "cache": {"ttl": 5}}
    form = with_function(cast, live, whole)
    apart = fields_of(post(cast, live, form, "take-apart:function-0-parameters"), address(live))
    assert post(cast, live, apart, "draft").status_code == 303
    assert Draft.objects.get(assistant=live).definition.value("tools")[-1] == whole


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        *((typed, "function-0-parameters") for typed in ("{", "[]", "", json.dumps(GOOD))),
        *((json.dumps(WHOLE), field) for field in ("function-7-parameters", "name", "x", "")),
    ],
)
def test_where_there_is_nothing_to_take_apart_all_stays(
    cast: Cast, live: Assistant, typed: str, field: str
) -> None:
    empty = {"function-0-description": "", "function-0-position": "", "noticed": ""}
    form = with_function(cast, live, typed, **empty)
    answer = post(cast, live, form, f"take-apart:{field}")
    assert answer.status_code == 200
    assert "HX-Trigger-After-Settle" not in answer
    again = fields_of(answer, address(live))
    assert again.pop("function-0-parameters-view") == "json"
    assert {**again, "noticed": ""} == form


def test_a_whole_format_of_answers_is_taken_apart_too(cast: Cast, live: Assistant) -> None:
    named = {"name": "answer", "description": "d", "strict": True, "schema": GOOD, "x": 1}
    value = {"type": "json_schema", "json_schema": named}
    pasted = json.dumps(value)
    form = opened(cast, live, response_format="json_schema", response_schema_schema=pasted)
    typing = text_of(post(cast, live, form, "keep"))
    assert beside(typing, "response_schema_schema") == (
        "This is a whole format, not just its schema."
    )
    answer = post(cast, live, form, "take-apart:response_schema_schema")
    apart = fields_of(answer, address(live))
    assert post(cast, live, apart, "draft").status_code == 303
    assert Draft.objects.get(assistant=live).definition.value("response_format") == value


def test_it_works_on_the_page_of_a_new_assistant(cast: Cast, connection_to: Connection) -> None:
    client = cast.client("editor")
    path = "/w/main/assistants/new/"
    form = fields_of(client.get(path), path)
    form |= {"function-TOTAL_FORMS": "1", "function-0-name": ""}
    form["function-0-parameters"] = json.dumps(WHOLE)
    answer = client.post(path, {**form, "action": "take-apart:function-0-parameters"})
    apart = fields_of(answer, path)
    assert apart["function-0-name"] == "get_order"
    assert not Assistant.objects.exists()
    assert client.post(path, {**apart, "model": "m", "action": "draft"}).status_code == 303
    assert Draft.objects.get().definition.value("tools") == [WHOLE]

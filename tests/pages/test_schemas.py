"""Schemas in the editor, in review and in publishing: what is refused, advised, taken apart."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse

from assistants.definition import Definition
from assistants.models import Assistant, Connection, Draft, Revision
from assistants.services import publish as publishing
from assistants.services.delete import delete
from assistants.services.drafts import draft_of, new_assistant, save_draft
from assistants.services.errors import Invalid
from assistants.services.outside import live_definition
from assistants.services.recreate import recreate
from assistants.services.restore import restore
from assistants.services.settle import check
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)

GOOD = {"type": "object", "properties": {"id": {"type": "string"}}}
NO_SCHEMA = {"type": "object", "properties": []}
TYPO = {
    "type": "object",
    "properties": {"order": {"type": "object", "properties": {"items": {"type": "array"}}}},
    "required": ["number"],
}
WHOLE = {
    "type": "function",
    "function": {
        "name": "get_order",
        "description": "Finds an order.\nBy its number.",
        "parameters": GOOD,
        "strict": True,
        "returns": {"type": "string"},
    },
}
OFFER = "This is a whole function, not its parameters alone."


def function(name: str, parameters: Any, **more: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": parameters, **more}}


def address(assistant: Assistant, page: str = "edit") -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}/"


def text_of(response: HttpResponse) -> str:
    """The page as it is read: without the marks that keep people's text in its direction."""
    return re.sub("[\u2066-\u2069]", "", unescape(response.content.decode()))


def opened(cast: Cast, assistant: Assistant, **fields: str) -> dict[str, str]:
    """The fields of the editor that Pia has open, some of them typed into."""
    client = cast.client("publisher")
    form = fields_of(client.get(address(assistant)), address(assistant))
    return {**form, **fields}


def with_function(cast: Cast, assistant: Assistant, parameters: Any, **more: str) -> dict[str, str]:
    text = parameters if isinstance(parameters, str) else json.dumps(parameters)
    form = {"function-TOTAL_FORMS": "1", "function-0-name": "f", "function-0-parameters": text}
    return opened(cast, assistant, **(form | more))


def post(cast: Cast, assistant: Assistant, form: dict[str, str], action: str) -> HttpResponse:
    return cast.client("publisher").post(address(assistant), {**form, "action": action})


def beside(page: str, name: str = "function-0-parameters") -> str:
    """What the page says beside a field, in a line for each thing."""
    region = page.split(f'id="notice_{name}"')[1].split("</div>", maxsplit=1)[0]
    return "\n".join(re.findall(r"<span>(.*?)</span>", region, re.DOTALL))


def errors_of(page: str, name: str = "function-0-parameters") -> list[str]:
    if f'id="error_{name}"' not in page:
        return []
    region = page.split(f'id="error_{name}"')[1].split("</div>", maxsplit=1)[0]
    return re.findall(r"<span>(.*?)</span>", region, re.DOTALL)


# What is no JSON Schema


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (
            {"type": "object", "properties": []},
            "properties: This has to be an object in curly brackets, with a schema for each name.",
        ),
        (
            {"type": "object", "properties": {}, "required": "order"},
            'required: This has to be a list of names in square brackets, such as ["order_id"].',
        ),
        (
            {"type": "object", "properties": {"order": "string"}},
            'properties.order: This has to be a schema in curly brackets, such as {"type":'
            ' "string"}.',
        ),
    ],
)
def test_parameters_that_are_no_schema_are_errors_at_their_field(
    cast: Cast, live: Assistant, schema: Any, told: str
) -> None:
    answer = post(cast, live, with_function(cast, live, schema), "review")
    page = text_of(answer)
    assert answer.status_code == 422
    assert errors_of(page) == [told]
    assert "#id_function-0-parameters" in page, "the summary leads to it"
    draft = draft_of(user=cast.publisher.user, assistant=live)
    assert draft is not None
    assert draft.definition.value("tools")[-1]["function"]["parameters"] == schema
    answer = cast.client("publisher").post(address(live, "review"), {"note": ""})
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert Revision.objects.filter(assistant=live).count() == 1


def test_the_schema_of_answers_is_held_to_the_same(cast: Cast, live: Assistant) -> None:
    form = opened(
        cast,
        live,
        response_format="json_schema",
        response_schema_name="answer",
        response_schema_schema=json.dumps({"type": "object", "properties": {"a": "text"}}),
    )
    answer = post(cast, live, form, "review")
    assert answer.status_code == 422
    assert [line[:14] for line in errors_of(text_of(answer), "response_schema_schema")] == [
        "properties.a: "
    ]


# What is advised


def test_advice_stands_at_its_field_with_its_place_when_saved_and_while_typing(
    cast: Cast, live: Assistant
) -> None:
    told = (
        "required: “number” is required, but it is not among the properties.\n"
        "properties.order.properties.items: A list needs “items”, which says what is in it."
        " Providers refuse one without."
    )
    form = with_function(cast, live, TYPO)
    typing = text_of(post(cast, live, form, "keep"))
    assert beside(typing) == told
    assert "to correct" not in typing
    assert post(cast, live, form, "draft").status_code == 303
    assert beside(text_of(cast.client("publisher").get(address(live)))) == told
    form = with_function(cast, live, GOOD, noticed="function-0-parameters")
    assert beside(text_of(post(cast, live, form, "keep"))) == ""


def test_strict_is_advised_to_be_closed_and_complete(cast: Cast, live: Assistant) -> None:
    form = with_function(cast, live, GOOD, **{"function-0-strict": "on"})
    assert beside(text_of(post(cast, live, form, "keep"))) == (
        'Strict needs "additionalProperties": false in every object.\n'
        "required: Strict needs every property in “required”. Missing: id."
    )


def test_review_shows_advice_at_the_field_that_brings_it(cast: Cast, live: Assistant) -> None:
    tools = [{"type": "code_interpreter"}, function("get_order", TYPO)]
    wanted = live_definition(live).replace(tools=tools)
    save_draft(author=cast.publisher, assistant=live, definition=wanted, base=live.live)
    client = cast.client("publisher")
    page = text_of(client.get(address(live, "review")))
    card = page.split('id="change-tools"')[1].split("</section>")[0]
    assert "get_order › required: “number” is required" in card
    assert "get_order › properties.order.properties.items: A list needs" in card
    assert client.post(address(live, "review"), {"note": ""}).status_code == 303

    published = Assistant.objects.select_related("live").get(pk=live.pk)
    wanted = wanted.replace(temperature=1.5, tools=[*tools, function("other", GOOD)])
    save_draft(author=cast.publisher, assistant=live, definition=wanted, base=published.live)
    page = text_of(client.get(address(live, "review")))
    assert 'id="change-tools"' in page
    assert "A list needs" not in page, "it was so before"


# What is stored already


@pytest.fixture
def inherited(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> Assistant:
    """An assistant that holds what is no schema, as its gateway does."""
    assistant = published(connection_to)
    bad = [function("a", NO_SCHEMA), function("b", {"type": "string"}), function("c", GOOD)]
    remote.assistants[str(assistant.remote_id)]["tools"] = bad
    check(assistant=assistant)
    return Assistant.objects.select_related("connection", "live").get(pk=assistant.pk)


def test_what_is_stored_already_stays_publishable_as_long_as_nobody_touches_it(
    cast: Cast, inherited: Assistant
) -> None:
    client = cast.client("publisher")
    page = text_of(client.get(address(inherited)))
    assert beside(page).startswith("properties: This has to be an object")
    assert beside(page, "function-1-parameters").startswith("Providers want an object at the top")
    form = opened(cast, inherited, **{"function-2-description": "New", "function-0-name": "z"})
    answer = post(cast, inherited, form, "review")
    assert answer.status_code == 303, errors_of(text_of(answer))
    assert client.post(address(inherited, "review"), {"note": ""}).status_code == 303
    held = live_definition(Assistant.objects.select_related("live").get(pk=inherited.pk))
    assert [tool["function"]["name"] for tool in held.value("tools")] == ["z", "b", "c"]
    assert held.value("tools")[0]["function"]["parameters"] == NO_SCHEMA

    form = opened(cast, inherited)
    changed = {**NO_SCHEMA, "required": []}
    form["function-0-parameters"] = json.dumps(changed)
    answer = post(cast, inherited, form, "review")
    assert answer.status_code == 422
    assert len(errors_of(text_of(answer))) == 1


def test_what_was_live_once_can_be_restored_and_recreated(cast: Cast, inherited: Assistant) -> None:
    bad = inherited.live
    wanted = live_definition(inherited).replace(tools=[])
    how: dict[str, Any] = {"author": cast.publisher, "assistant": inherited}
    publishing.publish(**how, wanted=wanted, base=bad)
    fresh = Assistant.objects.select_related("connection", "live").get(pk=inherited.pk)
    with pytest.raises(Invalid):
        publishing.publish(
            author=cast.publisher,
            assistant=fresh,
            wanted=wanted.replace(tools=[function("a", NO_SCHEMA)]),
            base=fresh.live,
        )
    assert bad is not None
    restore(author=cast.publisher, assistant=fresh, revision=bad)
    answer = cast.client("publisher").post(address(fresh, "review"), {"note": ""})
    assert answer.status_code == 303
    fresh = Assistant.objects.select_related("connection", "live").get(pk=inherited.pk)
    assert live_definition(fresh).value("tools")[0] == function("a", NO_SCHEMA)
    delete(author=cast.admin, assistant=fresh)
    fresh = Assistant.objects.select_related("connection", "live").get(pk=inherited.pk)
    assert recreate(author=cast.admin, assistant=fresh).status == "applied"


def test_a_new_assistant_is_checked_whole(cast: Cast, connection_to: Connection) -> None:
    wanted = Definition.parse({"model": "m", "tools": [function("a", NO_SCHEMA)]})
    assistant = new_assistant(author=cast.publisher, connection=connection_to, definition=wanted)
    with pytest.raises(Invalid):
        publishing.publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=None)


# A whole function among the parameters


def test_a_whole_function_is_recognised_and_taken_apart_by_a_button(
    cast: Cast, live: Assistant
) -> None:
    form = with_function(cast, live, WHOLE, **{"function-0-name": ""})
    typing = text_of(post(cast, live, form, "keep"))
    assert beside(typing) == OFFER
    assert 'name="action" value="take-apart:function-0-parameters"' in typing
    page = text_of(post(cast, live, form, "review"))
    assert errors_of(page) == ["Only the parameters belong here, not the function around them."]
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
    assert "Kept with it" in page

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
        "“Strict” was on, and is off now.",
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
    assert {**again, "noticed": ""} == form


def test_a_whole_format_of_answers_is_taken_apart_too(cast: Cast, live: Assistant) -> None:
    named = {"name": "answer", "description": "d", "strict": True, "schema": GOOD, "x": 1}
    value = {"type": "json_schema", "json_schema": named}
    pasted = json.dumps(value)
    form = opened(cast, live, response_format="json_schema", response_schema_schema=pasted)
    typing = text_of(post(cast, live, form, "keep"))
    assert beside(typing, "response_schema_schema") == (
        "This is a whole format, not its schema alone."
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

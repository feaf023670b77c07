"""Schemas in the editor, in review and in publishing: what is refused, what is advised."""

import json
import re
from typing import Any

import pytest

from assistants.definition import Definition
from assistants.models import Assistant, Connection, Revision
from assistants.services.editing.drafts import draft_of, new_assistant, save_draft
from assistants.services.editing.restore import restore_as_draft
from assistants.services.errors import Invalid
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing import publish as publishing
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.remote.settle import check_remote
from tests.conftest import Cast
from tests.pages.schema_form import (
    GOOD,
    address,
    beside,
    errors_of,
    opened,
    opened_page,
    post,
    text_of,
    with_function,
)
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)

NO_SCHEMA = {"type": "object", "properties": []}
TYPO = {
    "type": "object",
    "properties": {"order": {"type": "object", "properties": {"items": {"type": "array"}}}},
    "required": ["number"],
}


def function(name: str, parameters: Any, **more: Any) -> dict[str, Any]:
    return {"type": "function", "function": {"name": name, "parameters": parameters, **more}}


# What is no JSON Schema


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        (
            {"type": "object", "properties": []},
            "properties: This must be an object in curly brackets, with a schema for each name.",
        ),
        (
            {"type": "object", "properties": {}, "required": "order"},
            'required: This must be a list of names in square brackets, such as ["order_id"].',
        ),
        (
            {"type": "object", "properties": {"order": "string"}},
            'properties.order: This must be a schema in curly brackets, such as {"type":'
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
        "properties.order.properties.items: A list needs “items”, which describes its"
        " entries. Providers refuse a list without it."
    )
    form = with_function(cast, live, TYPO)
    typing = text_of(post(cast, live, form, "keep"))
    assert beside(typing) == told
    assert "to fix" not in typing
    assert post(cast, live, form, "draft").status_code == 303
    closed = text_of(cast.client("publisher").get(address(live)))
    assert "There is advice about its parameters" in closed
    page = text_of(opened_page(cast, live))
    assert beside(page) == "“number” is required, but it is not among the properties."
    (region,) = re.findall(r'id="(notice_function-0-parameters-\d+)">.{0,300}A list needs', page)
    assert region != "notice_function-0-parameters-0"
    for better in ('{"type": ', GOOD):
        form = with_function(cast, live, better, noticed="function-0-parameters")
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
    check_remote(assistant=assistant)
    return Assistant.objects.select_related("connection", "live").get(pk=assistant.pk)


def test_what_is_stored_already_stays_publishable_as_long_as_nobody_touches_it(
    cast: Cast, inherited: Assistant
) -> None:
    client = cast.client("publisher")
    assert beside(text_of(opened_page(cast, inherited))).startswith(
        "properties: This must be an object"
    )
    page = text_of(opened_page(cast, inherited, 1))
    assert beside(page, "function-1-parameters").startswith(
        "Providers require an object at the top"
    )
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
    restore_as_draft(author=cast.publisher, assistant=fresh, revision=bad)
    answer = cast.client("publisher").post(address(fresh, "review"), {"note": ""})
    assert answer.status_code == 303
    fresh = Assistant.objects.select_related("connection", "live").get(pk=inherited.pk)
    assert live_definition(fresh).value("tools")[0] == function("a", NO_SCHEMA)
    delete_assistant(author=cast.admin, assistant=fresh)
    fresh = Assistant.objects.select_related("connection", "live").get(pk=inherited.pk)
    assert recreate_assistant(author=cast.admin, assistant=fresh).status == "applied"


def test_a_new_assistant_is_checked_whole(cast: Cast, connection_to: Connection) -> None:
    wanted = Definition.parse({"model": "m", "tools": [function("a", NO_SCHEMA)]})
    assistant = new_assistant(author=cast.publisher, connection=connection_to, definition=wanted)
    with pytest.raises(Invalid):
        publishing.publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=None)


def test_a_save_says_nothing_beside_what_is_closed(cast: Cast, live: Assistant) -> None:
    """The page has no place for it: htmx would report each answer as an error."""
    wanted = live_definition(live).replace(tools=[function("find", TYPO)])
    save_draft(author=cast.publisher, assistant=live, definition=wanted, base=live.live)
    form = opened(cast, live, name="Another name")
    assert "function-0-parameters" not in form
    answer = text_of(cast.client("publisher").post(f"{address(live)}autosave/", form))
    assert "notice_name" not in answer
    assert "notice_function-0" not in answer

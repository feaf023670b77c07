"""The editor: it shows a form, saves a draft, and says who may edit and what changed around it."""

import re
from typing import Any

import pytest

from assistants.models import Assistant, Connection
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.pages.editing import address, draft, open_form, send, text_of
from tests.pages.reading import as_browser, fields_of
from tests.services.conftest import Make
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)

ODD = {
    "name": "Odd one",
    "description": "Two\nlines ",
    "model": "gpt-4o",
    "instructions": "\nStarts with an empty line.\n\n<b>&amp; ends with spaces  ",
    "tools": [
        {
            "type": "function",
            "function": {"name": "a", "x": 1, "parameters": {"type": "object", "a": [1.5]}},
        },
        {"type": "code_interpreter"},
        {"type": "file_search", "file_search": {"ranking_options": {"score_threshold": 0, "y": 2}}},
        {"type": "code_interpreter"},
        {"type": "mystery", "mystery": {"deep": ["</textarea>"]}},
    ],
    "tool_resources": {"file_search": {"vector_store_ids": ["vs_1"]}},
    "metadata": {"b": "two words ", "a": "", "c": "<script>"},
    "top_p": 0.25,
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "n", "schema": {"type": "object"}, "z": 1},
    },
    "reasoning_effort": "high",
    "something_new": {"kept": True},
}


# Showing and saving


def test_an_untouched_form_saves_and_sends_nothing(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to, **ODD)
    client = cast.client("editor")
    remote.requests.clear()
    fields = open_form(client, assistant)

    response = send(client, assistant, as_browser(fields), action="review")

    assert (response.status_code, response["Location"]) == (303, address(assistant))
    assert draft(cast, assistant) is None
    assert "Nothing was changed" in text_of(client.get(address(assistant)))
    assert remote.requests == []


def test_one_change_keeps_everything_else(cast: Cast, published: Make) -> None:
    assistant = published(registry_of(cast.workspace), **{**ODD, "reasoning_effort": None})
    client = cast.client("editor")

    response = send(
        client, assistant, as_browser(open_form(client, assistant)), name="New", action="review"
    )

    assert (response.status_code, response["Location"]) == (303, address(assistant, "review"))
    saved = draft(cast, assistant)
    assert saved
    assert saved.base == assistant.live
    assert saved.definition == live_definition(assistant).replace(name="New")


def test_a_draft_is_shown_again_and_read_against_itself(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    send(client, live, open_form(client, live), instructions="Mine.\nTwo", action="draft")

    fields = open_form(client, live)
    response = send(client, live, as_browser(fields), name="Newer", action="draft")

    assert (response.status_code, response["Location"]) == (303, address(live))
    saved = draft(cast, live)
    assert saved
    expected = live_definition(live).replace(instructions="Mine.\nTwo", name="Newer")
    assert saved.definition == expected


def test_going_back_to_what_is_live_drops_the_draft(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    send(client, live, fields, name="Other", action="draft")
    again = open_form(client, live)

    send(client, live, again, name=fields["name"], action="draft")

    assert draft(cast, live) is None


def test_a_script_may_send_one_field(cast: Cast, live: Assistant) -> None:
    response = cast.client("editor").post(address(live), {"temperature": "1", "action": "review"})

    assert response.status_code == 303
    saved = draft(cast, live)
    assert saved
    assert saved.definition == live_definition(live).replace(temperature=1)


@pytest.mark.parametrize("group", ["function", "metadata"])
def test_a_row_more_is_shown_and_nothing_saved(cast: Cast, live: Assistant, group: str) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    total = int(fields[f"{group}-TOTAL_FORMS"])

    response = send(client, live, fields, name="Typed", action=f"add-{group}")

    assert response.status_code == 200
    shown = fields_of(response, address(live))
    assert shown[f"{group}-TOTAL_FORMS"] == str(total + 1)
    assert shown["name"] == "Typed"
    assert draft(cast, live) is None


# Roles


@pytest.mark.parametrize(
    ("who", "shown", "saved"),
    [
        ("anonymous", 302, 302),
        ("stranger", 404, 404),
        ("viewer", 302, 403),
        ("editor", 200, 303),
        ("publisher", 200, 303),
        ("admin", 200, 303),
    ],
)
def test_who_may_edit(cast: Cast, live: Assistant, who: str, shown: int, saved: int) -> None:
    client = cast.client(who)
    assert client.get(address(live)).status_code == shown
    assert client.post(address(live), {"name": "New"}).status_code == saved


def test_a_viewer_reads_what_is_live_without_controls(cast: Cast, live: Assistant) -> None:
    response = cast.client("viewer").get(address(live), follow=True)

    assert response.redirect_chain == [(f"/w/main/assistants/{live.pk}/", 302)]
    page = text_of(response)
    assert "Be kind." in page
    assert "<textarea" not in page
    assert "Save draft" not in page


def test_drafts_of_colleagues_are_named_and_open_to_publishers(cast: Cast, live: Assistant) -> None:
    wanted = live_definition(live).replace(name="By Emil")
    save_draft(author=cast.editor, assistant=live, definition=wanted, base=live.live)
    link = f"review/?drafter={cast.editor.user.pk}"

    to_publisher = text_of(cast.client("publisher").get(address(live)))
    assert link in to_publisher
    assert "Emil has a draft of this assistant." in to_publisher
    assert "Your draft" not in to_publisher
    to_editor = text_of(cast.client("editor").get(address(live)))
    assert link not in to_editor
    assert "Your draft" in to_editor

    mine = live_definition(live).replace(name="By Pia")
    save_draft(author=cast.publisher, assistant=live, definition=mine, base=live.live)
    to_publisher = text_of(cast.client("publisher").get(address(live)))
    assert "Emil also has a draft of this assistant." in to_publisher
    assert "Your draft" in to_publisher


# What surrounds the form


def test_the_page_asks_no_gateway_and_the_fragment_does(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    client = cast.client("editor")
    remote.requests.clear()

    page = text_of(client.get(address(assistant)))
    assert remote.requests == []
    assert re.search(f'{address(assistant, "check")}\\?seen=[^"]*&amp;base=1"', page)

    fragment = client.get(address(assistant, "check"), {"base": "1"})
    assert remote.count_of("GET") == 1
    assert "Checked with the gateway just now" in text_of(fragment)
    assert "HX-Trigger" not in fragment


def test_a_change_outside_is_told_behind_the_page(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    remote.assistants[assistant.remote_id]["name"] = "By an application"

    client = cast.client("editor")
    fragment = client.get(address(assistant, "check"), {"base": "1"})
    assert "look" in fragment["HX-Trigger"]  # the page then asks what there is to tell
    news = text_of(client.post(address(assistant, "here"), {"base": "1"}))

    assert "Changed outside this dashboard: v2 is live now." in news


def test_a_gateway_in_trouble_is_told_in_a_sentence(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    for _attempt in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))

    response = cast.client("editor").get(address(assistant, "check"))

    assert response.status_code == 200
    assert "service behind it, failed" in text_of(response)


def test_json_answers_ask_for_json_in_the_instructions(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    client.post(address(live), {"response_format": "json_object", "action": "draft"})
    assert "do not mention JSON" in text_of(client.get(address(live)))

    client.post(address(live), {"instructions": "Answer in json.", "action": "draft"})
    assert "do not mention JSON" not in text_of(client.get(address(live)))


def test_each_field_is_shown_as_its_kind_and_with_what_the_vendor_documents(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    page = text_of(client.get(address(live)))
    assert "does not document" not in page
    assert re.findall(r'data-slides="id_(\w+)"', page) == ["temperature", "top_p"]

    Connection.objects.filter(pk=live.connection_id).update(profile="portkey")

    page = text_of(client.get(address(live)))
    assert page.count("Portkey does not document") == 4


def test_numbers_of_queries_do_not_depend_on_the_content(
    cast: Cast, published: Make, django_assert_max_num_queries: Any
) -> None:
    tools = [{"type": "function", "function": {"name": f"f{n}"}} for n in range(40)]
    assistant = published(registry_of(cast.workspace), tools=tools, instructions="x" * 9_000)
    client = cast.client("editor")
    client.get(address(assistant))

    with django_assert_max_num_queries(14):
        client.get(address(assistant))

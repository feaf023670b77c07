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


# Nothing typed is lost


def test_errors_are_shown_at_their_fields_with_everything_typed(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    typed = {
        "name": "x" * 257,
        "instructions": "kept\r\ntext <b>",
        "function-TOTAL_FORMS": "1",
        "function-0-name": "f",
        "function-0-parameters": '{"a":\r\n 1,}',
        "action": "review",
    }

    response = send(client, live, {**open_form(client, live), **typed})

    assert response.status_code == 422
    page = text_of(response)
    assert 'href="#id_name"' in page
    assert "At most 256 characters are possible; this has 257." in page
    assert "Line 2, column 3" in page
    shown = fields_of(response, address(live))
    assert shown["name"] == "x" * 257
    assert shown["instructions"] == "kept\ntext <b>"
    assert shown["function-0-parameters"] == '{"a":\n 1,}'
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("instructions") == "kept\ntext <b>", "what can be read is saved"


@pytest.mark.parametrize("base", ["999", "abc", "-1", "9" * 40, "²", "1.5"])
def test_a_forged_base_is_refused_and_the_text_kept(cast: Cast, live: Assistant, base: str) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)

    response = send(client, live, fields, base=base, name="Mine", action="review")

    assert response.status_code == 422
    shown = fields_of(response, address(live))
    assert (shown["name"], shown["base"]) == ("Mine", fields["base"])
    assert send(client, live, shown, action="draft").status_code == 303


@pytest.mark.parametrize("original", ["\0", "0\0", "abc", "%", "f" * 400])
def test_a_forged_original_is_refused_and_the_text_kept(
    cast: Cast, live: Assistant, original: str
) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)

    response = send(client, live, fields, original=original, name="Mine", action="review")

    assert response.status_code == 422
    assert fields_of(response, address(live))["name"] == "Mine"
    assert (
        "this form is based on a version that this dashboard does not have"
        in response.content.decode()
    )
    assert fields_of(client.get(address(live)), address(live))["name"] == "Mine"


def test_a_base_that_was_live_once_is_kept_as_the_base(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    wanted = live_definition(live).replace(name="By Pia")
    publish(author=cast.publisher, assistant=live, wanted=wanted, base=live.live)

    response = send(client, live, fields, instructions="Mine", action="review")

    assert response.status_code == 303
    saved = draft(cast, live)
    assert saved
    assert saved.base == live.live
    page = text_of(client.get(address(live)))
    assert "Pia has published v2 since this draft was started." in page


def test_a_second_tab_does_not_overwrite_the_first_without_a_word(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    first, second = open_form(client, live), open_form(client, live)
    send(client, live, first, instructions="First tab", action="draft")

    response = send(client, live, second, name="Second tab", action="review")

    assert response.status_code == 409
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("instructions") == "First tab"
    shown = fields_of(response, address(live))
    assert shown["name"] == "Second tab"
    assert send(client, live, shown, action="draft").status_code == 409, "only when asked to"
    assert send(client, live, shown, replace="1").status_code == 303
    saved = draft(cast, live)
    assert saved
    assert saved.definition == live_definition(live).replace(name="Second tab")


def test_text_typed_in_an_ended_session_is_back_after_signing_in(
    cast: Cast, live: Assistant
) -> None:
    cast.editor.user.set_password("a-long-passphrase")
    cast.editor.user.save()
    client = Client()
    login = {"login": cast.editor.user.email, "password": "a-long-passphrase"}
    client.post("/accounts/login/", login)
    fields = open_form(client, live)
    client.cookies.pop("sessionid")

    typed = urlencode({**fields, "instructions": "Typed for an hour", "action": "draft"})
    form = "application/x-www-form-urlencoded"
    assert client.post(address(live), typed, content_type=form).status_code == 302
    client.post("/accounts/login/", login)

    for _time in range(2):
        page = client.get(address(live))
        assert "This is your latest text" in text_of(page)
        assert fields_of(page, address(live))["instructions"] == "Typed for an hour"
    assert send(client, live, fields_of(page, address(live)), action="draft").status_code == 303
    assert "This is your latest text" not in text_of(client.get(address(live)))


@contextmanager
def read_only_database() -> Iterator[None]:
    sqlite = connection.vendor == "sqlite"
    setting = "PRAGMA query_only" if sqlite else "SET default_transaction_read_only"
    with connection.cursor() as cursor:
        cursor.execute(f"{setting} = ON")
        yield
        cursor.execute(f"{setting} = OFF")


def test_a_database_that_cannot_be_written_keeps_the_text(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    with read_only_database():
        response = send(client, live, fields, instructions="Mine", action="draft")

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert fields_of(response, address(live))["instructions"] == "Mine"
    assert "database is busy or full" in text_of(response)
    assert "Try again in 5 seconds." in text_of(response)


def test_a_new_assistant_that_cannot_be_written_keeps_the_text(cast: Cast) -> None:
    client, path = cast.client("editor"), "/w/main/assistants/new/"
    for action in ("draft", "keep"):
        with read_only_database():
            response = client.post(path, {"model": "gpt-5.2", "name": "Mine", "action": action})
        assert (response.status_code, response["Retry-After"]) == (503, "5")
        assert "again in 5 seconds" in text_of(response)
    assert not Assistant.objects.exists()


# Bad input


@pytest.mark.parametrize(
    "typed",
    [
        {"instructions": "a\0b"},
        {"metadata-TOTAL_FORMS": "1", "metadata-0-key": "k\0"},
        {"function-TOTAL_FORMS": "1", "function-0-parameters": "[" * 100_000},
        {"function-TOTAL_FORMS": "1", "function-0-parameters": '{"a": "\\ud800"}'},
        {"temperature": "1e999"},
        {"metadata-TOTAL_FORMS": "17", **{f"metadata-{n}-key": f"k{n}" for n in range(17)}},
        {"instructions": "😀" * 256_001},
    ],
)
def test_bad_input_is_refused_in_plain_words(
    cast: Cast, live: Assistant, typed: dict[str, str]
) -> None:
    response = cast.client("editor").post(address(live), {**typed, "action": "review"})

    assert response.status_code == 422
    assert "to fix" in text_of(response)


def test_everything_within_the_limits_can_be_posted(cast: Cast, live: Assistant) -> None:
    response = cast.client("editor").post(
        address(live), {"instructions": "😀" * 256_000, "action": "review"}
    )

    assert response.status_code == 303


def test_what_no_page_can_carry_is_shown_and_kept(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    odd = {
        "name": "half \ud83d",
        "instructions": "a \0 and a \ud83d",
        "metadata": {"k\ud83d": "v\ud83d"},
        "tools": [
            {"type": "x\ud83d"},
            {"type": "function", "function": {"name": "n\ud83d", "description": "d\ud83d"}},
        ],
    }
    remote.assistants[assistant.remote_id].update(odd)
    client = cast.client("publisher")
    assert client.get(address(assistant, "check")).status_code == 200

    fields = open_form(client, assistant)
    response = send(client, assistant, as_browser(fields), model="other", action="review")

    assert response.status_code == 303
    saved = draft(cast, assistant, "publisher")
    assert saved
    for field, value in odd.items():
        assert saved.definition.value(field) == value
    for page in ("review", "history", "history/2", "compare/1..2", "delete", "restore/1", "code"):
        assert client.get(address(assistant, page)).status_code == 200


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

"""What an open editor saves on each pause in typing, and what it keeps as typed."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.guard import stash
from admin_ui.accounts.guard.middleware import LAST_USER_COOKIE
from admin_ui.accounts.services import save_account
from assistants.definition import Definition
from assistants.models import Assistant, Connection, Draft
from assistants.services.connections.client import registry_of
from assistants.services.editing import drafts
from assistants.services.editing.presence import new_tab
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.pages.editing import BACKGROUND, address, draft, keep, open_form
from tests.pages.reading import fields_of
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "/w/main/assistants/new/"


def test_a_pause_in_typing_saves_the_draft_and_says_when(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)

    answer = keep(client, address(live), fields, instructions="Be kind.\r\nBe thor")

    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Draft saved <time" in text
    assert "1 field changed" in text
    assert f'href="{address(live, "discard")}"' in text
    saved = draft(cast, live)
    assert saved
    assert saved.definition == live_definition(live).replace(instructions="Be kind.\nBe thor")
    assert saved.base_id == live.live_id
    keep(client, address(live), fields, instructions="Be kind.\r\nBe thorough.")
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("instructions") == "Be kind.\nBe thorough."


def test_an_autosave_calls_no_gateway_and_writes_one_row(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    client = cast.client("editor")
    fields = open_form(client, assistant)
    keep(client, address(assistant), fields, name="Once")
    remote.requests.clear()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        keep(client, address(assistant), fields, name="Twice")

    writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert len(writes) == 1, writes
    assert "assistants_draft" in writes[0]
    assert len(queries) <= 14
    assert remote.requests == []


def test_typing_back_to_what_is_live_leaves_no_draft(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    keep(client, address(live), fields, name="Half")
    answer = keep(client, address(live), fields, name="Support")
    assert "No changes" in answer.content.decode()
    assert draft(cast, live) is None
    keep(client, address(live), fields, name="Again")
    assert draft(cast, live)


def test_rows_are_read_against_what_the_page_showed_however_often_it_saves(
    cast: Cast, live: Assistant
) -> None:
    """The draft moves on with each save, while the page keeps the rows that it was opened with."""
    tools = [{"type": kind, "secret": kind} for kind in ("web", "maps", "mail")]
    start = live_definition(live).replace(tools=tools, metadata={"a": "1", "b": "2"})
    drafts.save_draft(author=cast.editor, assistant=live, definition=start, base=live.live)
    client = cast.client("editor")
    fields = open_form(client, live)
    fields |= {"other-0-DELETE": "on", "metadata-0-DELETE": "on"}

    keep(client, address(live), fields)
    keep(client, address(live), fields, **{"metadata-1-value": "two"})
    new_row = {"metadata-2-key": "d", "metadata-2-value": "4", "metadata-TOTAL_FORMS": "3"}
    keep(client, address(live), fields, **new_row)

    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("tools") == tools[1:]
    assert saved.definition.value("metadata") == {"b": "two", "d": "4"}
    del fields["other-0-DELETE"]
    keep(client, address(live), fields)
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("tools") == tools


def test_what_breaks_a_limit_is_saved_and_counted(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    answer = keep(client, address(live), fields, name="n" * 300)
    assert "1 error to fix before publishing" in answer.content.decode()
    saved = draft(cast, live)
    assert saved
    assert len(saved.definition.value("name")) == 300


def test_what_cannot_be_read_is_kept_as_it_was_typed(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    answer = keep(client, address(live), fields, temperature="lukewarm", name="Warm")
    assert "Kept as typed" in answer.content.decode()
    saved = draft(cast, live)
    assert saved
    assert saved.definition == live_definition(live).replace(name="Warm"), "what can be read"

    again = client.get(address(live))
    shown = fields_of(again, address(live))
    assert (shown["temperature"], shown["name"]) == ("lukewarm", "Warm")
    assert "This is your latest text" in again.content.decode()
    assert keep(client, address(live), shown, temperature="1").status_code == 200
    saved = draft(cast, live)
    assert saved
    assert saved.definition == live_definition(live).replace(name="Warm", temperature=1)
    assert stash.newest_form(cast.editor.user, address(live)) is None


def test_discarding_shows_and_drops_what_was_kept_as_typed(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    keep(client, address(live), fields, temperature="lukewarm", description="All this")
    asked = client.get(address(live, "discard"))
    assert "All this" in asked.content.decode()
    assert "is not valid yet" in asked.content.decode()
    client.post(address(live, "discard"), fields_of(asked))
    assert draft(cast, live) is None
    assert open_form(client, live)["temperature"] == "0.5"


def test_a_new_assistant_that_cannot_be_read_yet_is_begun_all_the_same(cast: Cast) -> None:
    client = cast.client("editor")
    fields = fields_of(client.get(NEW), NEW)
    keep(client, NEW, fields, name="Fresh", temperature="lukewarm")
    assistant = Assistant.objects.get(name="Fresh")
    assert open_form(client, assistant)["temperature"] == "lukewarm"
    assert fields_of(client.get(NEW), NEW)["name"] == ""


def test_what_was_kept_of_a_new_assistant_can_be_dropped(cast: Cast) -> None:
    client = cast.client("editor")
    fields = fields_of(client.get(NEW), NEW)
    client.cookies.pop("sessionid")
    password = "seven green bottles"
    save_account(email=cast.editor.user.email, password=password)
    client.post("/accounts/login/", {"login": cast.editor.user.email, "password": password})
    client.cookies.pop("sessionid")
    client.post(NEW, {**fields, "name": "Left over", "action": "draft"})
    client.post("/accounts/login/", {"login": cast.editor.user.email, "password": password})
    assert fields_of(client.get(NEW), NEW)["name"] == "Left over"
    assert client.post(NEW, {"action": "discard"}).status_code == 303
    assert fields_of(client.get(NEW), NEW)["name"] == ""


def test_a_form_that_cannot_be_published_is_kept_when_it_is_sent(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    answer = client.post(address(live), {**fields, "name": "n" * 300, "action": "review"})
    assert answer.status_code == 422
    saved = draft(cast, live)
    assert saved
    assert len(saved.definition.value("name")) == 300


def test_a_new_assistant_is_begun_once_and_goes_on_under_its_address(cast: Cast) -> None:
    client = cast.client("editor")
    fields = fields_of(client.get(NEW), NEW)

    answer = keep(client, NEW, fields, name="Fresh", model="gpt-5.2")

    assistant = Assistant.objects.get(name="Fresh")
    begun = {"address": address(assistant), "autosave": address(assistant, "edit/autosave")}
    assert json.loads(answer["HX-Trigger"]) == {"begun": begun}
    assert answer["HX-Replace-Url"] == address(assistant)
    # A save that was on its way to the old address finds it too.
    keep(client, NEW, fields, name="Fresher")
    fields |= {"metadata-0-key": "team", "metadata-0-value": "x", "metadata-TOTAL_FORMS": "1"}
    keep(client, address(assistant), fields, name="Freshest")
    saved = draft(cast, assistant)
    assert saved
    assert saved.definition.to_dict() == {
        "name": "Freshest",
        "model": "gpt-5.2",
        "metadata": {"team": "x"},
    }
    assert Assistant.objects.filter(state="draft").count() == 1
    sent = client.post(NEW, {**fields, "turn": "9", "action": "review"})
    assert (sent.status_code, sent["Location"]) == (303, address(assistant, "review"))
    assert Assistant.objects.get(state="draft").name == "Freshest"


def test_the_connection_of_a_new_assistant_can_be_chosen_after_the_first_save(
    cast: Cast, connection_to: Connection
) -> None:
    client = cast.client("editor")
    fields = fields_of(client.get(NEW), NEW)
    keep(client, NEW, fields, name="Fresh")
    assistant = Assistant.objects.get(name="Fresh")
    assert assistant.connection_id == connection_to.pk
    other = registry_of(cast.workspace)
    assert other
    keep(client, address(assistant), fields, connection=str(other.pk))
    assert Assistant.objects.get(name="Fresh").connection_id == other.pk
    elsewhere = {**fields, "connection": "999999", "action": "keep", "turn": "9"}
    assert client.post(address(assistant), elsewhere, **BACKGROUND).status_code == 404


def test_a_save_that_arrives_twice_counts_once(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    sent = {**fields, "name": "Once", "turn": "1"}
    path = address(live, "edit/autosave")
    answers = [client.post(path, sent, **BACKGROUND) for _ in range(2)]
    assert [(answer.status_code, answer["X-Kept"]) for answer in answers] == [(200, "true")] * 2
    keep(client, address(live), {**fields, "turn": "1"}, name="Newer")
    assert client.post(path, sent, **BACKGROUND).status_code == 200
    saved = draft(cast, live)
    assert saved
    assert (saved.turn, saved.definition.value("name")) == (2, "Newer")


def test_a_first_save_that_arrives_twice_at_once_begins_one_assistant(
    cast: Cast, connection_to: Connection
) -> None:
    """The second one has looked for the page's assistant before the first one has stored it."""
    page = drafts.EditorTab(tab=new_tab(cast.editor.user), turn=1)
    both = Barrier(2)

    def begin() -> int:
        try:
            both.wait(30)
            return drafts.new_assistant(
                author=cast.editor,
                connection=connection_to,
                definition=Definition.parse({"name": "Fresh"}),
                page=page,
            ).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        begun = {pool.submit(begin), pool.submit(begin)}
    assert len({one.result() for one in begun}) == 1
    assert Assistant.objects.filter(name="Fresh").count() == 1


def test_a_page_of_the_release_before_saves_to_the_address_of_its_form(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    fields = open_form(client, live) | {"name": "Before", "turn": "1", "action": "keep"}
    answer = client.post(address(live), fields, **BACKGROUND)
    assert (answer.status_code, answer["X-Kept"]) == (200, "true")
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("name") == "Before"
    fresh = fields_of(client.get(NEW), NEW) | {"name": "Begun", "turn": "1", "action": "keep"}
    assert client.post(NEW, fresh, **BACKGROUND)["X-Kept"] == "true"
    assert Assistant.objects.get(name="Begun")


def test_the_autosave_of_a_new_assistant_needs_a_connection(cast: Cast) -> None:
    fields = fields_of(cast.client("editor").get(NEW), NEW)
    Connection.objects.all().delete()
    assert keep(cast.client("editor"), NEW, fields, name="Fresh").status_code == 404


@pytest.mark.parametrize("who", ["viewer", "stranger", "anonymous"])
def test_who_may_not_edit_keeps_nothing(cast: Cast, live: Assistant, who: str) -> None:
    fields = open_form(cast.client("editor"), live)
    answer = keep(cast.client(who), address(live), fields, name="Mine")
    assert answer.status_code == {"viewer": 403, "stranger": 404, "anonymous": 401}[who]
    assert not Draft.objects.exists()


def test_an_ended_session_takes_nobody_off_the_page_and_keeps_what_they_type(
    cast: Cast, live: Assistant
) -> None:
    password = "seven green bottles"
    save_account(email=cast.editor.user.email, password=password)
    client = Client()
    client.post("/accounts/login/", {"login": cast.editor.user.email, "password": password})
    assert LAST_USER_COOKIE in client.cookies
    fields = open_form(client, live)
    keep(client, address(live), fields, name="Before")
    Session.objects.all().delete()

    answer = keep(client, address(live), fields, name="After")

    assert (answer.status_code, answer["X-Kept"]) == (401, "true")
    assert (answer["HX-Retarget"], "HX-Redirect" in answer) == ("#notices", False)
    assert "What you typed is kept" in answer.content.decode()
    client.post("/accounts/login/", {"login": cast.editor.user.email, "password": password})
    # The page that stayed open goes on, as the same page.
    assert keep(client, address(live), fields, name="After, on").status_code == 200
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("name") == "After, on"
    assert stash.newest_form(cast.editor.user, address(live)) is None


def test_what_is_asked_for_behind_a_page_is_not_kept_as_a_form(cast: Cast, live: Assistant) -> None:
    answer = Client().post(address(live), {"a": "b"}, HTTP_X_BACKGROUND="true")
    assert (answer.status_code, answer["X-Kept"]) == (401, "false")


def test_a_database_that_is_busy_is_said(
    cast: Cast, live: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(**_: Any) -> None:
        raise OperationalError("database is locked")

    client = cast.client("editor")
    fields = open_form(client, live)
    monkeypatch.setattr(drafts, "save_draft", busy)
    answer = keep(client, address(live), fields, name="Mine")
    assert answer.status_code == 503
    assert "Not saved: the database is busy. Trying again in 5 seconds" in answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


def test_what_no_page_has_shown_is_kept_as_typed_and_is_no_draft(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    fields["original"] = "f" * len(fields["original"])
    answer = keep(client, address(live), fields, instructions="Mine")
    assert answer.status_code == 200
    assert draft(cast, live) is None
    (copy,) = stash.kept_copies(cast.editor.user, address(live))
    assert copy

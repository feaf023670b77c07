"""The pages of a member who may change some fields of some assistants."""

from typing import Any

import pytest

from admin_ui.accounts.guard.stash import kept_copies
from admin_ui.accounts.models import User
from assistants.definition import FIELD_NAMES
from assistants.models import Assistant, Draft
from assistants.services.editing import drafts
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.forms.test_every_field import COMPOSED
from tests.pages.editing import address, draft, keep, open_form, send, text_of
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of, tight
from tests.rights.narrowing import CHANGED, drafted, narrowed
from tests.services.conftest import Make, fresh

pytestmark = pytest.mark.django_db(transaction=True)
MINE = ("description", "instructions")
READ_ONLY = "You can change these fields here: Description, Instructions."
TYPED = {
    "name": {"name": "Zebra"},
    "description": {"description": "About zebras."},
    "model": {"model": "zebra-1"},
    "instructions": {"instructions": "Be striped."},
    "tools": {
        "code_interpreter-TOTAL_FORMS": "1",
        "file_search-TOTAL_FORMS": "1",
        "function-TOTAL_FORMS": "0",
        "file_search-0-enabled": "on",
    },
    "tool_resources": {"code_interpreter_file_ids": "file-zebra"},
    "metadata": {
        "metadata-TOTAL_FORMS": "1",
        "metadata-0-key": "animal",
        "metadata-0-value": "zebra",
    },
    "temperature": {"temperature": "1.5"},
    "top_p": {"top_p": "0.5"},
    "response_format": {"response_format": "json_object"},
    "reasoning_effort": {"reasoning_effort": "low"},
}
"""What a page of a time before the narrowing sends for a change of each field."""


def texts_kept(user: User, assistant: Assistant) -> int:
    user.may_have_copies = True
    return len(kept_copies(user, address(assistant)))


def test_the_examples_are_about_every_field() -> None:
    assert TYPED.keys() == CHANGED.keys() == set(FIELD_NAMES)
    assert COMPOSED.keys() < TYPED.keys()


def test_the_editor_shows_the_rest_and_sends_none_of_it(cast: Cast, live: Assistant) -> None:
    narrowed(cast, "editor", assistants=[live], fields=MINE)
    page = text_of(cast.client("editor").get(address(live)))
    assert READ_ONLY in page
    assert page.count("Read-only") >= 8
    sent = open_form(cast.client("editor"), live)
    inputs = {name for field in TYPED.values() for name in field}
    assert inputs & sent.keys() == set(MINE)
    for value in ("gpt-4o", "Support", "Code interpreter"):  # shown all the same
        assert value in page
    assert '<dt class="mono" dir="auto">team</dt>' in tight(page)
    for button in ("add-function", "add-metadata", "Duplicate", "Save as template", "Delete …"):
        assert button not in page


def test_the_list_marks_what_they_cannot_change(cast: Cast, live: Assistant) -> None:
    other = make_assistant(cast.workspace, by=cast.admin.user, name="Other")
    assistants = "/w/main/assistants/"
    client = cast.client("editor")
    assert "View only" not in text_of(client.get(assistants))
    assert "I can change" not in text_of(client.get(assistants))
    narrowed(cast, "editor", assistants=[live])
    page = text_of(client.get(assistants))
    assert page.count("View only") == 1
    assert "I can change" in page
    mine = text_of(client.get(f"{assistants}?status=changeable"))
    assert (str(live) in mine, str(other) in mine) == (True, False)
    assert "View only" not in mine


def test_an_editor_without_limits_sees_none(cast: Cast, live: Assistant) -> None:
    page = text_of(cast.client("editor").get(address(live)))
    assert "Read-only" not in page
    assert "You can change these fields here" not in page
    assert "Duplicate" in page


@pytest.mark.parametrize("field", FIELD_NAMES)
def test_a_save_of_an_older_page_keeps_what_is_not_theirs_as_typed(
    cast: Cast, live: Assistant, field: str
) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    narrowed(cast, "editor", assistants=[live], fields=MINE)
    typed = TYPED[field] | {"description": "Mine."}
    answer = keep(client, address(live), fields, **typed)
    assert answer.status_code == 200
    kept = draft(cast, live)
    assert kept
    before = live_definition(live)
    if field in MINE:
        assert kept.definition.value(field) == typed[field]
        assert texts_kept(cast.editor.user, live) == 0
        return
    assert kept.definition == before.replace(description="Mine.")
    assert "Kept as typed: you cannot change all of these fields." in text_of(answer)
    assert texts_kept(cast.editor.user, live) == 1
    shown = text_of(client.get(address(live)))
    assert "You typed some other text" in shown
    copy = kept_copies(cast.editor.user, address(live))[0]
    shown = text_of(client.get(f"{address(live)}?typed={copy.pk}"))
    assert "You cannot change this field." in shown


@pytest.mark.parametrize("field", FIELD_NAMES)
def test_a_button_says_at_the_field_what_is_refused(
    cast: Cast, live: Assistant, field: str
) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    narrowed(cast, "editor", assistants=[live], fields=MINE)
    answer = send(client, live, fields, **TYPED[field], action="review")
    if field in MINE:
        assert answer.status_code == 303
        return
    page = text_of(answer)
    assert answer.status_code == 422
    assert "You cannot change this field. Your text is kept as typed, not in the draft." in page
    assert "1 error to fix" in page
    again = fields_of(answer, address(live))  # the same page goes on without that text
    assert send(client, live, again, instructions="Be brief.", action="review").status_code == 303
    assert texts_kept(cast.editor.user, live) == 1
    kept = draft(cast, live)
    assert kept
    assert kept.definition == live_definition(live).replace(instructions="Be brief.")


def test_an_assistant_outside_is_only_read(cast: Cast, live: Assistant, published: Make) -> None:
    other = published(live.connection, name="Sales")
    drafted(cast.editor, other, "name")
    fields = open_form(cast.client("editor"), other)
    narrowed(cast, "editor", assistants=[live], fields=MINE)
    client = cast.client("editor")
    answer = client.get(address(other), follow=True)
    assert answer.redirect_chain == [(f"/w/main/assistants/{other.pk}/", 302)]
    page = text_of(answer)
    assert "You can read this assistant, but not change it." in page
    assert address(other, "discard") in page
    assert address(other) not in page
    assert send(client, other, fields, name="Mine").status_code == 403
    answer = keep(client, address(other), fields, name="Mine")
    assert (answer.status_code, answer["X-Kept"]) == (403, "true")
    assert "An admin limited what you can change" in text_of(answer)
    kept = draft(cast, other)
    assert kept
    assert kept.definition.value("name") == CHANGED["name"]
    assert client.post(address(other, "discard"), {}).status_code == 303
    assert not Draft.objects.filter(assistant=other).exists()


def test_what_cannot_be_done_is_not_offered(cast: Cast, live: Assistant, published: Make) -> None:
    other = published(live.connection, name="Sales")
    drafted(cast.editor, live, "description")
    drafted(cast.editor, other, "description")
    narrowed(cast, "publisher", assistants=[live], fields=MINE)
    client = cast.client("publisher")
    home = text_of(client.get("/w/main/"))
    review = f"{address(live, 'review')}?drafter={cast.editor.user.pk}"
    assert review in home
    assert f"{address(other, 'review')}?drafter" not in home
    for page in ("", "assistants/", "templates/", "palette/?q=new"):
        assert "/assistants/new/" not in text_of(client.get(f"/w/main/{page}")).split("<main")[-1]
        assert "/assistants/start/" not in text_of(client.get(f"/w/main/{page}"))
    assert client.get("/w/main/assistants/new/").status_code == 403
    assert client.post(address(live, "duplicate")).status_code == 403
    for page in (address(other, "history"), f"/w/main/assistants/{other.pk}/history/1/"):
        shown = text_of(client.get(page))
        assert "/restore/" not in shown
        assert address(other) not in shown


@pytest.mark.parametrize("extra", [None, "model"])
def test_a_colleagues_draft_is_published_if_every_field_is_theirs(
    cast: Cast, live: Assistant, extra: str | None
) -> None:
    drafted(cast.editor, live, "description", *([extra] if extra else []))
    narrowed(cast, "publisher", assistants=[live], fields=MINE)
    client = cast.client("publisher")
    page = f"{address(live, 'review')}?drafter={cast.editor.user.pk}"
    shown = text_of(client.get(page))
    assert ('id="publish"' in shown) is (extra is None)
    answer = client.post(page, {"note": "Clearer"})
    if extra is None:
        assert answer.status_code == 303
        assert live_definition(fresh(live)).value("description") == CHANGED["description"]
        return
    assert "you cannot change all of its fields: Model." in shown
    assert "These people can publish all of it: Ada." in shown
    assert answer.status_code == 403
    assert "you cannot change all of its fields: Model. Nothing was sent." in text_of(answer)
    assert live_definition(fresh(live)).value("description") != CHANGED["description"]
    assert Draft.objects.filter(assistant=live).exists()


def test_a_version_that_differs_in_other_fields_is_not_restored(
    cast: Cast, live: Assistant
) -> None:
    change(live, model="zebra-1", by=cast.admin.user)
    narrowed(cast, "publisher", assistants=[live], fields=MINE)
    client = cast.client("publisher")
    answer = client.post(f"/w/main/assistants/{live.pk}/restore/1/", follow=True)
    assert "You cannot restore this version, because you cannot change Model." in text_of(answer)
    assert not Draft.objects.exists()


def test_undo_puts_back_what_is_not_theirs(cast: Cast, live: Assistant) -> None:
    drafted(cast.editor, live, "model", "description")
    narrowed(cast, "editor", assistants=[live], fields=MINE)
    client = cast.client("editor")
    fields = open_form(client, live)
    answer = send(client, live, fields, action="undo:model")
    assert answer.status_code == 200
    assert keep(client, address(live), fields_of(answer, address(live))).status_code == 200
    kept = draft(cast, live)
    assert kept
    assert kept.definition == live_definition(live).replace(description=CHANGED["description"])


def test_limits_cost_others_no_query(
    cast: Cast, live: Assistant, django_assert_num_queries: Any
) -> None:
    client = cast.client("editor")
    client.get(address(live))
    with django_assert_num_queries(8):
        client.get(address(live))
    narrowed(cast, "editor", assistants=[live], fields=MINE)
    with django_assert_num_queries(10):
        client.get(address(live))


def test_a_draft_that_was_never_published_keeps_its_connection(cast: Cast, live: Assistant) -> None:
    new = drafts.duplicate_as_draft(author=cast.editor, assistant=live, name="Copy")
    narrowed(cast, "editor", assistants=[new], fields=MINE)
    client = cast.client("editor")
    fields = open_form(client, new)
    assert send(client, new, fields, instructions="Be striped.").status_code == 303
    assert "it creates an assistant" not in text_of(client.get(address(new, "review")))

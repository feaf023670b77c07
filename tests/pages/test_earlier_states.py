"""Earlier states of a draft: when they are kept, for how long, for whom, and bringing them back."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from admin_ui.accounts.leaving import leaving
from assistants.definition import Definition
from assistants.models import Assistant, Draft, DraftState
from assistants.services.editing import states
from assistants.services.editing.drafts import EditorTab, new_assistant, save_draft
from assistants.services.editing.merging import conflict_of, resolve
from assistants.services.editing.restore import restore_as_draft
from assistants.services.ledger.reading import live_definition
from assistants.tasks.cleaning import clean_up
from tests.conftest import Cast
from tests.pages.editing import keep, open_form
from tests.pages.reading import fields_of
from tests.pages.reviewing import address, move_live, text_of, write_draft
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)


def kept() -> list[tuple[str, Any]]:
    """Reason and name of each state, oldest first."""
    rows = DraftState.objects.order_by("pk")
    return [(row.reason, row.definition.value("name")) for row in rows]


def type_after(minutes: float, **since: Any) -> None:
    """Let the draft be as old as if its author had begun so many minutes ago."""
    past = timezone.now() - timedelta(minutes=minutes)
    Draft.objects.update(created_at=past, updated_at=past, state_at=since.get("state_at"))


# When


def test_typing_keeps_a_state_once_in_ten_minutes(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    form = open_form(client, live)
    for turn, name in enumerate(("One", "Two"), start=1):
        keep(client, address(live, "edit"), {**form, "turn": str(turn)}, name=name)
    assert kept() == []
    type_after(11)
    for turn, name in enumerate(("Three", "Four", "Five"), start=3):
        keep(client, address(live, "edit"), {**form, "turn": str(turn)}, name=name)
    assert kept() == [("pause", "Two")]
    type_after(30, state_at=timezone.now() - timedelta(minutes=11))
    keep(client, address(live, "edit"), {**form, "turn": "6"}, name="Six")
    assert kept() == [("pause", "Two"), ("pause", "Five")]


def test_a_save_of_the_same_text_keeps_nothing(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="One")
    type_after(11)
    write_draft(cast.editor, live, name="One")
    assert kept() == []


def test_a_form_set_back_to_live_keeps_what_was_typed_for_long(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    form = open_form(client, live)
    keep(client, address(live, "edit"), {**form, "turn": "1"}, name="One")
    type_after(11)
    keep(client, address(live, "edit"), {**form, "turn": "2"})
    assert not Draft.objects.exists()
    assert kept() == [("pause", "One")]


def test_before_replacing_from_another_page(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="Elsewhere")
    client = cast.client("editor")
    form = {**open_form(client, live), "seen": "0" * 16, "name": "Here"}
    assert client.post(address(live, "edit"), {**form, "action": "draft"}).status_code == 409
    assert kept() == []
    client.post(address(live, "edit"), {**form, "action": "draft", "replace": "1"})
    assert kept() == [("replaced", "Elsewhere")]
    assert Draft.objects.get().definition.value("name") == "Here"


def test_before_discarding_restoring_and_merging(cast: Cast, live: Assistant) -> None:
    first = fresh(live).live
    assert first
    write_draft(cast.publisher, live, name="Discarded")
    client = cast.client("publisher")
    client.post(address(live, "discard"))
    assert kept() == [("discarded", "Discarded")]

    write_draft(cast.publisher, live, name="Before the restore")
    restore_as_draft(author=cast.publisher, assistant=fresh(live), revision=first)
    assert kept()[1:] == [("replaced", "Before the restore")]

    draft = write_draft(cast.editor, live, name="Before the merge")
    move_live(cast, live, description="Moved")
    draft.assistant = fresh(live)
    conflict = conflict_of(draft)
    assert conflict
    resolve(author=cast.editor, draft=draft, conflict=conflict)
    assert kept()[2:] == [("merged", "Before the merge")]


# For how long, and how many


def test_states_go_after_two_days(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="One")
    client = cast.client("editor")
    client.post(address(live, "discard"))
    clean_up.func()
    assert len(kept()) == 1
    DraftState.objects.update(kept_until=timezone.now() - timedelta(seconds=1))
    state = DraftState.objects.get()
    assert client.get(f"{address(live, 'earlier')}{state.pk}/").status_code == 404
    assert "No earlier states" in text_of(client.get(address(live, "earlier")))
    clean_up.func()
    assert kept() == []


def test_there_are_few_of_each_draft(
    cast: Cast, live: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states, "MOST_STATES", 3)
    write_draft(cast.publisher, live, name="Of Pia")
    write_draft(cast.publisher, live, name="Of Pia, later")
    for number in range(6):
        page = EditorTab(seen=None, typed=None)
        wanted = live_definition(live).replace(name=str(number))
        save_draft(author=cast.editor, assistant=live, definition=wanted, base=live.live, page=page)
    assert [name for _, name in kept()] == ["2", "3", "4"]
    monkeypatch.setattr(states, "MOST_STATE_CHARACTERS", 10)
    save_draft(
        author=cast.editor,
        assistant=live,
        definition=live_definition(live),
        base=live.live,
        replaces=True,
    )
    assert [name for _, name in kept()] == ["5"], "the newest stays, whatever its size"


def test_long_texts_that_the_history_holds_are_not_copied(cast: Cast, live: Assistant) -> None:
    long = "Be kind.\n" * 2_000
    move_live(cast, live, instructions=long)
    write_draft(cast.editor, fresh(live), name="Short change")
    cast.client("editor").post(address(live, "discard"))
    state = DraftState.objects.get()
    assert state.size < 1_000
    assert state.definition.value("instructions") == long
    assert state.shown.value("instructions") == long


def test_they_go_with_the_person(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="One")
    cast.client("editor").post(address(live, "discard"))
    leaving.remove_member(actor=cast.admin, member=cast.editor)
    assert kept() == []


# For whom


def test_only_its_author_sees_a_state(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="Private")
    cast.client("editor").post(address(live, "discard"))
    page = f"{address(live, 'earlier')}{DraftState.objects.get().pk}/"
    answers = {
        who: (
            cast.client(who).get(address(live, "earlier")).status_code,
            cast.client(who).get(page).status_code,
            cast.client(who).post(page).status_code,
        )
        for who in ("anonymous", "stranger", "viewer", "publisher", "admin")
    }
    assert answers == {
        "anonymous": (302, 302, 302),
        "stranger": (404, 404, 404),
        "viewer": (403, 403, 403),
        "publisher": (200, 404, 404),
        "admin": (200, 404, 404),
    }
    assert "Private" not in text_of(cast.client("admin").get(address(live, "earlier")))


# Looking and bringing back


def test_a_state_is_listed_looked_at_and_brought_back(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="Old", instructions="Be kind.\nBe thorough.")
    client = cast.client("editor")
    client.post(address(live, "discard"))
    write_draft(cast.editor, live, name="Newer")
    listed = text_of(client.get(address(live, "earlier")))
    assert "Discarded" in listed
    assert "Name, Instructions" in listed

    page = f"{address(live, 'earlier')}{DraftState.objects.get().pk}/"
    shown = client.get(page)
    assert "<ins>thorough</ins>" in text_of(shown)
    answer = client.post(page, {"seen": fields_of(shown)["seen"]})

    assert (answer.status_code, answer["Location"]) == (303, address(live, "edit"))
    assert Draft.objects.get().definition.value("name") == "Old"
    assert kept() == [("discarded", "Old"), ("replaced", "Newer")]
    assert "Same as your draft now" in text_of(client.get(address(live, "earlier")))


def test_what_was_typed_meanwhile_is_not_replaced(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="Old")
    client = cast.client("editor")
    client.post(address(live, "discard"))
    page = f"{address(live, 'earlier')}{DraftState.objects.get().pk}/"
    seen = fields_of(client.get(page))["seen"]
    write_draft(cast.editor, live, name="Typed meanwhile")

    answer = client.post(page, {"seen": seen})

    assert answer.status_code == 409
    assert "nothing was brought back" in text_of(answer)
    assert Draft.objects.get().definition.value("name") == "Typed meanwhile"
    assert client.post(page, {"seen": fields_of(answer)["seen"]}).status_code == 303


def test_a_state_of_an_older_base_is_merged_when_it_is_reviewed(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.publisher, live, name="Old")
    client = cast.client("publisher")
    client.post(address(live, "discard"))
    move_live(cast, live, description="Moved on")
    page = f"{address(live, 'earlier')}{DraftState.objects.get().pk}/"
    client.post(page, fields_of(client.get(page)))
    assert "combines the changes from both sides" in text_of(client.get(address(live)))


def test_the_editor_leads_to_them(cast: Cast, live: Assistant) -> None:
    page = text_of(cast.client("editor").get(address(live, "edit")))
    assert f'href="{address(live, "earlier")}"' in page


def test_discarding_an_assistant_never_published_removes_its_states(cast: Cast, live: Any) -> None:
    begun = new_assistant(
        author=cast.editor,
        connection=live.connection,
        definition=Definition.parse({"name": "Begun", "model": "m"}),
    )
    type_after(11)
    write_draft_of_new(cast, begun, "Further")
    assert kept() == [("pause", "Begun")]
    cast.client("editor").post(address(begun, "discard"))
    assert kept() == []
    assert not Assistant.objects.filter(pk=begun.pk).exists()


def write_draft_of_new(cast: Cast, begun: Assistant, name: str) -> None:
    wanted = Definition.parse({"name": name, "model": "m"})
    save_draft(author=cast.editor, assistant=begun, definition=wanted, base=None)

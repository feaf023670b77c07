"""A conflict shows three sides, and no merge is published before a person has seen it."""

import pytest

from assistants.models import Assistant, Connection
from assistants.services import errors
from assistants.services.editing.drafts import draft_of
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.pages.reviewing import address, assert_published, move_live, text_of, write_draft
from tests.services.conftest import Make, fresh
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_conflict_stops_publishing_and_shows_three_sides(cast: Cast, live: Assistant) -> None:
    write_draft(cast.admin, live, name="Mine", temperature=1)
    move_live(cast, live, name="Theirs", model="gpt-5.2")
    client = cast.client("admin")

    response = client.post(address(live), {"note": "My reason"})

    assert response.status_code == 409
    page = text_of(response)
    assert "Pia has published v2 since this draft was started." in page
    for text in ("Support", "Mine", "Theirs"):
        assert text in page
    fields = fields_of(response)
    assert fields["note"] == "My reason"
    assert not [name for name in fields if name.startswith("choice-")], "nothing is picked for them"
    assert "choice-temperature" not in page, "what only one side changed is not asked"
    assert fresh(live).live_version == 2
    assert draft_of(user=cast.admin.user, assistant=live)


def test_choices_lead_to_the_review_of_what_they_make_and_then_it_is_published(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.admin, live, name="Mine", temperature=1)
    move_live(cast, live, name="Theirs", model="gpt-5.2")
    client = cast.client("admin")
    fields = fields_of(client.post(address(live), {"note": "My reason"}))

    response = client.post(address(live), {**fields, "choice-name": "mine"})

    assert (response.status_code, response["Location"]) == (303, address(live))
    assert fresh(live).live_version == 2
    fields = fields_of(client.get(address(live)))
    assert fields["note"] == "My reason"
    assert_published(client.post(address(live), fields), live)
    now = live_definition(fresh(live))
    assert [now.value(field) for field in ("name", "temperature", "model")] == [
        "Mine",
        1,
        "gpt-5.2",
    ]
    assert fresh(live).live.note == "My reason"


def test_a_script_may_choose_for_any_field_in_which_the_sides_differ(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.admin, live, name="Mine", temperature=1)
    move_live(cast, live, name="Theirs")
    choices = {"choice-name": "theirs", "choice-temperature": "theirs"}

    response = cast.client("admin").post(address(live), choices)

    assert response.status_code == 303
    saved = draft_of(user=cast.admin.user, assistant=live)
    assert saved
    assert saved.definition == live_definition(fresh(live))


def test_what_only_one_side_changed_is_merged_and_looked_at_before_it_is_published(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.admin, live, name="Mine", instructions="Be kind.\n\nBe brief.\nBe mine.")
    client = cast.client("admin")
    opened = fields_of(client.get(address(live)))
    move_live(cast, live, model="gpt-5.2")

    response = client.post(address(live), {**opened, "note": "My reason"})

    assert response.status_code == 409
    page = text_of(response)
    assert "Pia has published v2 since this draft was started." in page
    assert "the draft was combined with it" in page
    assert fresh(live).live_version == 2
    kept = draft_of(user=cast.admin.user, assistant=live)
    assert kept
    assert kept.base_id == live.live_id, "looking changes nothing"
    fields = fields_of(response)
    assert fields["note"] == "My reason"
    assert_published(client.post(address(live), fields), live)
    now = live_definition(fresh(live))
    assert (now.value("name"), now.value("model")) == ("Mine", "gpt-5.2")
    assert now.value("instructions") == "Be kind.\n\nBe brief.\nBe mine."
    assert draft_of(user=cast.admin.user, assistant=live) is None


def test_a_merge_that_nobody_has_looked_at_is_not_published(cast: Cast, live: Assistant) -> None:
    write_draft(cast.admin, live, name="Mine")
    move_live(cast, live, model="gpt-5.2")

    response = cast.client("admin").post(address(live), {"note": ""})

    assert response.status_code == 409
    assert fresh(live).live_version == 2


def test_a_merge_is_not_published_when_the_draft_moved_after_it_was_looked_at(
    cast: Cast, live: Assistant
) -> None:
    write_draft(cast.admin, live, name="Mine")
    move_live(cast, live, model="gpt-5.2")
    client = cast.client("publisher")
    review = f"{address(live)}?drafter={cast.admin.user.pk}"
    fields = fields_of(client.get(review))
    write_draft(cast.admin, live, name="Mine, and more")

    response = client.post(review, fields)

    assert response.status_code == 409
    assert "Mine, and more" in text_of(response)
    assert fresh(live).live_version == 2


def test_a_draft_of_an_assistant_that_is_gone_is_merged_with_what_was_live_last(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.admin, assistant, name="Mine")
    move_live(cast, assistant, model="gpt-5.2")
    remote.assistants.clear()
    client = cast.client("admin")
    fields = fields_of(client.get(address(assistant)))
    assert client.post(address(assistant), fields).status_code == 409, "it is gone"
    assert fresh(assistant).state == "missing"

    fields = fields_of(client.get(address(assistant)))
    assert_published(client.post(address(assistant), fields), assistant)

    now = live_definition(fresh(assistant))
    assert (now.value("name"), now.value("model")) == ("Mine", "gpt-5.2")


def test_a_clash_without_a_choice_is_asked_again(cast: Cast, live: Assistant) -> None:
    write_draft(cast.admin, live, name="Mine", temperature=1)
    move_live(cast, live, name="Theirs", temperature=2)

    response = cast.client("admin").post(address(live), {"choice-name": "mine", "note": ""})

    assert response.status_code == 422
    assert "1 choice is missing. Nothing was changed." in text_of(response)
    assert fields_of(response)["choice-name"] == "mine"
    assert fresh(live).live_version == 2


def test_choices_made_for_an_older_version_are_not_taken(cast: Cast, live: Assistant) -> None:
    write_draft(cast.admin, live, name="Mine")
    move_live(cast, live, name="Theirs")
    client = cast.client("admin")
    fields = fields_of(client.get(address(live)))
    move_live(cast, live, name="Theirs again")

    response = client.post(address(live), {**fields, "choice-name": "mine"})

    assert response.status_code == 409
    assert "Pia has published v3" in text_of(response)
    assert fresh(live).live_version == 3


def test_an_editor_takes_choices_into_the_draft(cast: Cast, live: Assistant) -> None:
    write_draft(cast.editor, live, name="Mine", temperature=1)
    move_live(cast, live, name="Theirs")
    client = cast.client("editor")
    page = client.get(address(live))

    choices = {**fields_of(page), "choice-name": "theirs", "action": "resolve"}
    response = client.post(address(live), choices)

    assert (response.status_code, response["Location"]) == (303, address(live))
    saved = draft_of(user=cast.editor.user, assistant=live)
    assert saved
    assert saved.base == fresh(live).live
    assert (saved.definition.value("name"), saved.definition.value("temperature")) == ("Theirs", 1)
    assert "Publishers can open it" in text_of(client.get(address(live)))


def test_a_change_outside_is_a_conflict_too(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    write_draft(cast.admin, assistant, name="Mine")
    remote.assistants[assistant.remote_id]["name"] = "By an application"

    response = cast.client("admin").post(address(assistant), {"note": ""})

    assert response.status_code == 409
    assert "Changed outside this dashboard: v2 is live now." in text_of(response)
    assert remote.count_of("POST") == 1


def test_a_conflict_in_texts_and_tools_shows_what_each_side_did(
    cast: Cast, live: Assistant
) -> None:
    weather = {"type": "function", "function": {"name": "get_weather"}}
    other = {"type": "function", "function": {"name": "get_weather", "description": "<b>"}}
    write_draft(cast.admin, live, instructions="Be kind.\nBe quick.", tools=[weather], metadata={})
    move_live(cast, live, instructions="Be kind.\nBe slow.", tools=[other])

    response = cast.client("admin").post(address(live), {"note": ""})

    assert response.status_code == 409
    page = text_of(response)
    assert "<ins>quick</ins>" in page
    assert "get_weather" in page
    assert "&lt;b&gt;" in page


def test_a_text_chosen_as_a_whole_shows_of_the_base_the_disputed_lines_only(
    cast: Cast, published: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(errors, "MOST_CLASHES", 0)
    lines = [f"Rule {number}." for number in range(60)]
    live = published(Connection.objects.get(), instructions="\n".join(lines))
    mine, theirs = [*lines], [*lines]
    mine[30], mine[33], theirs[33] = "Mine.", "Mine too.", "Theirs."
    write_draft(cast.publisher, live, instructions="\n".join(mine), name="A")
    move_live(cast, live, instructions="\n".join(theirs))

    page = text_of(cast.client("publisher").get(address(live)))

    base = page.split("Original")[1].split("Keep mine")[0]
    assert [number for number in range(60) if f"Rule {number}." in base] == [*range(28, 36)]
    assert base.count(" touched") == 2
    assert "… 28 unchanged lines …" in base
    assert "… 24 unchanged lines …" in base

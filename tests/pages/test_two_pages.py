"""Two open pages, late saves and other people's publishes overwrite no draft."""

import pytest

from admin_ui.accounts.guard import stash
from assistants.models import Assistant, Draft, ShownDraft
from assistants.services.editing import drafts
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.pages.editing import BACKGROUND, address, draft, keep, open_form
from tests.pages.reading import fields_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_page_goes_on_after_its_draft_was_discarded_elsewhere(
    cast: Cast, live: Assistant
) -> None:
    start = live_definition(live).replace(metadata={"a": "1", "b": "2"})
    drafts.save_draft(author=cast.editor, assistant=live, definition=start, base=live.live)
    client = cast.client("editor")
    fields = open_form(client, live)
    client.post(address(live, "discard"), {})
    assert draft(cast, live) is None

    assert keep(client, address(live), fields, name="Still here").status_code == 200

    saved = draft(cast, live)
    assert saved
    assert saved.definition == start.replace(name="Still here")


def test_a_second_page_replaces_what_the_first_keeps_as_typed_on_purpose_only(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    first, second = open_form(client, live), open_form(client, live)
    keep(client, address(live), first, temperature="lukewarm", name="First")

    answer = keep(client, address(live), second, description="Second")

    assert answer.status_code == 409
    assert keep(client, address(live), second, temperature="cold").status_code == 409
    assert keep(client, address(live), first, name="First, on").status_code == 200
    client.post(address(live), {**second, "temperature": "2", "replace": "1", "action": "draft"})
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("description") == "Second"
    shown = client.get(address(live))
    fields = fields_of(shown, address(live))
    assert (fields["description"], fields["temperature"]) == ("Second", "2")
    assert "saved elsewhere" not in shown.content.decode()
    assert stash.kept_copies(cast.editor.user, address(live)) == [], "it was replaced on purpose"


def test_an_older_save_that_comes_late_changes_nothing(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    older = {**fields, "name": "Older", "turn": "1", "action": "keep"}
    keep(client, address(live), {**fields, "turn": "1"}, name="Newer")
    assert client.post(address(live), older, **BACKGROUND).status_code == 200
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("name") == "Newer"


def test_a_late_save_does_not_discard_either(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    keep(client, address(live), {**fields, "turn": "5"}, name="Newer")
    client.post(address(live), {**fields, "turn": "1", "action": "keep"}, **BACKGROUND)
    assert draft(cast, live)


def test_a_second_page_of_the_same_person_is_told_and_overwrites_nothing(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    first, second = open_form(client, live), open_form(client, live)
    keep(client, address(live), first, name="First")

    answer = keep(client, address(live), second, name="Second")

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "saved elsewhere" in text
    assert 'name="replace"' in text
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("name") == "First"
    assert keep(client, address(live), first, name="First, on").status_code == 200
    client.post(address(live), {**second, "replace": "1", "action": "draft"})
    saved = draft(cast, live)
    assert saved
    assert saved.definition.value("name") == "Second"
    assert keep(client, address(live), first, name="First again").status_code == 409


def test_a_page_opened_on_the_newest_draft_takes_over(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    first = open_form(client, live)
    keep(client, address(live), first, name="First")
    second = open_form(client, live)
    assert keep(client, address(live), second, name="Second").status_code == 200
    assert keep(client, address(live), first, name="First again").status_code == 409


def test_a_page_of_somebody_else_does_not_save_by_itself(cast: Cast, live: Assistant) -> None:
    fields = open_form(cast.client("editor"), live)
    answer = keep(cast.client("publisher"), address(live), fields, name="Whose?")
    assert answer.status_code == 409
    assert "omeone else opened this page" in answer.content.decode()
    assert not Draft.objects.exists()


def test_drafts_survive_a_colleagues_publish_and_keep_their_base(
    cast: Cast, live: Assistant
) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    keep(client, address(live), fields, name="Mine")
    wanted = live_definition(live).replace(model="gpt-5.2")
    publish(author=cast.publisher, assistant=live, wanted=wanted, base=live.live)
    assert keep(client, address(live), fields, name="Mine, on").status_code == 200
    saved = draft(cast, live)
    assert saved
    assert saved.base_id == live.live_id
    assert saved.definition.value("model") == "gpt-4o"


def test_what_pages_showed_is_kept_within_bounds(cast: Cast, live: Assistant) -> None:
    for number in range(drafts.SHOWN_KEPT + 5):
        drafts.remember_shown(
            user=cast.editor.user,
            assistant=live,
            definition=live_definition(live).replace(name=str(number)),
        )
    assert ShownDraft.objects.count() == drafts.SHOWN_KEPT


def test_discarding_asks_again_when_the_draft_has_changed(cast: Cast, live: Assistant) -> None:
    client = cast.client("editor")
    fields = open_form(client, live)
    keep(client, address(live), fields, name="Shown")
    asked = fields_of(client.get(address(live, "discard")))
    keep(client, address(live), fields, name="Typed since")

    answer = client.post(address(live, "discard"), asked)

    assert answer.status_code == 409
    assert "Typed since" in answer.content.decode()
    assert draft(cast, live)
    assert client.post(address(live, "discard"), fields_of(answer)).status_code == 303
    assert draft(cast, live) is None

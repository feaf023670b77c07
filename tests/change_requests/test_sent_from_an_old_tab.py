"""The form of a round: it begins with the round before, and says if that is not the newest."""

import pytest

from assistants.approval.flow import Move
from assistants.models import Assistant, ChangeRequest
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.errors import RoundMoved
from assistants.services.change_requests.submitting import submit
from tests.change_requests.conftest import draft, submitted
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
MOVED = "Nothing was sent: you sent a round in another tab, or the request closed."


def address(live: Assistant) -> str:
    return f"/w/main/assistants/{live.pk}/submit/"


def test_a_round_begins_with_the_title_and_note_of_the_last(cast: Cast, live: Assistant) -> None:
    submitted(cast.editor, live)
    draft(cast.editor, live, temperature=0.4)
    shown = fields_of(cast.client("editor").get(address(live)))
    assert (shown["title"], shown["note"]) == ("Summer wording", "Because of summer.")


def test_a_form_of_before_the_last_round_sends_nothing(cast: Cast, live: Assistant) -> None:
    seen = draft(cast.editor, live, temperature=0.9)
    client = cast.client("editor")
    old = fields_of(client.get(address(live))) | {"title": "Old words"}
    found = submit(author=cast.editor, assistant=fresh(live), seen=seen, title="Newer")
    answer = client.post(address(live), old)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert MOVED in page
    assert f"/w/main/requests/{found.number}/" in page
    assert found.rounds.count() == 1
    again = fields_of(answer)
    assert again["title"] == "Old words"
    assert client.post(address(live), again).status_code == 303
    assert found.rounds.count() == 2


def test_a_form_of_a_round_since_closed_opens_nothing(cast: Cast, live: Assistant) -> None:
    found = submitted(cast.editor, live)
    client = cast.client("editor")
    old = fields_of(client.get(address(live))) | {"note": "One more."}
    decide(member=cast.editor, request=found, move=Move.WITHDRAW, seen=1)
    answer = client.post(address(live), old)
    assert answer.status_code == 409
    assert "No change request of yours is open now." in answer.content.decode()
    assert ChangeRequest.objects.count() == 1


def test_the_service_refuses_it_too_but_not_the_same_form_twice(
    cast: Cast, live: Assistant
) -> None:
    seen = draft(cast.editor, live, temperature=0.9)
    said = {"author": cast.editor, "assistant": fresh(live), "seen": seen, "after_round": 0}
    found = submit(**said, title="A", note="A note.")
    assert submit(**said, title="A", note="A note.").pk == found.pk
    with pytest.raises(RoundMoved):
        submit(**said, title="A", note="Another note.")

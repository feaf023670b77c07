"""Going back to the version before the live one: two clicks, by the one write path."""

from typing import Any

import pytest

from assistants.models import Assistant, Revision
from assistants.services.connections.client import gateway_for
from assistants.services.editing.drafts import draft_of, save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.rights.narrowing import narrowed
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("edit/", "history/", "history/1/", "code/", "lines/", "as-of/", "compare/1..2/")


def address(assistant: Assistant, page: str = "previous/") -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def second(cast: Cast, assistant: Assistant, **fields: object) -> Assistant:
    """Publish a change as Pia; returns what is live then."""
    row = fresh(assistant)
    wanted = live_definition(row).replace(**fields)
    result = publish(author=cast.publisher, assistant=row, wanted=wanted, base=row.live)
    assert result.status == "applied"
    return fresh(assistant)


def test_every_page_of_the_assistant_leads_there(cast: Cast, live: Assistant) -> None:
    link = f'href="{address(live)}"'
    for page in PAGES[:3]:
        assert link not in text_of(cast.client("publisher").get(address(live, page))), page
    second(cast, live, instructions="Newer.")
    for page in PAGES:
        assert link in text_of(cast.client("publisher").get(address(live, page))), page
    for who in ("viewer", "editor"):
        assert link not in text_of(cast.client(who).get(address(live, "history/")))


def test_two_clicks_publish_it_again_and_keep_drafts(cast: Cast, live: Assistant) -> None:
    old = live_definition(live)
    assistant = second(cast, live, instructions="Newer.", temperature=1)
    mine = live_definition(assistant).replace(name="My draft")
    save_draft(author=cast.publisher, assistant=assistant, definition=mine, base=assistant.live)
    client = cast.client("publisher")

    page = client.get(address(assistant))
    assert "Go back to v1?" in text_of(page)
    assert "Newer" in text_of(page)
    answer = client.post(address(assistant), fields_of(page))

    assert answer.status_code == 303
    assistant = fresh(assistant)
    assert (assistant.live_version, live_definition(assistant)) == (3, old)
    assert assistant.live is not None
    assert (assistant.live.kind, assistant.live.note) == (Revision.Kind.RESTORE, "Back to v1.")
    stored = gateway_for(assistant.connection).retrieve(str(assistant.remote_id))
    assert stored.definition == old
    draft = draft_of(user=cast.publisher.user, assistant=assistant)
    assert draft is not None
    assert draft.definition.value("name") == "My draft"
    assert "Go back to v2?" in text_of(client.get(address(assistant)))


def test_nothing_is_published_if_another_version_is_live_by_now(
    cast: Cast, live: Assistant
) -> None:
    second(cast, live, instructions="Second.")
    client = cast.client("publisher")
    shown = fields_of(client.get(address(live)))
    assistant = second(cast, live, instructions="Third.")

    answer = client.post(address(live), shown)

    assert answer.status_code == 409
    assert "another version is live by now" in text_of(answer)
    assert "Go back to v2?" in text_of(answer)
    assert fresh(assistant).live_version == 3
    assert client.post(address(live), fields_of(answer)).status_code == 303
    assert live_definition(fresh(assistant)).value("instructions") == "Second."


def test_a_version_that_removed_it_is_passed_over(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace, instructions="First.")
    assistant = change(assistant, kind=Revision.Kind.DELETE)
    assistant = change(assistant, kind=Revision.Kind.RECREATE, instructions="Third.")
    assert "Go back to v1?" in text_of(cast.client("publisher").get(address(assistant)))


def test_without_an_earlier_version_the_history_says_so(cast: Cast, live: Assistant) -> None:
    answer = cast.client("publisher").get(address(live), follow=True)
    assert answer.redirect_chain == [(address(live, "history/"), 303)]
    assert "There is no earlier version" in text_of(answer)


def test_fields_of_others_are_not_taken_back(cast: Cast, live: Assistant) -> None:
    assistant = second(cast, live, instructions="Newer.", temperature=1)
    narrowed(cast, assistants=[assistant], fields=["instructions"])
    client = cast.client("publisher")
    page = client.get(address(assistant))
    assert "Publish v1 again" not in text_of(page)
    assert client.post(address(assistant), {"live": "2"}).status_code == 403
    assert fresh(assistant).live_version == 2

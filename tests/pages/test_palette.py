"""The command palette: what it finds for each role, and what it costs."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assistants.models import Assistant
from assistants.services.setup.first_start import create_workspace_with_registry
from tests.conftest import Cast
from tests.pages.past import make_assistant

PALETTE = "/w/main/palette/"
HTMX = {"HX-Request": "true"}


def found(client: Client, typed: str = "", page: str = PALETTE) -> list[str]:
    """Return the labels that the palette shows, in order."""
    response = client.get(page, {"q": typed}, headers=HTMX)
    assert response.status_code == 200
    text = re.sub("[\u2066-\u2069]", "", response.content.decode())
    return re.findall(r'<bdi class="truncate">([^<]*)</bdi>', text)


def test_what_was_typed_is_searched_in_this_workspace(cast: Cast) -> None:
    make_assistant(cast.workspace, name="Refund <desk>")
    make_assistant(cast.workspace, name="Orders", instructions="Say yes to a refund.")
    gone = make_assistant(cast.workspace, name="Refund past")
    Assistant.objects.filter(pk=gone.pk).update(state="deleted")
    make_assistant(create_workspace_with_registry(slug="elsewhere"), name="Refund theirs")
    labels = found(cast.client("viewer"), "refund")
    assert labels == ["Refund &lt;desk&gt;", "Orders", "Search all assistants for this"]
    assert "Refund theirs" in found(cast.client("stranger"), "refund", "/w/elsewhere/palette/")


def test_without_words_it_shows_what_changed_last_and_every_page(cast: Cast) -> None:
    make_assistant(cast.workspace, name="First")
    make_assistant(cast.workspace, name="Second")
    labels = found(cast.client("viewer"))
    assert labels[:2] == ["Second", "First"]
    assert {"Home", "All assistants", "Changes", "Team", "Help", "Your account"} <= set(labels)


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("viewer", set()),
        ("editor", {"New assistant"}),
        ("publisher", {"New assistant", "Bring in assistants"}),
        (
            "admin",
            {
                "New assistant",
                "Bring in assistants",
                "Invite a person",
                "New connection",
                "New API key",
            },
        ),
    ],
)
def test_it_offers_the_actions_of_a_role(cast: Cast, who: str, offered: set[str]) -> None:
    actions = {
        "New assistant",
        "Bring in assistants",
        "Invite a person",
        "New connection",
        "New API key",
    }
    assert actions & set(found(cast.client(who))) == offered


def test_pages_and_actions_are_found_by_the_beginnings_of_their_words(cast: Cast) -> None:
    assert "New assistant" in found(cast.client("editor"), "ass NE")
    assert "Team" not in found(cast.client("editor"), "eam")
    assert found(cast.client("editor"), "xyzzy") == ["Search all assistants for this"]


def test_every_entry_leads_to_a_page_the_person_may_open(cast: Cast) -> None:
    make_assistant(cast.workspace)
    for who in ("viewer", "editor", "publisher", "admin"):
        client = cast.client(who)
        text = client.get(PALETTE, headers=HTMX).content.decode()
        links = re.findall(r'href="(/[^"]*)">', text)
        assert len(links) > 5
        assert {client.get(link, follow=True).status_code for link in links} == {200}


@pytest.mark.parametrize("typed", ["", "kind", '"', "\x00", "a" * 5000, "new assistant"])
def test_it_answers_whatever_is_typed_at_a_constant_cost(cast: Cast, typed: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            found(client, typed)
        return len(captured)

    client = cast.client("admin")
    make_assistant(cast.workspace)
    found(client, typed)
    few = count()
    for number in range(12):
        make_assistant(cast.workspace, name=f"Number {number}")
    assert count() == few
    assert few <= 5


def test_a_browser_that_opens_it_as_a_page_gets_the_list(cast: Cast) -> None:
    response = cast.client("viewer").get(PALETTE)
    assert (response.status_code, response["Location"]) == (302, "/w/main/assistants/")


def test_pages_have_a_link_to_it_that_works_without_a_script(cast: Cast) -> None:
    text = cast.client("viewer").get("/w/main/team/").content.decode()
    assert (
        '<a class="palette-link" href="/w/main/assistants/" data-palette data-key="mod+k">' in text
    )
    assert "data-palette" not in cast.client("viewer").get("/account/").content.decode()

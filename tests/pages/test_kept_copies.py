"""Other pages say what is kept, ask before they drop it, and show it to its owner alone."""

import pytest
from django.test import Client

from admin_ui.accounts.permissions import Role
from tests.conftest import Cast
from tests.pages.play import Play

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("steps", "page", "words", "told"),
    [
        ("A opens", "review", "is not in this draft", None),
        ("A opens; A types Mon 1", "review", "is not in this draft", False),
        ("A opens; A types Mon ?", "review", "is not in this draft", True),
        ("A opens; role viewer", "", "Your text is kept", False),
        ("A opens; A types Mon 1; role viewer", "", "Your text is kept", True),
        (
            "A opens; role viewer; A types Mon 1 = 403 - role back",
            "",
            "Your text is kept",
            True,
        ),
        ("A opens; A types Mon 1; publishes", "restore/1", "Restoring discards it", False),
        ("A opens; A types Mon ?; publishes", "restore/1", "Restoring discards it", True),
        ("A opens; A types Mon 1; publishes", "discard", "also discards earlier text", None),
        ("A opens; A types Mon ?; publishes", "discard", "also discards earlier text", True),
        ("A opens; A types Mon ?", "discard", "is not valid yet", True),
    ],
)
def test_other_pages_say_what_is_kept(
    cast: Cast, steps: str, page: str, words: str, told: bool | None
) -> None:
    play = Play(cast, "temperature")
    for step in steps.split("; "):
        play.step(step)
    if page.startswith("restore"):
        play.role(Role.PUBLISHER)
    answer = play.clients["editor"].get(play.address(page).replace("//", "/"))
    if told is None:
        assert answer["Location"] == play.address()
    else:
        assert answer.status_code == 200
        assert (words in answer.content.decode()) == told


def test_restoring_asks_before_it_drops_what_was_typed(cast: Cast) -> None:
    play = Play(cast, "temperature")
    for step in ("A opens", "A types Mon ?", "publishes", "role publisher"):
        play.step(step)
    path = play.address("restore/1")
    assert play.clients["editor"].post(path).status_code == 409
    assert play.result() == "Mon . - earlier"
    assert play.clients["editor"].post(path, {"replace": "1"}).status_code == 303
    assert play.result() == "Start . saved"


@pytest.mark.parametrize("who", ["editor", "publisher"])
def test_a_form_with_an_old_token_is_kept_for_who_typed_it_alone(cast: Cast, who: str) -> None:
    play = Play(cast, "temperature")
    play.step("A opens")
    client = Client(enforce_csrf_checks=True)
    client.force_login(play.member(who).user)
    fields = play.pages["A"] | play.fields("Mon", "1")
    answer = client.post(play.address(), fields, headers={"Origin": "http://testserver"})
    assert answer.status_code == 403
    assert ("omeone else opened this page" in answer.content.decode()) == (who == "publisher")
    play.who = who
    assert play.result() == {"editor": "Mon 1 kept typed", "publisher": "Start . -"}[who]


def test_nobody_reads_or_drops_the_text_of_somebody_else(cast: Cast) -> None:
    play = Play(cast, "temperature")
    for step in ("A opens", "A types Mon 1", "B opens", "B types Tue ?", "publishes"):
        play.step(step)
    pk = play.earlier()
    play.who = "publisher"
    play.query = f"?typed={pk}"
    assert play.result() == "Tue 1 -"
    play.clients["publisher"].post(play.address(), {"action": "drop", "copy": pk})
    play.who = "editor"
    assert play.result() == "Tue ? kept older"

"""Looking at instructions while they are typed: who may, what is shown, and what never is."""

import time

import pytest
from django.test import Client

from admin_ui.accounts.models import Stash
from assistants.models import Draft
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
ADDRESS = "/w/main/preview/"
HTMX = {"HX-Request": "true"}


def shown(client: Client, text: str, **fields: str) -> str:
    """Return the fragment that an open editor gets."""
    answer = client.post(ADDRESS, {"instructions": text, **fields}, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("viewer", 403), ("editor", 200), ("publisher", 200), ("stranger", 404), ("anonymous", 302)],
)
def test_those_who_edit_may_look(cast: Cast, who: str, status: int) -> None:
    client = Client() if who == "anonymous" else cast.client(who)
    assert client.post(ADDRESS, {"instructions": "# Hi"}).status_code == status
    assert cast.client("editor").get(ADDRESS).status_code == 405


def test_markdown_is_shown_as_html(cast: Cast) -> None:
    html = shown(cast.client("editor"), "# Tone\r\n\r\nBe **kind**.\r\n")
    assert '<h1 dir="auto">Tone</h1>' in html
    assert "<strong>kind</strong>" in html
    assert "<html" not in html


def test_without_scripts_it_is_a_page(cast: Cast) -> None:
    answer = cast.client("editor").post(ADDRESS, {"instructions": "# Tone", "name": "x"})
    page = answer.content.decode()
    assert "<html" in page
    assert '<h1 dir="auto">Tone</h1>' in page


def test_invisible_characters_are_named(cast: Cast) -> None:
    client = cast.client("editor")
    html = shown(client, "Be\u200bkind <b>", **{"as": "characters"})
    assert "zero-width space" in html
    assert "&lt;b&gt;" in html
    assert "No unusual invisible characters." in shown(client, "Be kind", **{"as": "characters"})


def test_what_is_empty_or_too_long_is_said(cast: Cast) -> None:
    client = cast.client("editor")
    assert "the instructions are empty" in shown(client, "")
    html = shown(client, "a" * 256_001, **{"as": "characters"})
    assert "the first 256,000 of 256,001 characters" in html
    too_large = {"instructions": "a" * 4_000_000}
    assert client.post(ADDRESS, too_large, headers=HTMX).status_code == 413


@pytest.mark.slow
def test_a_hostile_text_takes_a_bounded_time(cast: Cast) -> None:
    started = time.thread_time()
    html = shown(cast.client("editor"), "[a](" * 64_000)
    assert time.thread_time() - started < 5, "without the bound it takes a quarter of a minute"
    assert "of 256,000 characters" in html


def test_nothing_is_saved(cast: Cast) -> None:
    shown(cast.client("editor"), "# Hi", tab="1-page")
    assert not Draft.objects.exists()
    assert not Stash.objects.exists()

"""The page on which owners erase a text, and what pages say of it afterwards."""

import re

import pytest

from assistants.models import Draft, Erasure
from assistants.services.editing.restore import restore_as_draft
from assistants.services.erasing.erase import erase_text
from assistants.services.errors import TextErased
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from assistants.unwanted import BLACK
from tests.confirming import grown_stale
from tests.erasing.conftest import LINES, Past
from tests.pages.reading import fields_of
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/people/erasures/"


def test_an_owner_looks_first_and_then_erases(past: Past) -> None:
    client = past.client()
    assert "Nothing has been erased." in client.get(PAGE).content.decode()
    form = {"text": past.secret, "reason": "It was leaked."}
    looked = client.post(PAGE, form).content.decode()
    places = re.findall(r"2 versions|1 draft|\d+ other entries", looked)
    assert len(places) == 3
    for version in (1, 2):
        link = (
            rf'assistants/{past.assistant.pk}/history/{version}/"><bdi>Support</bdi>\s+v{version}<'
        )
        assert re.search(link, looked)
    assert not Erasure.objects.exists()
    done = client.post(PAGE, {**form, "act": "erase"}, follow=True).content.decode()
    told = done.partition("The text is erased")[2].partition("</p>")[0]
    assert [place for place in places if place not in told] == []
    assert re.search(r'data-label="Versions">2<', done)
    assert "It was leaked." in done
    assert past.secret not in done


def test_what_cannot_be_erased_is_said(past: Past) -> None:
    client = past.client()
    said = client.post(PAGE, {"text": "Line 7 of the", "reason": "x", "act": "erase"})
    assert said.status_code == 409
    assert "(live)" in said.content.decode()
    assert client.post(PAGE, {"text": "abc", "reason": ""}).status_code == 422
    said = client.post(PAGE, {"text": past.secret, "reason": f"It is {past.secret}"})
    assert "leave the text itself out of it" in said.content.decode()
    nowhere = client.post(PAGE, {"text": "never written", "reason": "x"}).content.decode()
    assert "Nothing has this text" in nowhere
    assert not Erasure.objects.exists()


def test_it_asks_for_a_recent_confirmation(past: Past) -> None:
    client = grown_stale(past.client())
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, {"text": past.secret, "reason": "x"}).status_code == 302


def test_pages_of_the_history_say_what_was_erased(past: Past) -> None:
    client = past.client()
    client.post(PAGE, {"text": past.secret, "reason": "It was leaked.", "act": "erase"})
    root = f"/w/main/assistants/{past.assistant.pk}"
    for page in ("history/1/", "compare/1..3/"):
        shown = client.get(f"{root}/{page}").content.decode()
        assert "erased a text from this version" in shown, page
        assert "It was leaked." in shown, page
        assert BLACK in shown, page
    assert "erased a text" not in client.get(f"{root}/history/3/").content.decode()
    for page in ("history/", "history/1/", "compare/1..3/", "restore/1/parts/"):
        shown = client.get(f"{root}/{page}").content.decode()
        assert f'href="{root}/restore/1/"' not in shown, page
        assert f"{root}/restore/1/parts/" in shown or "restore" in page, page
    shown = client.get(f"{root}/lines/?version=2").content.decode()
    assert shown.count(">Erased text</a>") == 1
    refused = client.get(f"{root}/restore/1/", follow=True).content.decode()
    assert "so it cannot be restored as a whole" in refused
    first = past.assistant.revisions.get(number=1)
    with pytest.raises(TextErased):
        restore_as_draft(author=past.cast.publisher, assistant=past.assistant, revision=first)
    assert not Draft.objects.filter(user=past.cast.publisher.user).exists()


def test_only_parts_that_lack_no_text_are_restored(past: Past) -> None:
    past.client().post(PAGE, {"text": past.secret, "reason": "It was leaked.", "act": "erase"})
    row, author = fresh(past.assistant), past.cast.publisher
    anew = live_definition(row).replace(instructions=LINES.replace("Line 3 ", "Row 3 "))
    publish(author=author, assistant=row, wanted=anew, base=row.live)
    client = past.cast.client("publisher")
    page = f"/w/main/assistants/{row.pk}/restore/2/parts/"
    shown = client.get(page)
    offered = re.findall(r'name="((?:choice|pick)-[^"]+)"', shown.content.decode())
    assert offered == ["pick-instructions-1"], "the rest lacks a text"
    for field in ("choice-tools", "pick-instructions-2"):
        refused = client.post(page, {**fields_of(shown), field: "mine"})
        assert refused.status_code == 422
        assert "A text was erased from something that you ticked" in refused.content.decode()
    assert client.post(page, {**fields_of(shown), offered[0]: "mine"}).status_code == 303
    draft = Draft.objects.get(user=author.user)
    assert draft.definition.value("instructions") == LINES


def test_a_script_learns_why_a_version_is_not_restored(past: Past) -> None:
    erase_text(actor=past.owner, text=past.secret, reason="Leaked")
    answer = past.cast.client("publisher").post(
        f"/api/w/main/assistants/{past.assistant.pk}/restore",
        {"revision": 1},
        content_type="application/json",
    )
    assert answer.status_code == 409
    assert "A text was erased from this version" in answer.content.decode()

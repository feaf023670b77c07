"""A person whose pages keep the server busy waits; colleagues do not, and nothing typed is lost."""

import logging
import re

import pytest
from django.test import Client
from pytest_django import Settings

from admin_ui.accounts.guard import costly
from assistants.models import Assistant, Draft
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.pages.conftest import live, published

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["live", "published"]


def exhaust(cast: Cast, who: str) -> None:
    """Let a person have asked for a lot a moment ago, and their pages behind themselves too."""
    for quiet in (False, True):
        caller = (getattr(cast, who).user.pk, quiet)
        costly.COSTLY_SECONDS.charge(caller, 1000, longest_wait=costly.LONGEST_REFUSAL)


def page(assistant: Assistant, name: str) -> str:
    return f"/w/main/assistants/{assistant.pk}/{name}"


def drafted(cast: Cast, assistant: Assistant) -> Draft:
    wanted = live_definition(assistant).replace(instructions="Be kind.")
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    return Draft.objects.get()


def test_who_has_used_up_their_time_waits_and_others_do_not(
    cast: Cast, live: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    pia, emil = cast.client("publisher"), cast.client("editor")
    address = page(live, "compare/1..live/")
    assert pia.get(address).status_code == 200
    exhaust(cast, "publisher")
    with caplog.at_level(logging.WARNING):
        answers = [pia.get(address) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429] * 3
    assert answers[0]["Retry-After"] == "10"
    text = answers[0].content.decode()
    assert "Wait 10 seconds, then try again." in text
    assert f'href="{address}"' in text
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == (
        f"429, 1 times: costly pages of user {cast.publisher.user.pk} ('pia@example.com'),"
        f" now {address}, from 127.0.0.1"
    )
    assert emil.get(address).status_code == 200
    for cheap in ("/w/main/", "/w/main/assistants/", page(live, "edit/"), page(live, "history/")):
        assert pia.get(cheap).status_code == 200, cheap


def test_the_time_that_pages_take_is_counted(cast: Cast, live: Assistant) -> None:
    pia = cast.client("publisher")
    pia.get(page(live, "edit/"))
    assert len(costly.COSTLY_SECONDS) == 0
    pia.get(page(live, "compare/1..live/"))
    assert (cast.publisher.user.pk, False) in costly.COSTLY_SECONDS


def test_what_pages_ask_behind_themselves_takes_nothing_from_the_person(
    cast: Cast, live: Assistant
) -> None:
    """Whoever looks through many assistants on a slow gateway can still publish."""
    caller = (cast.publisher.user.pk, True)
    costly.COSTLY_SECONDS.charge(caller, 1000, longest_wait=costly.LONGEST_REFUSAL)
    pia = cast.client("publisher")
    assert htmx(pia, page(live, "check/?seen=x"))[0] == 429
    assert pia.get(page(live, "compare/1..live/")).status_code == 200


def test_it_is_counted_when_a_page_fails(cast: Cast, live: Assistant, settings: Settings) -> None:
    settings.COSTLY_SECONDS_PER_MINUTE = 1e-6
    pia = cast.client("publisher")
    assert pia.get(page(live, "compare/1..999/")).status_code == 404
    assert pia.get(page(live, "compare/1..999/")).status_code == 429


def test_no_budget_means_no_limit(cast: Cast, live: Assistant, settings: Settings) -> None:
    settings.COSTLY_SECONDS_PER_MINUTE = 0
    exhaust(cast, "publisher")
    assert cast.client("publisher").get(page(live, "compare/1..live/")).status_code == 200


@pytest.mark.parametrize("name", ["review/", "delete/"])
def test_a_note_is_kept(cast: Cast, live: Assistant, name: str) -> None:
    drafted(cast, live)
    who = "publisher" if name == "review/" else "admin"
    client = cast.client(who)
    about = re.findall(
        r'name="about" value="([^"]+)"', client.get(page(live, name)).content.decode()
    )
    sent = {"note": "Because of the new rules.", "about": about}
    exhaust(cast, who)
    typed = client.post(page(live, name), {"action": "keep", "note": "Because", "about": about})
    assert (typed.status_code, typed["X-Kept"]) == (204, "true"), "typing is never refused"
    answer = client.post(page(live, name), sent)
    assert answer.status_code == 429
    assert "What you typed is kept." in answer.content.decode()
    assert live.revisions.count() == 1
    costly.COSTLY_SECONDS.clear()
    assert "Because of the new rules." in client.get(page(live, name)).content.decode()
    assert client.post(page(live, name), sent).status_code == 303
    assert live.revisions.get(number=2).note == "Because of the new rules."


def test_typing_is_never_refused(cast: Cast, live: Assistant) -> None:
    pia = cast.client("publisher")
    exhaust(cast, "publisher")
    text = pia.get(page(live, "edit/")).content.decode()
    assert 'id="editor"' in text
    form = {"base": "1", "instructions": "Typed.", "model": "gpt-5", "action": "keep"}
    assert pia.post(page(live, "edit/"), form).status_code == 200
    assert pia.post(page(live, "edit/"), {**form, "action": "draft"}).status_code == 303
    assert Draft.objects.get().definition.value("instructions") == "Typed."


def htmx(client: Client, address: str) -> "tuple[int, str | None, str | None, str]":
    answer = client.get(address, headers={"HX-Request": "true"})
    reswap, retarget = answer.get("HX-Reswap"), answer.get("HX-Retarget")
    return answer.status_code, reswap, retarget, answer.content.decode()


def test_a_fragment_says_so_above_the_page_and_leaves_the_rest(cast: Cast, live: Assistant) -> None:
    exhaust(cast, "viewer")
    vera = cast.client("viewer")
    status, reswap, retarget, text = htmx(vera, "/w/main/assistants/?q=support")
    assert (status, reswap, retarget) == (429, "innerHTML show:#notices:top", "#notices")
    assert "Wait 10 seconds" in text
    assert "<html" not in text
    assert htmx(vera, "/w/main/assistants/?q=")[0] == 200
    # What the page asks for behind itself disturbs nobody.
    assert htmx(vera, page(live, "check/?seen=x")) == (429, "none", None, "")

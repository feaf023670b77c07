"""Unconfirmed, refused, stored differently, gone: what pages say, and offer to each role."""

import re

import pytest
from django.test import override_settings

from assistants.models import Assistant
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight
from tests.pages.trouble import address, asked_by, checked, page, put_in, text_of, unlooked
from tests.services.conftest import fresh
from tests.services.undelivered import held, in_doubt, tried
from tests.upstream import Upstream, refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked"),
]


STATES = ("unconfirmed", "not_delivered", "rejected", "late", "differs", "outside")


@pytest.mark.parametrize(
    ("state", "told", "editor", "publisher"),
    [
        ("unconfirmed", "not certain", "Check again", "Check again, Send again …"),
        ("not_delivered", "was not delivered", "", "Send again …"),
        ("rejected", "refused the last change", "", "Send again …"),
        ("late", "is taking too long", "Check again", "Check again"),
        ("differs", "stored something different", "", "Send again …, Accept stored version"),
        ("outside", "Changed outside", "See the difference", "See the difference, Mark as seen"),
    ],
)  # fmt: skip
def test_pages_say_what_is_the_matter_and_offer_what_the_role_may(
    cast: Cast, state: str, told: str, editor: str, publisher: str
) -> None:
    assistant = make_assistant(cast.workspace)
    put_in(state, cast, assistant)
    offered = {"viewer": "", "editor": editor, "publisher": publisher}
    for who, expected in offered.items():
        for path in ("", "history/", "history/1/", "code/"):
            text = page(cast, who, assistant, path)
            banner = text[text.index('id="delivery"') :].split("</div></div>")[0]
            assert told in banner, (who, path)
            buttons = re.findall(r'class="button small"[^>]*><svg.*?</svg>(.*?)</', tight(banner))
            assert ", ".join(buttons) == expected, (who, path)


@pytest.mark.parametrize("state", ["differs", "outside"])
def test_the_page_of_a_revision_does_not_lead_to_itself(cast: Cast, state: str) -> None:
    assistant = make_assistant(cast.workspace)
    put_in(state, cast, assistant)
    for number, leads in ((1, True), (2, False)):
        shown = page(cast, "publisher", assistant, f"history/{number}/")
        after = checked(cast, assistant, shown, "publisher")
        for text in (shown[shown.index('id="delivery"') :], after):
            assert (">Details</a>" in text) is leads
            assert ("See the difference" in text) is (leads and state == "outside")


def test_an_editor_is_told_once_that_it_was_changed_outside(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    wanted = live_definition(assistant).replace(name="Mine")
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    before = page(cast, "publisher", assistant, "edit/")
    held(remote, assistant)["model"] = "theirs"
    after = checked(cast, assistant, before, "publisher")
    after += asked_by(cast, assistant, before, "publisher")
    for text in (after, page(cast, "publisher", assistant, "edit/")):
        assert text.count("Changed outside this dashboard") == 1
        assert "Mark as seen" not in text
    assert "Mark as seen" in page(cast, "publisher", assistant)


def test_nothing_is_said_when_all_is_well(cast: Cast) -> None:
    assistant = change(make_assistant(cast.workspace), temperature=1)
    for path in ("", "history/", "history/2/", "code/"):
        assert '<div id="delivery" class="banners"></div>' in page(cast, "editor", assistant, path)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("create", "It is not certain whether this assistant was created."),
        ("recreate", "It is not certain whether this assistant was recreated."),
        ("delete", "It is not certain whether this assistant was deleted."),
    ],
)
def test_creating_and_deleting_in_doubt_is_called_so(cast: Cast, kind: str, told: str) -> None:
    assistant = make_assistant(cast.workspace)
    change(assistant, kind=kind, status="unconfirmed")
    text = page(cast, "viewer", assistant)
    assert told in text
    assert ("a publisher decides" in text) == (kind != "delete")


def test_whoever_has_a_draft_is_led_to_it(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    tried(cast, assistant, remote, refused("No such model."), model="gpt-5.2")
    text = page(cast, "editor", assistant)
    assert "No such model." in text
    link = f'<a class="button small" href="{address(assistant, "edit/")}">'
    assert link in text
    assert link not in page(cast, "admin", assistant), "she has none"
    assert link not in page(cast, "editor", assistant, "edit/"), "he is there already"


def test_checking_again_says_what_became_of_it(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    client = cast.client("editor")
    in_doubt(cast, assistant, model="gpt-5.2")
    client.post(address(assistant, "settle/"))
    text = text_of(client.get(address(assistant)))
    assert "Checked: the gateway does not have the change yet. It may still arrive" in text
    with override_settings(LATE_LANDING_SECONDS=0):
        client.post(address(assistant, "settle/"))
    assert "Checked: the change was not delivered." in text_of(client.get(address(assistant)))
    in_doubt(cast, assistant, model="gpt-5.2")
    held(remote, assistant)["model"] = "gpt-5.2"
    client.post(address(assistant, "settle/"))
    assert "Checked: v2 is live." in text_of(client.get(address(assistant)))


def test_what_is_gone_can_be_recreated_from_any_version(
    cast: Cast, assistant: Assistant, remote: Upstream
) -> None:
    wanted = live_definition(assistant).replace(model="gpt-5.2")
    publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert "recreate/" not in page(cast, "publisher", assistant)
    remote.assistants.clear()
    unlooked(assistant)
    checked(cast, assistant, page(cast, "viewer", assistant))

    history = page(cast, "publisher", assistant)

    link = r'href="([^"]+)"><svg[^>]+><[^>]+></svg>Recreate from this version'
    links = re.findall(link, tight(history))
    assert links == [address(assistant, f"recreate/?revision={number}") for number in (2, 1)]
    assert "restore/" not in history
    assert "Recreate from this version" not in page(cast, "editor", assistant)
    client = cast.client("publisher")
    assert "gpt-4o" in text_of(client.get(links[1]))
    client.post(address(assistant, "recreate/"), {"revision": "1"})
    assert live_definition(fresh(assistant)).value("model") == "gpt-4o"

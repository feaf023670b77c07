"""A note on a review: it is there again after looking elsewhere, however soon."""

import pytest
from playwright.sync_api import Request, expect

from assistants.models import Assistant, Revision
from tests.conftest import Cast
from tests.e2e.browsing import address
from tests.e2e.conftest import Browse
from tests.hostile.test_hostile_person import drafted

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def sends_note(request: Request) -> bool:
    return request.method == "POST" and request.url.endswith("/review/")


def test_a_note_waits_while_its_author_looks_elsewhere(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    drafted(cast, live)
    page = browse("publisher")
    page.goto(address(live, "review/"))
    with page.expect_response(lambda answer: sends_note(answer.request)) as kept:
        page.fill("#id_note", "Because of")
    assert kept.value.headers["x-kept"] == "true"
    page.goto("/w/main/")
    page.goto(address(live, "review/"))
    expect(page.locator("#id_note")).to_have_value("Because of")
    with page.expect_response(lambda answer: sends_note(answer.request)):
        page.fill("#id_note", "Because of the")
    page.go_back()
    page.go_back()
    expect(page.locator("#id_note")).to_have_value("Because of the")
    with page.expect_request(sends_note):
        page.fill("#id_note", "Because of the new rules.")
        page.get_by_role("link", name="Back to editing").click()
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#id_note")).to_have_value("Because of the new rules.")
    page.locator("#id_note").press("End")
    page.locator("#id_note").press_sequentially(" Soon.")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("It is in effect for everyone now.")).to_be_visible()
    assert Revision.objects.filter(note__endswith="rules. Soon.").exists()


def test_a_note_of_somebody_signed_out_is_not_left_unasked(
    browse: Browse, cast: Cast, live: Assistant
) -> None:
    drafted(cast, live)
    page = browse("publisher")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.goto(address(live, "review/"))
    page.context.clear_cookies(name="sessionid")
    page.fill("#id_note", "Typed signed out")
    expect(page.locator("#notices")).to_contain_text("The text on this page stays here")
    with page.expect_event("dialog"):
        page.get_by_role("button", name="Publish", exact=True).click()
    assert asked == ["beforeunload"]
    expect(page.locator("#id_note")).to_have_value("Typed signed out")

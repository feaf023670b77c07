"""Discussing a change request: a reviewer on a phone comments and suggests, the author accepts."""

import pytest
from playwright.sync_api import Page, expect

from assistants.diff.following.anchors import LineRange
from assistants.models import Assistant, ChangeRequest
from assistants.services.change_requests.talking import begin_thread, withdraw_comment
from tests.conftest import Cast
from tests.discussion.conftest import TEXT, assistant, draft_text, request_of_emil, send_round
from tests.e2e.browsing import PHONE, faults_in_all_looks
from tests.e2e.conftest import Browse

__all__ = ["assistant", "request_of_emil"]  # fixtures
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
ROOT = "/w/main/requests/1/"


def passes(page: Page) -> None:
    page.evaluate("for (const each of document.querySelectorAll('.talk details')) each.open = true")
    assert faults_in_all_looks(page) == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_reviewer_suggests_on_a_phone_and_the_author_accepts(
    browse: Browse, cast: Cast, assistant: Assistant, request_of_emil: ChangeRequest, scripts: bool
) -> None:
    vera = browse("viewer", viewport=PHONE, java_script_enabled=scripts)
    vera.goto(ROOT)
    vera.locator("#discussion").get_by_role("link", name="Comment", exact=True).click()
    vera.get_by_label("Comment").fill("Is **this** agreed, @Pia?")
    vera.get_by_role("button", name="Comment", exact=True).click()
    expect(vera.get_by_text("Your comment is there.")).to_be_visible()
    expect(vera.locator(".thread b")).to_have_text("@Pia")
    expect(vera.get_by_text("1 unresolved")).to_be_visible()

    vera.goto(ROOT)
    vera.locator("#discussion").get_by_role("link", name="Comment on lines").click()
    vera.get_by_role("link", name="2", exact=True).click()
    vera.get_by_role("link", name="3", exact=True).click()
    vera.get_by_role("button", name="Suggest other words for these lines").click()
    instead = vera.get_by_label("Write instead")
    expect(instead).to_have_value("\n".join(TEXT.split("\n")[1:3]))
    instead.fill("Refund every order within ten days.")
    vera.get_by_label("Why").fill("Shorter.")
    vera.get_by_role("button", name="Suggest", exact=True).click()
    expect(vera.get_by_text("2 unresolved")).to_be_visible()
    expect(vera.get_by_role("button", name="Accept into my draft")).to_have_count(0)

    emil = browse("editor", java_script_enabled=scripts)
    emil.goto(ROOT)
    first = emil.locator(".thread").filter(has_text="agreed")
    first.get_by_text("Reply", exact=True).first.click()
    first.get_by_label("Your reply").fill("Yes, it is.")
    first.get_by_role("button", name="Reply").click()
    expect(emil.get_by_text("Yes, it is.")).to_be_visible()
    emil.get_by_role("button", name="Accept into my draft").click()
    expect(emil.get_by_text("1 suggestion is in your draft now.")).to_be_visible()
    assert draft_text(cast, assistant).split("\n")[1] == "Refund every order within ten days."
    emil.get_by_role("button", name="Resolve").click()
    expect(emil.get_by_text("Every thread is resolved.")).to_be_visible()
    emil.get_by_role("link", name="Show 2 resolved threads").click()
    expect(emil.get_by_text("accepted this suggestion")).to_be_visible()


def test_members_are_offered_while_a_comment_is_typed(
    browse: Browse, request_of_emil: ChangeRequest
) -> None:
    page = browse("viewer", viewport=PHONE)
    page.goto(f"{ROOT}comment/")
    field, offered = page.get_by_label("Comment"), page.get_by_role("option")
    field.press_sequentially("Is it so, @")
    expect(offered).to_have_text(["Ada", "Emil", "Pia", "Vera"])
    expect(page.get_by_role("status").filter(has_text="4 members")).to_have_count(1)
    assert faults_in_all_looks(page) == []
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "mention-option-1")
    field.press_sequentially("p")
    expect(offered).to_have_text(["Pia"])
    field.press("Enter")
    expect(field).to_have_value("Is it so, @Pia ")
    expect(offered).to_have_count(0)
    field.press_sequentially("and a@b, @e")
    offered.click()
    expect(field).to_be_focused()
    field.press_sequentially("or @v")
    field.press("Escape")
    field.press("Enter")
    expect(field).to_have_value("Is it so, @Pia and a@b, @Emil or @v\n")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".thread b")).to_have_text(["@Pia", "@Emil"])


def test_every_page_of_a_discussion_passes(
    browse: Browse, cast: Cast, request_of_emil: ChangeRequest
) -> None:
    of = request_of_emil.rounds.get()
    for lines, replacement in ((LineRange(2, 3), "Refund."), (LineRange(6, 6), None)):
        step = begin_thread(
            author=cast.viewer,
            request=request_of_emil,
            of=of,
            field="instructions",
            lines=lines,
            text="# Why\n\n- `this`\n\n| a | b |\n|---|---|\n| 1 | 2 |",
            replacement=replacement,
        )
    withdrawn = begin_thread(author=cast.viewer, request=request_of_emil, of=of, text="Oops")
    withdraw_comment(author=cast.viewer, step=withdrawn)
    send_round(cast.editor, request_of_emil.assistant, TEXT.replace("language", "words"))
    emil = browse("editor")
    emil.goto(ROOT)
    expect(emil.get_by_text("1 outdated thread")).to_be_visible()
    passes(emil)
    for path in (
        "discussion/",
        "discussion/?resolved=1",
        "lines/?from=2",
        "comment/?field=instructions&first=2&last=3&suggest=1",
        "comment/?field=temperature",
        f"threads/{step.thread_id}/",
    ):
        emil.goto(f"{ROOT}{path}")
        passes(emil)

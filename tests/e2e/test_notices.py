"""Notices: one comes, is opened and read, and its mails end by the link in them."""

import re

import pytest
from playwright.sync_api import expect

from admin_ui.notices.mails.mail_choices import choices_of
from admin_ui.notices.mails.unsubscribing import unsubscribe_link
from tests.conftest import Cast
from tests.e2e.browsing import faults_in_all_looks
from tests.e2e.conftest import Browse
from tests.notices.telling import tell

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_a_notice_is_opened_and_read(browse: Browse, cast: Cast) -> None:
    page = browse("editor")
    page.goto("/w/main/")
    expect(page.locator(".bell .count")).to_have_count(0)
    tell(cast, cast.editor, path="/w/main/assistants/")
    page.goto("/w/main/")
    expect(page.locator(".bell .count")).to_contain_text("1")
    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page).to_have_title(re.compile("Notices"))
    assert faults_in_all_looks(page) == []
    page.get_by_role("link", name="Pia published Returns and repairs").click()
    expect(page).to_have_url(re.compile("/w/main/assistants/$"))
    expect(page.locator(".bell .count")).to_have_count(0)
    page.goto("/account/notices/")
    expect(page.get_by_role("heading", name="Nothing unread")).to_be_visible()
    assert faults_in_all_looks(page) == []
    page.get_by_role("link", name="All notices").click()
    page.get_by_role("button", name="Mark as unread").click()
    expect(page.locator(".notices .unread")).to_be_visible()


def test_mails_are_chosen_and_end_by_their_link(browse: Browse, cast: Cast) -> None:
    page = browse("editor")
    page.goto("/account/")
    page.get_by_label("Commented").select_option(label="At once")
    page.locator("#mail").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your choices about e-mail are saved.")).to_be_visible()
    assert faults_in_all_looks(page) == []
    assert choices_of(cast.editor.user)["commented"] == "at_once"
    stranger = browse("anonymous")
    stranger.goto(unsubscribe_link(cast.editor.user, "commented"))
    assert faults_in_all_looks(stranger) == []
    stranger.get_by_role("button", name="Stop these mails").click()
    expect(stranger.get_by_role("heading", name="No more mails")).to_be_visible()
    assert choices_of(cast.editor.user)["commented"] == "none"

"""Coming in and going out, the team and its keys, and a session that ends while somebody types."""

import re
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from admin_ui.accounts.models import User
from assistants.models import Assistant, Draft
from tests.conftest import Cast
from tests.e2e.browsing import address
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PASSWORD = "seven green bottles"


@pytest.fixture
def pia(cast: Cast) -> User:
    """The publisher, who has a password."""
    user = cast.publisher.user
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def end_session(page: Page) -> None:
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)


def test_signing_in_leads_to_the_page_that_was_asked_for(
    browse: Browse, pia: User, live: Assistant
) -> None:
    page = browse("anonymous")
    page.goto(address(live))
    sign_in(page, pia.email, "a wrong guess")
    expect(page.get_by_text("the password is wrong")).to_be_visible()
    expect(page.get_by_label("Email address")).to_have_value(pia.email)
    sign_in(page, pia.email)
    expect(page).to_have_url(re.compile(address(live) + "$"))
    page.get_by_text("Your menu").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(address(live))
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_signing_out_clears_the_other_tabs(browse: Browse, pia: User, live: Assistant) -> None:
    page = browse("anonymous")
    page.goto(address(live))
    sign_in(page, pia.email)
    other, open_editor = page.context.new_page(), page.context.new_page()
    other.goto("/w/main/team/")
    open_editor.goto(address(live))
    page.get_by_text("Your menu").locator("..").click()
    page.get_by_role("button", name="Sign out").click()
    for tab in (page, other, open_editor):
        expect(tab.get_by_role("heading", name="Sign in")).to_be_visible()
    assert other.url.endswith("/accounts/login/?next=/w/main/team/")


def test_a_session_that_ends_leaves_the_tabs_as_they_are(
    browse: Browse, pia: User, live: Assistant
) -> None:
    page = browse("anonymous")
    page.goto(address(live))
    sign_in(page, pia.email)
    editor = page.context.new_page()
    editor.goto(address(live))
    end_session(page)
    page.goto("/w/main/team/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.wait_for_timeout(500)
    expect(editor.locator("#editor")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_was_typed_outlives_the_session(
    browse: Browse, pia: User, live: Assistant, scripts: bool
) -> None:
    page = browse("anonymous", java_script_enabled=scripts)
    page.goto(address(live))
    sign_in(page, pia.email)
    page.wait_for_load_state()  # what is typed before it is saved at once
    page.fill("[name=instructions]", "Be kind.\nBe thorough.")
    page.fill("[name=metadata-0-value]", "sales")
    end_session(page)
    page.get_by_role("button", name="Review and publish").click()
    expect(page.get_by_text("You were signed out. What you typed is kept")).to_be_visible()
    sign_in(page, pia.email)
    expect(page.get_by_text("This is your latest text")).to_be_visible()
    expect(page.locator("[name=instructions]")).to_have_value("Be kind.\nBe thorough.")
    assert not Draft.objects.exists()
    page.get_by_role("button", name="Review and publish").click()
    expect(page.locator("#change-instructions ins")).to_have_text("thorough")
    expect(page.locator("#change-metadata")).to_contain_text("sales")


def insert(page: Page, text: str) -> None:
    """Type at once, so that no save finds a part of it."""
    page.locator("[name=instructions]").focus()
    page.keyboard.insert_text(text)


def test_a_session_that_ends_while_somebody_types_takes_them_nowhere(
    browse: Browse, pia: User, live: Assistant
) -> None:
    page = browse("anonymous")
    page.goto(address(live))
    sign_in(page, pia.email)
    insert(page, "Before. ")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    end_session(page)
    insert(page, "After. ")
    notice = page.locator("#notices")
    expect(notice).to_contain_text("You are signed out. What you typed is kept.")
    expect(page.locator("[name=instructions]")).to_be_focused()
    assert str(Draft.objects.get().definition.value("instructions")).startswith("Before. Be kind")

    with page.context.expect_page() as opened:
        notice.get_by_role("link", name="Sign in in a new tab").click()
    sign_in(opened.value, pia.email)
    expect(opened.value.get_by_role("heading", name="Home")).to_be_visible()
    opened.value.close()
    insert(page, "Later. ")
    expect(page.locator("#saved")).to_have_text(re.compile("Draft saved"))
    expect(notice).to_have_text("")
    text = str(Draft.objects.get().definition.value("instructions"))
    assert text.startswith("Before. After. Later. ")


def test_what_was_typed_outlives_a_session_that_ends_before_a_row_is_added(
    browse: Browse, pia: User, live: Assistant
) -> None:
    page = browse("anonymous")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address(live))
    sign_in(page, pia.email)
    page.fill("[name=name]", "Refund desk")
    end_session(page)
    page.get_by_role("button", name="Add a pair").click()
    sign_in(page, pia.email)
    expect(page.locator("[name=name]")).to_have_value("Refund desk")


def test_somebody_is_invited_and_creates_an_account_by_link(
    browse: Browse, cast: Cast, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    admin = browse("admin", permissions=["clipboard-read", "clipboard-write"])
    admin.goto("/w/main/team/")
    admin.get_by_label("Email address").fill("nora@example.com")
    admin.get_by_label("Name").fill("Nora")
    admin.get_by_label("Role", exact=True).select_option(label="Editor")
    admin.get_by_role("button", name="Invite").click()
    expect(admin.get_by_text("Send this link to nora@example.com")).to_be_visible()
    admin.get_by_role("button", name="Copy the link").click()
    expect(admin.locator("#announcer")).to_have_text("Copied.")
    link = admin.evaluate("navigator.clipboard.readText()")
    assert link == admin.locator("#one-time-link").inner_text()
    admin.reload()
    expect(admin.locator("#one-time-link")).to_have_count(0)
    expect(admin.get_by_role("row").filter(has_text="nora@example.com")).to_be_visible()

    nora = browse("anonymous")
    nora.goto(link)
    expect(nora.get_by_text("nora@example.com")).to_be_visible()
    expect(nora.get_by_label("Your name")).to_have_value("Nora")
    nora.get_by_label("Password").fill(PASSWORD)
    nora.get_by_role("button", name="Create the account and join").click()
    expect(nora).to_have_url(re.compile("/w/main/$"))
    expect(nora.get_by_role("link", name="New assistant").first).to_be_visible()
    nora.goto(link)
    expect(nora.get_by_role("heading", name="This invitation is no longer open")).to_be_visible()


def test_a_role_is_changed_and_a_member_removed_but_the_last_admin_stays(
    browse: Browse, cast: Cast
) -> None:
    page = browse("admin")
    page.goto("/w/main/team/")
    emil = page.get_by_role("row").filter(has_text="emil@example.com")
    emil.get_by_label("Role of Emil").select_option(label="Publisher")
    expect(page.get_by_text("The role of Emil is now Publisher.")).to_be_visible()
    emil.get_by_role("link", name="Remove Emil").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Emil is no longer in the team.")).to_be_visible()
    expect(emil).to_have_count(0)

    ada = page.get_by_role("row").filter(has_text="ada@example.com")
    expect(ada).to_contain_text("Admin")
    expect(ada.get_by_label("Role of Ada")).to_have_count(0)
    expect(ada.get_by_role("link", name="Remove Ada")).to_have_count(0)


def test_an_api_key_is_shown_once_works_and_is_revoked(browse: Browse, live: Assistant) -> None:
    page = browse("admin")
    page.goto("/w/main/keys/")
    page.get_by_label("Name", exact=True).fill("Support chat")
    page.get_by_role("button", name="Create the key").click()
    key = page.locator("#new-key").inner_text()
    path = f"/v1/assistants/{live.remote_id}"
    headers = {"Authorization": f"Bearer {key}", "OpenAI-Beta": "assistants=v2"}
    answer = page.request.get(path, headers=headers)
    assert answer.json()["name"] == "Support"
    page.reload()
    expect(page.locator("#new-key")).to_have_count(0)
    page.get_by_role("link", name="Revoke Support chat").click()
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The key “Support chat” no longer works.")).to_be_visible()
    assert page.request.get(path, headers=headers).status == 401

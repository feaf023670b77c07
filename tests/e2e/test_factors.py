"""Second factors and passkeys in a real browser, from setting one up to signing in with it."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from admin_ui.accounts.identity.providers import read_providers
from tests.accounts.test_second_factor import PASSWORD, code_of
from tests.conftest import Cast
from tests.e2e.browsing import faults_in_all_looks
from tests.e2e.conftest import Browse

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def account(cast: Cast) -> str:
    """The address of Emil, whose password is `PASSWORD`."""
    cast.editor.user.set_password(PASSWORD)
    cast.editor.user.save()
    return cast.editor.user.email


def enter(page: Page, email: str) -> None:
    """Sign in with the password, as far as it goes."""
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_title(re.compile("Sign in"))


def with_authenticator(page: Page) -> Page:
    """Give the browser a device that keeps passkeys and knows its person."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return page


def test_an_app_is_set_up_and_asked_for(browse: Browse, account: str) -> None:
    page = browse("anonymous")
    enter(page, account)
    expect(page).to_have_title(re.compile("Home"))
    page.goto("/account/")
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("#app-key").inner_text()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    found = faults_in_all_looks(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Turn on").click()
    page.get_by_text("This code is wrong").wait_for()
    assert page.locator("#app-key").inner_text() == secret, "the same key, which was scanned"
    page.get_by_label("Code").fill(code_of(secret, 0))
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("#recovery-codes")).to_have_text(re.compile(r"(\d{8}\s+){10}"))
    found += faults_in_all_looks(page)
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_text("10 codes left, for a lost phone.").wait_for()
    found += faults_in_all_looks(page)
    sign_out(page)

    enter(page, account)
    expect(page).to_have_title(re.compile("Second step"))
    found += faults_in_all_looks(page)
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_title(re.compile("Home"))
    assert found == []


def test_a_passkey_signs_in_and_is_a_second_factor(browse: Browse, account: str) -> None:
    page = with_authenticator(browse("anonymous"))
    enter(page, account)
    expect(page).to_have_title(re.compile("Home"))
    page.goto("/account/")
    page.get_by_role("link", name="Add a passkey").click()
    found = faults_in_all_looks(page)
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("link", name="Remove Work laptop").wait_for()
    page.goto("/accounts/confirm/passkey/")
    found += faults_in_all_looks(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_title(re.compile("Home"))
    sign_out(page)

    enter(page, account)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_title(re.compile("Home"))
    sign_out(page)

    found += faults_in_all_looks(page)
    page.goto("/w/main/team/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_title(re.compile("Team"))
    page.goto("/account/")
    page.get_by_role("link", name="Remove Work laptop").click()
    page.get_by_role("button", name="Remove the passkey").click()
    page.get_by_text("The passkey is removed.").wait_for()
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("This passkey does not belong to your account").wait_for()
    assert found == []


def test_the_sign_in_page_of_an_organisation(browse: Browse, settings: Any) -> None:
    row = {
        "id": "corp",
        "name": "Wirtschaftsprüfungsgesellschaft Nordwest",
        "issuer": "https://idp.example",
        "client_id": "dashboard",
        "client_secret": "secret",
        "domains": ["example.org"],
    }
    settings.IDENTITY_PROVIDERS = read_providers(oidc=json.dumps([row]), saml="")
    page = browse("anonymous")
    for settings.SSO_ONLY in (False, True):
        page.goto("/accounts/login/")
        page.get_by_role("link", name="Sign in with Wirtschafts").wait_for()
        assert page.get_by_label("Password", exact=True).is_visible() is not settings.SSO_ONLY
        assert faults_in_all_looks(page) == []
    page.get_by_text("Owners can also use a password").click()
    page.get_by_label("Password", exact=True).wait_for()
    assert faults_in_all_looks(page) == []


def test_a_browser_without_a_passkey_says_what_to_do(browse: Browse) -> None:
    page = browse("anonymous")
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("This browser cannot use passkeys at this address.").wait_for()

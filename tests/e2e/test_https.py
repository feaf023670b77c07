"""With `https` in front, a browser keeps the cookies that only this host can set."""

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from admin_ui.accounts.services import save_account
from tests.conftest import Cast
from tests.e2e.browsing import DESK, counted_requests, watch
from tests.e2e.tls import tls_before

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
PASSWORD = "seven green bottles"


def test_signing_in_and_saving_with_the_names_of_https(
    chromium: Browser, cast: Cast, live_server: Any, settings: Any, tmp_path: Path
) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.SECURE_PROXY_SSL_HEADER = ("SERVER_PROTOCOL", "HTTP/1.1")  # true of every request
    save_account(email=cast.admin.user.email, password=PASSWORD)
    port = int(live_server.url.rpartition(":")[2])
    problems: list[str] = []
    with tls_before(port, tmp_path) as address, counted_requests() as under_way:
        context = chromium.new_context(ignore_https_errors=True, viewport=DESK, locale="en-GB")
        watch(context, address, problems)
        page = context.new_page()
        page.goto(f"{address}/accounts/login/")
        page.get_by_label("Email address").fill(cast.admin.user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.goto(f"{address}/w/main/team/")
        page.get_by_label("Role of Emil").select_option("publisher")
        expect(page.get_by_text("The role of Emil is now Publisher.")).to_be_visible()
        page.locator("[data-theme-choice=dark]").first.dispatch_event("click")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.wait_for_load_state("networkidle")
        cookies = {cookie["name"]: cookie for cookie in context.cookies()}
        names = {"sessionid", "csrftoken", "last_user", "zone"}
        assert cookies.keys() == {f"__Host-{name}" for name in names}
        assert all(cookie["secure"] for cookie in cookies.values())
        context.close()
        while under_way:
            time.sleep(0.01)
    assert problems == []
    cast.admin.user.refresh_from_db()
    assert cast.admin.user.theme == "dark", "a script sent the token"

"""What each cookie of a browser says about itself."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.services import save_account
from tests.conftest import Cast

PASSWORD = "correct horse battery"
READ_BY_SCRIPTS = {"csrftoken"}
"""A script sends it back as a header."""


@pytest.mark.parametrize("https", [True, False])
def test_every_cookie_is_for_this_host_alone(cast: Cast, settings: Any, https: bool) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = https
    prefix = "__Host-" if https else ""
    settings.SESSION_COOKIE_NAME = f"{prefix}sessionid"
    settings.CSRF_COOKIE_NAME = f"{prefix}csrftoken"
    save_account(email=cast.editor.user.email, password=PASSWORD)
    client = Client()
    client.get("/accounts/login/")
    form = {"login": cast.editor.user.email, "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
    client.get("/w/main/")
    names = {"sessionid", "csrftoken", "last_user"}
    assert {f"{prefix}{name}" for name in names} == client.cookies.keys() - {"messages"}
    assert client.post("/account/sessions/end/", {"session": "0"}).status_code == 303
    for name, cookie in client.cookies.items():
        assert name.startswith(prefix)
        assert cookie["samesite"] == "Lax"
        assert (cookie["domain"], cookie["path"]) == ("", "/")
        assert bool(cookie["secure"]) is https
        scripts_read_it = name.removeprefix(prefix) in READ_BY_SCRIPTS
        assert bool(cookie["httponly"]) is not scripts_read_it


@pytest.mark.parametrize("name", ["zone", "__Host-zone"])
def test_the_zone_is_read_from_either_name(cast: Cast, name: str) -> None:
    client = cast.client("viewer")
    client.cookies[name] = "Europe/Vienna"
    assert "Europe/Vienna" in client.get("/w/main/team/").content.decode()


def test_the_settings_name_the_cookies_by_the_address() -> None:
    program = "from admin_ui import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    for url, prefix in (("https://assistants.example.org", "__Host-"), ("http://localhost", "")):
        told = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "SITE_URL": url},
            capture_output=True,
            text=True,
            check=True,
        )
        assert told.stdout.split() == [f"{prefix}sessionid", f"{prefix}csrftoken"]

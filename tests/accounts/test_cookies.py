"""What each cookie of a browser says about itself."""

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
    save_account(email=cast.editor.user.email, password=PASSWORD)
    client = Client()
    client.get("/accounts/login/")
    form = {"login": cast.editor.user.email, "password": PASSWORD}
    assert client.post("/accounts/login/", form).status_code == 302
    assert {"sessionid", "csrftoken", "last_user"} <= client.cookies.keys()
    for name, cookie in client.cookies.items():
        assert cookie["samesite"] == "Lax"
        assert (cookie["domain"], cookie["path"]) == ("", "/")
        assert bool(cookie["secure"]) is https
        assert bool(cookie["httponly"]) is (name not in READ_BY_SCRIPTS)

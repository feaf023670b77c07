"""Signing in, out, the password, and who is sent to the sign-in page."""

import pytest
from django.core.cache import cache
from django.test import Client

from admin_ui.accounts.guard.middleware import LAST_USER_COOKIE
from admin_ui.accounts.services import save_account
from admin_ui.accounts.signing_in.links import password_link
from admin_ui.audit.models import AuditEvent, EventKind
from tests.conftest import Cast

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _no_earlier_tries() -> None:
    cache.clear()


@pytest.fixture
def account(cast: Cast) -> str:
    save_account(email=cast.editor.user.email, password=PASSWORD)
    return cast.editor.user.email


def sign_in(client: Client, email: str, password: str = PASSWORD, to: str = "") -> int:
    data = {"login": email, "password": password, "next": to}
    return client.post("/accounts/login/", data).status_code


def test_sign_in_leads_to_the_only_workspace(account: str) -> None:
    client = Client()
    assert "Sign in" in client.get("/accounts/login/").content.decode()
    response = client.post("/accounts/login/", {"login": account.upper(), "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/")
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, "/w/main/")


def test_sign_in_leads_back_to_where_one_was_going(account: str) -> None:
    client = Client()
    asked = client.get("/w/main/team/?q=a b")
    assert asked["Location"] == "/accounts/login/?next=/w/main/team/%3Fq%3Da%2520b"
    response = client.post(
        asked["Location"], {"login": account, "password": PASSWORD, "next": "/w/main/team/"}
    )
    assert response["Location"] == "/w/main/team/"


def test_sign_in_never_leads_to_another_site(account: str) -> None:
    client = Client()
    data = {"login": account, "password": PASSWORD, "next": "https://evil.example/"}
    assert client.post("/accounts/login/", data)["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(account: str) -> None:
    wrong, unknown = (
        Client().post("/accounts/login/", {"login": login, "password": "wrong"})
        for login in (account, "nobody@example.com")
    )
    for response in (wrong, unknown):
        assert response.status_code == 200
        assert "The email address or the password is wrong." in response.content.decode()
        assert response.context["form"].non_field_errors()
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()


def test_guessing_is_slowed_down(account: str) -> None:
    client = Client()
    for _ in range(5):
        sign_in(client, account, "wrong")
    response = client.post("/accounts/login/", {"login": account, "password": PASSWORD})
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 301
    page = response.content.decode()
    assert "Too many failed attempts. Wait a few minutes" in page
    assert f'value="{account}"' in page, "what was typed stays"


def test_behind_a_proxy_tries_are_counted_for_the_browser_not_the_proxy(
    account: str, settings: object
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    for number in range(12):
        client = Client(headers={"X-Forwarded-For": "203.0.113.9"})
        sign_in(client, f"nobody{number}@example.com", "wrong")
    other = Client(headers={"X-Forwarded-For": "203.0.113.77"})
    assert sign_in(other, account) == 302


def test_a_deactivated_person_cannot_sign_in_nor_stay(account: str, cast: Cast) -> None:
    client = Client()
    assert sign_in(client, account) == 302
    cast.editor.user.refresh_from_db()
    cast.editor.user.is_active = False
    cast.editor.user.save()
    assert client.get("/w/main/team/").status_code == 302
    response = client.post("/accounts/login/", {"login": account, "password": PASSWORD})
    assert response["Location"] == "/accounts/inactive/"
    assert "deactivated" in client.get("/accounts/inactive/").content.decode()


def test_sign_out(account: str) -> None:
    client = Client()
    sign_in(client, account)
    assert client.cookies[LAST_USER_COOKIE].value
    assert "Sign out?" in client.get("/accounts/logout/").content.decode()
    assert client.post("/accounts/logout/")["Location"] == "/accounts/login/"
    assert not client.cookies[LAST_USER_COOKIE].value
    assert "You are signed out." in client.get("/accounts/login/").content.decode()
    assert client.get("/w/main/").status_code == 302


def test_the_cookie_that_names_the_last_user_is_out_of_reach_of_scripts(account: str) -> None:
    client = Client()
    sign_in(client, account)
    cookie = client.cookies[LAST_USER_COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) > 60 * 60 * 24 * 14


def test_nobody_can_sign_up(db: None) -> None:
    client = Client()
    assert "You cannot sign up here yourself" in client.get("/accounts/signup/").content.decode()
    data = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    client.post("/accounts/signup/", data)
    assert sign_in(client, "new@example.com") == 200


@pytest.mark.parametrize("path", ["/accounts/email/", "/accounts/", "/accounts/reauthenticate/"])
def test_pages_that_are_not_offered_do_not_exist(cast: Cast, path: str) -> None:
    assert cast.client("editor").get(path).status_code == 404


def test_change_the_password(account: str) -> None:
    client, elsewhere = Client(), Client()
    sign_in(client, account)
    sign_in(elsewhere, account)
    assert "Current password" in client.get("/accounts/password/change/").content.decode()
    new = "a different passphrase"
    data = {"oldpassword": "wrong", "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", data).status_code == 200
    data["oldpassword"] = PASSWORD
    assert client.post("/accounts/password/change/", data)["Location"] == "/"
    assert client.get("/").status_code == 302
    assert elsewhere.get("/w/main/").status_code == 302, "signed out everywhere else"
    event = AuditEvent.objects.get(kind=EventKind.PASSWORD, actor__isnull=False)
    assert (event.actor_name, event.about) == (account, account)
    assert sign_in(Client(), account, new) == 302


def test_a_one_time_link_leaves_its_token_in_no_further_address(cast: Cast) -> None:
    link = password_link(cast.viewer.user).removeprefix("http://localhost:8000")
    response = Client().get(link)
    assert response.status_code == 302
    assert response["Location"].endswith("-set-password/")


def test_the_front_page(cast: Cast) -> None:
    assert Client().get("/")["Location"] == "/accounts/login/?next=/"
    assert cast.client("viewer").get("/")["Location"] == "/w/main/"


def test_the_front_page_lets_one_choose_between_workspaces(cast: Cast) -> None:
    owner, _ = save_account(email="olga@example.com", is_owner=True)
    client = Client()
    client.force_login(owner)
    page = client.get("/").content.decode()
    assert "/w/main/" in page
    assert "/w/elsewhere/" in page


def test_the_front_page_of_somebody_in_no_workspace(db: None) -> None:
    user, _ = save_account(email="new@example.com")
    client = Client()
    client.force_login(user)
    assert "not in a workspace" in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/w/main/", "/w/nowhere/", "/w/main/no/such/page", "/w/"])
@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "patch", "options"])
def test_whoever_is_not_signed_in_is_sent_to_sign_in(cast: Cast, path: str, method: str) -> None:
    response = getattr(cast.client("anonymous"), method)(path)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path}"


def test_an_htmx_request_takes_the_whole_page_to_sign_in(cast: Cast) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/w/main/assistants/?q=x"}
    response = cast.client("anonymous").get("/w/main/assistants/1/check/", headers=headers)
    assert response.status_code == 200
    assert response["HX-Redirect"] == "/accounts/login/?next=/w/main/assistants/%3Fq%3Dx"


def test_before_setup_the_sign_in_page_says_where_to_begin(db: None) -> None:
    def page() -> str:
        return Client().get("/accounts/login/").content.decode()

    assert "Open the link that the server printed in the terminal." in page()
    assert "/setup/" not in page()
    save_account(email="olga@example.com", is_owner=True)
    assert "An admin of your team can invite you." in page()

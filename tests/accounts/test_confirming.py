"""Confirming again before what matters most, without losing what was typed."""

import re
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlencode

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from admin_ui.accounts.guard import confirmed
from admin_ui.accounts.models import ApiKey, Member, OpenSession, User
from admin_ui.accounts.permissions import Role
from admin_ui.audit.models import Budget
from assistants.models import Connection
from tests import factories
from tests.accounts.test_second_factor import code_of, set_up
from tests.accounts.test_sessions import key_of
from tests.confirming import grown_stale
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "seven green bottles"
CONFIRM = "/accounts/confirm/"
KEYS, NEW = "/w/main/keys/", "/w/main/connections/new/"


@pytest.fixture
def admin(cast: Cast) -> Client:
    """The browser of Ada, an owner, who signed in an hour ago."""
    user = cast.admin.user
    user.set_password(PASSWORD)
    user.is_owner = True
    user.save()
    return grown_stale(cast.client("admin"))


def confirm(client: Client, asked: Any, password: str = PASSWORD) -> Any:
    """Follow the answer that asks, and confirm; returns the answer to that."""
    assert client.get(asked["Location"]).status_code == 200
    page, _mark, query = asked["Location"].partition("?next=")
    return client.post(page, {"password": password, "next": unquote(query)})


ACTS: dict[str, tuple[Callable[[Cast], str], dict[str, str]]] = {
    "a key": (lambda _: KEYS, {"name": "Chat"}),
    "another key": (lambda c: f"{KEYS}{key_in(c).pk}/replace/", {"overlap": "60"}),
    "a role": (lambda c: f"/w/main/team/{c.editor.pk}/role/", {"role": "viewer"}),
    "removing": (lambda c: f"/w/main/team/{c.editor.pk}/remove/", {}),
    "deactivating": (lambda c: f"/people/{c.editor.user_id}/deactivate/", {}),
    "an owner": (lambda c: f"/people/{c.editor.user_id}/owner/", {}),
    "no owner": (lambda c: f"/people/{other_owner(c).pk}/demote/", {}),
    "a factor": (lambda c: f"/people/{c.editor.user_id}/factors/", {}),
    "a connection": (lambda _: NEW, {"profile": "openai", "name": "P", "api_key": ""}),
}


def key_in(cast: Cast) -> ApiKey:
    return factories.make_api_key(cast.workspace)[0]


def other_owner(cast: Cast) -> User:
    return factories.make_user("olga@example.com", is_owner=True)


@pytest.mark.parametrize("act", ACTS)
def test_each_act_asks_first_and_goes_on_by_itself(cast: Cast, admin: Client, act: str) -> None:
    page, form = ACTS[act][0](cast), ACTS[act][1]
    assert "confirm" not in admin.get(page).get("Location", ""), "reading needs none"
    asked = admin.post(page, form)
    assert asked.status_code == 302
    assert asked["Location"].startswith(f"{CONFIRM}?next=")
    back = confirm(admin, asked)
    assert back["Location"] == page
    done = admin.get(page)
    assert done.status_code == (422 if act == "a connection" else 303)
    assert "waiting_form" not in admin.session, "once only"


def test_a_key_is_made_as_typed_after_the_confirmation(cast: Cast, admin: Client) -> None:
    asked = admin.post(KEYS, {"name": "Zoë’s chat", "expires": "30", "networks": "203.0.113.7"})
    assert not ApiKey.objects.exists()
    confirm(admin, asked)
    assert admin.get(KEYS).status_code == 303
    key = ApiKey.objects.get()
    assert (key.name, key.networks, bool(key.expires_at)) == ("Zoë’s chat", "203.0.113.7/32", True)


def test_the_wrong_password_confirms_nothing_and_is_limited(cast: Cast, admin: Client) -> None:
    asked = admin.post(KEYS, {"name": "Chat"})
    answers = [confirm(admin, asked, "wrong").status_code for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2
    assert admin.get(KEYS).status_code == 200
    assert not ApiKey.objects.exists()
    Budget.objects.all().delete()
    confirm(admin, admin.post(KEYS, {"name": "Chat"}))
    assert admin.get(KEYS).status_code == 303


def test_a_form_does_not_go_on_when_its_person_confirms_something_else(
    cast: Cast, admin: Client
) -> None:
    page = f"/w/main/team/{cast.editor.pk}/remove/"
    admin.post(page)
    admin.post(CONFIRM, {"password": PASSWORD, "next": KEYS})
    assert admin.get(page).status_code == 200
    assert Member.objects.filter(pk=cast.editor.pk).exists()


def test_a_form_that_nobody_went_on_with_is_forgotten(
    cast: Cast, admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = f"/w/main/team/{cast.editor.pk}/remove/"
    asked = admin.post(page)
    assert admin.get(page).status_code == 200, "they went back and thought again"
    confirm(admin, asked)
    assert admin.get(page).status_code == 200
    asked = grown_stale(admin).post(page)
    confirm(admin, asked)
    later = time.time() + 3600
    monkeypatch.setattr(confirmed.time, "time", lambda: later)
    assert admin.get(page).status_code == 200
    assert Member.objects.filter(pk=cast.editor.pk).exists()


def test_no_secret_waits_and_everything_else_comes_back(cast: Cast, admin: Client) -> None:
    typed = {
        "profile": "openai",
        "name": "Zoë’s account",
        "base_url": "https://gateway.example/v1",
        "api_key": "sk-secret-value",
    }
    asked = admin.post(NEW, typed)
    kept = Session.objects.get(pk=key_of(admin)).get_decoded()[confirmed.WAITING_FORM]
    assert "Zoë" not in kept
    assert "sk-secret-value" not in confirmed.decrypt(kept)["body"]
    confirm(admin, asked)
    answer = admin.get(NEW)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Nothing is saved yet. Enter the keys again" in page
    assert "Confirm now" not in page
    assert 'value="Zoë’s account"' in page
    assert 'value="https://gateway.example/v1"' in page
    assert "sk-secret-value" not in page
    assert not Connection.objects.filter(name="Zoë’s account").exists()
    assert admin.post(NEW, typed).status_code == 303


def test_a_webhook_comes_back_but_for_its_address(cast: Cast, admin: Client) -> None:
    page = "/w/main/webhooks/new/"
    typed = {"name": "Chat of support", "format": "slack", "kinds": ["failed", "in_doubt"]}
    asked = admin.post(page, {**typed, "address": "https://hooks.example.com/secret"})
    confirm(admin, asked)
    text = admin.get(page).content.decode()
    assert "Enter the address again: it was not kept while you confirmed." in text
    assert 'value="Chat of support"' in text
    assert re.search(r'value="slack"\s+checked', text)
    assert set(re.findall(r'name="kinds" value="(\w+)" checked', text)) == {"failed", "in_doubt"}
    assert "hooks.example.com" not in text


@pytest.mark.parametrize("page", [f"{NEW}?profile=openai", "/w/main/webhooks/new/"])
def test_a_page_with_secrets_offers_to_confirm_before_they_are_typed(
    admin: Client, page: str
) -> None:
    text = admin.get(page).content.decode()
    where = f"{CONFIRM}?{urlencode({'next': page})}"
    assert f'<a href="{where}">Confirm now</a>' in text
    assert confirm(admin, {"Location": where})["Location"] == page
    assert "Confirm now" not in admin.get(page).content.decode()


def test_in_the_list_a_role_waits_too(cast: Cast, admin: Client) -> None:
    page = f"/w/main/team/{cast.editor.pk}/role/"
    asked = admin.post(page, {"role": "viewer"}, headers={"HX-Request": "true"})
    expected = f"{CONFIRM}?{urlencode({'next': page})}"
    assert (asked.status_code, asked["HX-Redirect"]) == (200, expected)
    admin.post(CONFIRM, {"password": PASSWORD, "next": page})
    assert admin.get(page).status_code == 303
    cast.editor.refresh_from_db()
    assert cast.editor.role == Role.VIEWER


def test_a_code_confirms_too(cast: Cast, admin: Client) -> None:
    client = Client()
    client.force_login(cast.admin.user)
    secret = set_up(client)
    grown_stale(client)
    asked = client.post(KEYS, {"name": "Chat"})
    assert "Use authenticator app or code" in client.get(asked["Location"]).content.decode()
    assert client.post(f"{CONFIRM}code/", {"code": "000000", "next": KEYS}).status_code == 200
    answer = client.post(f"{CONFIRM}code/", {"code": code_of(secret), "next": KEYS})
    assert answer["Location"] == KEYS
    assert client.get(KEYS).status_code == 303


@pytest.mark.parametrize(
    "page", ["app/add/", "app/remove/", "codes/", "codes/new/", "passkeys/add/"]
)
def test_pages_of_factors_ask_before_they_are_read(admin: Client, page: str) -> None:
    answer = admin.get(f"/accounts/2fa/{page}")
    assert answer["Location"].startswith(f"{CONFIRM}?next=")


def test_people_without_the_right_are_not_even_asked(cast: Cast) -> None:
    viewer, stranger = grown_stale(cast.client("viewer")), grown_stale(cast.client("stranger"))
    page = f"/w/main/team/{cast.editor.pk}/role/"
    assert viewer.post(page, {"role": "viewer"}).status_code == 403
    assert stranger.post(page, {"role": "viewer"}).status_code == 404


def test_signing_in_counts_as_a_confirmation_for_a_while(cast: Cast, settings: Any) -> None:
    client = cast.client("admin")
    assert client.post(KEYS, {"name": "Chat"}).status_code == 303
    settings.CONFIRM_AFTER_MINUTES = 0
    assert client.post(KEYS, {"name": "Chat"}).status_code == 302


def test_confirming_renews_the_key_of_the_session(admin: Client) -> None:
    before, listed = key_of(admin), OpenSession.objects.get()
    older = Client()
    older.cookies = admin.cookies.copy()
    confirm(admin, admin.post(KEYS, {"name": "Chat"}))
    assert key_of(admin) != before
    assert not Session.objects.filter(pk=before).exists()
    renewed = OpenSession.objects.get()
    assert (renewed.pk, renewed.started_at) == (listed.pk, listed.started_at)
    assert renewed.session_key == key_of(admin)
    assert admin.get(KEYS).status_code == 303, "what waited goes on"
    assert older.get(KEYS)["Location"].startswith("/accounts/login/")


def test_a_late_request_in_the_background_leaves_the_new_cookie(admin: Client) -> None:
    older = Client()
    older.cookies = admin.cookies.copy()
    confirm(admin, admin.post(KEYS, {"name": "Chat"}))
    late = older.get(KEYS, headers={"X-Background": "true"})
    assert (late.status_code, list(late.cookies)) == (401, [])
    assert older.get(KEYS).cookies["sessionid"].value == ""

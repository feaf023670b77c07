"""Where one is signed in: the list, ending sessions, and the two limits."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from admin_ui.accounts.guard import sessions
from admin_ui.accounts.guard.open_sessions import (
    SESSION_USES,
    browser_and_system,
    ended_sessions,
)
from admin_ui.accounts.models import OpenSession, User
from admin_ui.accounts.services import save_account
from admin_ui.audit.models import AuditEvent, EventKind
from tests.accounts.test_sessions import key_of
from tests.confirming import grown_stale
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
TEAM, ACCOUNT = "/w/main/team/", "/account/"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"


def browser(user: User, agent: str, address: str) -> Client:
    """A browser in which the person has signed in by password."""
    client = Client(headers={"user-agent": agent}, REMOTE_ADDR=address)
    data = {"login": user.email, "password": PASSWORD}
    assert client.post("/accounts/login/", data).status_code == 302
    return client


@pytest.fixture
def person(cast: Cast) -> User:
    save_account(email=cast.viewer.user.email, password=PASSWORD)
    return User.objects.get(pk=cast.viewer.user.pk)


def is_in(client: Client) -> bool:
    return client.get(TEAM).status_code == 200


def ends_at(client: Client) -> Any:
    return Session.objects.get(pk=key_of(client)).expire_date


def row_of(client: Client) -> OpenSession:
    return OpenSession.objects.get(session_key=key_of(client))


@pytest.mark.parametrize(
    ("agent", "names"),
    [
        (PHONE, ("Safari", "iPhone")),
        (DESK, ("Firefox", "Windows")),
        (EDGE, ("Edge", "Linux")),
        ("", ("", "")),
        ("curl/8.5", ("", "")),
        ("x" * 5000 + "Firefox/1", ("", "")),
    ],
)
def test_browsers_have_short_names(agent: str, names: tuple[str, str]) -> None:
    assert browser_and_system(agent) == names


def test_the_list_says_where_one_is_signed_in(person: User) -> None:
    phone, desk = browser(person, PHONE, "192.0.2.1"), browser(person, DESK, "192.0.2.2")
    page = " ".join(desk.get(ACCOUNT).content.decode().split())
    assert page.count("This one") == 1
    assert page.index("Firefox") < page.index("This one") < page.index("Safari")
    assert "192.0.2.1" in page
    phone.post("/accounts/logout/")
    assert "Safari" not in desk.get(ACCOUNT).content.decode()


@pytest.mark.parametrize("knows", [True, False])
def test_one_session_is_ended_and_really_ends(person: User, knows: bool) -> None:
    phone, desk = browser(person, PHONE, "192.0.2.1"), browser(person, DESK, "192.0.2.2")
    assert is_in(phone)
    answer = desk.post(f"{ACCOUNT}sessions/end/", {"session": row_of(phone).pk})
    assert (answer.status_code, answer["Location"]) == (303, ACCOUNT)
    if not knows:
        sessions._user_ids.clear()
    assert not is_in(phone)
    assert is_in(desk)
    event = AuditEvent.objects.get(kind=EventKind.SESSIONS_ENDED)
    assert event.details == {"browser": "Safari iPhone", "from": "192.0.2.1"}


@pytest.mark.parametrize("which", ["end", "end-others"])
def test_ending_sessions_asks_for_a_confirmation(person: User, which: str) -> None:
    phone, desk = browser(person, PHONE, "192.0.2.1"), browser(person, DESK, "192.0.2.2")
    page = f"{ACCOUNT}sessions/{which}/"
    asked = grown_stale(desk).post(page, {"session": row_of(phone).pk})
    assert is_in(phone)
    confirms = {"password": PASSWORD, "next": page}
    answer = desk.post(asked["Location"], confirms, follow=True)
    assert not is_in(phone)
    assert answer.redirect_chain[-1][0] == ACCOUNT


@pytest.mark.parametrize("posted", ["0", "999999", "", "x", "²", "9" * 40])
def test_what_is_no_session_of_ones_own_ends_nothing(person: User, cast: Cast, posted: str) -> None:
    client, other = browser(person, PHONE, "192.0.2.1"), cast.client("admin")
    client.post(f"{ACCOUNT}sessions/end/", {"session": posted or row_of(other).pk})
    assert "was signed out already" in client.get(ACCOUNT).content.decode()
    assert is_in(client)
    assert is_in(other)


def test_everywhere_else_ends_sessions_that_no_list_knows_too(person: User) -> None:
    others = [browser(person, agent, "192.0.2.1") for agent in (PHONE, EDGE, "")]
    OpenSession.objects.filter(session_key=key_of(others[2])).delete()
    desk = browser(person, DESK, "192.0.2.2")
    began = row_of(desk).started_at
    answer = desk.post(f"{ACCOUNT}sessions/end-others/")
    assert answer.status_code == 303
    page = desk.get(ACCOUNT).content.decode()
    assert [is_in(client) for client in (*others, desk)] == [False, False, False, True]
    assert abs(row_of(desk).started_at - began) < timedelta(seconds=1)
    assert "You are signed out everywhere else." in page
    assert "Sign out everywhere else" not in page
    assert AuditEvent.objects.get(kind=EventKind.SESSIONS_ENDED).details == {"all_others": True}


def test_signing_in_over_another_session_lists_the_new_one(person: User, cast: Cast) -> None:
    client = browser(person, DESK, "192.0.2.2")
    client.force_login(cast.admin.user)
    assert row_of(client).user == cast.admin.user
    assert client.get(ACCOUNT).content.decode().count("This one") == 1


def test_a_new_password_leaves_one_session_in_the_list(person: User) -> None:
    browser(person, PHONE, "192.0.2.1")
    desk = browser(person, DESK, "192.0.2.2")
    new = {"oldpassword": PASSWORD, "password1": "seven green bottles"}
    desk.post("/accounts/password/change/", new | {"password2": new["password1"]})
    SESSION_USES.clear()
    assert "Safari" not in desk.get(ACCOUNT).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_session_ends_when_nobody_uses_it(person: User, settings: Any) -> None:
    client = browser(person, DESK, "192.0.2.2")
    assert ends_at(client) - timezone.now() <= timedelta(hours=72)
    Session.objects.update(expire_date=timezone.now() + timedelta(minutes=1))
    before = ends_at(client)
    assert is_in(client)
    SESSION_USES.finish()
    assert ends_at(client) == before, "it was noted at the sign-in"
    SESSION_USES.clear()
    assert client.get(TEAM, headers={"X-Background": "true"}).status_code == 200
    SESSION_USES.finish()
    assert ends_at(client) == before, "an open page is no use"
    assert is_in(client)
    SESSION_USES.finish()
    assert ends_at(client) - timezone.now() > timedelta(hours=71)
    Session.objects.update(expire_date=timezone.now())
    assert not is_in(client)
    assert is_in(browser(person, DESK, "192.0.2.2"))


@pytest.mark.django_db(transaction=True)
def test_a_session_in_use_ends_at_the_absolute_limit(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(person, DESK, "192.0.2.2")
    store = sessions.SessionStore(key_of(client))
    store["started_at"] -= 60 * 60 * 24 * 13.9
    store.save()
    SESSION_USES.clear()
    assert is_in(client)
    SESSION_USES.finish()
    left = ends_at(client) - timezone.now()
    assert timedelta(hours=2) < left < timedelta(hours=3)


@pytest.mark.django_db(transaction=True)
def test_a_session_of_an_earlier_release_is_listed_once_used(person: User) -> None:
    client = browser(person, DESK, "192.0.2.2")
    OpenSession.objects.all().delete()
    store = sessions.SessionStore(key_of(client))
    del store["started_at"]
    store.save()
    SESSION_USES.clear()
    assert is_in(client)
    SESSION_USES.finish()
    assert str(row_of(client)) == "Firefox Windows"


@pytest.mark.django_db(transaction=True)
def test_a_late_note_revives_nothing(person: User) -> None:
    client = browser(person, DESK, "192.0.2.2")
    SESSION_USES.clear()
    assert is_in(client)
    SESSION_USES.finish()
    key = key_of(client)
    client.post("/accounts/logout/")
    SESSION_USES._seen[key] = {"user_id": person.pk, "started_at": None, "browser": ""}
    SESSION_USES.save({key: timezone.now()})
    assert not Session.objects.filter(pk=key).exists()
    assert list(ended_sessions().values_list("session_key", flat=True)) == [key]


def test_the_cookie_lives_as_long_as_the_session_may(person: User) -> None:
    cookie = browser(person, DESK, "192.0.2.2").cookies[settings.SESSION_COOKIE_NAME]
    assert cookie["max-age"] == 14 * 24 * 3600

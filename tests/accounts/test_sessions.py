"""Sessions that are read with their user and member in one query: everything else as in Django."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.guard import sessions
from admin_ui.accounts.guard.access import find_member
from admin_ui.accounts.guard.one_query import read_visit
from admin_ui.accounts.models import Member, Stash, User, Workspace
from admin_ui.accounts.permissions import Role
from tests import factories
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
TEAM = "/w/main/team/"
FORGETS = [True, False]


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_the_first_query_finds_who_asks_and_what_they_are(cast: Cast) -> None:
    client = cast.client("editor")
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/w/main/assistants/").status_code == 200
    first, *others = [query["sql"] for query in queries]
    people = [f'"{model._meta.db_table}"' for model in (Session, User, Member, Workspace)]
    assert all(table in first for table in people)
    assert not any(f"FROM {table}" in sql for sql in others for table in people)
    visit = read_visit(session_key=key_of(client), user_id=cast.editor.user.pk, slug="main")
    assert visit is not None
    assert visit.member is not None
    stored = (User.objects.get(pk=visit.user.pk), Member.objects.get(pk=cast.editor.pk))
    for row, expected in zip((visit.user, visit.member), stored, strict=True):
        assert {field.attname: getattr(row, field.attname) for field in row._meta.fields} == {
            field.attname: getattr(expected, field.attname) for field in expected._meta.fields
        }
    place = Workspace.objects.get(slug="main")
    assert visit.member.workspace.created_at == place.created_at
    assert not visit.user.get_deferred_fields()
    assert visit.user.is_active is True
    assert visit.user.is_owner is False


@pytest.mark.parametrize("who", ["viewer", "editor", "admin", "stranger", "owner", "owning"])
@pytest.mark.parametrize("others", [0, 1])
def test_it_finds_the_member_that_the_guard_would_find(cast: Cast, who: str, others: int) -> None:
    user = (
        factories.make_user()
        if who == "owner"
        else getattr(cast, {"owning": "editor"}.get(who, who)).user
    )
    if who in ("owner", "owning"):
        User.objects.filter(pk=user.pk).update(is_owner=True)
        user.refresh_from_db()
    if not others and who != "stranger":
        Workspace.objects.exclude(slug="main").delete()
    elif others:
        factories.make_member(factories.make_workspace("second"), user=user)
    client = Client()
    client.force_login(user)
    visit = read_visit(session_key=key_of(client), user_id=user.pk, slug="main")
    assert visit is not None
    if who == "stranger":
        assert visit.member is None
        assert client.get(TEAM).status_code == 404
        return
    expected = find_member(user=user, slug="main")
    assert visit.member is not None
    assert (visit.member.pk, visit.member.role, visit.member.has_others, visit.member.user_id) == (
        expected.pk,
        expected.role,
        expected.has_others,
        expected.user_id,
    )
    assert visit.member.workspace == expected.workspace


def ended(client: Client, **changes: Any) -> None:
    Session.objects.filter(pk=key_of(client)).update(**changes)


def rewritten(client: Client, **values: Any) -> None:
    """Change what a session says, as a flaw or another release could."""
    store = db.SessionStore(key_of(client))
    for name, value in values.items():
        store[name] = value
    store.save()


ENDS: dict[str, Callable[[Client, User], Any]] = {
    "expired": lambda client, _user: ended(
        client, expire_date=timezone.now() - timedelta(seconds=1)
    ),
    "deleted": lambda client, _user: Session.objects.filter(pk=key_of(client)).delete(),
    "tampered": lambda client, _user: ended(client, session_data="x" + "y" * 40),
    "deactivated": lambda _client, user: User.objects.filter(pk=user.pk).update(is_active=False),
    "epoch": lambda _client, user: User.objects.filter(pk=user.pk).update(session_epoch=7),
    "password": lambda _client, user: User.objects.filter(pk=user.pk).update(password="other"),
    "no hash": lambda client, _user: rewritten(client, **{HASH_SESSION_KEY: ""}),
    "backend": lambda client, _user: rewritten(client, **{BACKEND_SESSION_KEY: "some.Other"}),
}


@pytest.mark.parametrize("forgets", FORGETS)
@pytest.mark.parametrize("end", ENDS)
def test_a_session_ends_when_django_would_end_it(cast: Cast, end: str, forgets: bool) -> None:
    client = cast.client("editor")
    assert client.get(TEAM).status_code == 200
    ENDS[end](client, cast.editor.user)
    if forgets:
        sessions._user_ids.clear()
    answer = client.get(TEAM)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("forgets", FORGETS)
def test_a_session_that_says_another_user_is_that_users(cast: Cast, forgets: bool) -> None:
    client = cast.client("editor")
    assert client.get(TEAM).status_code == 200
    admin = cast.admin.user
    rewritten(
        client, **{SESSION_KEY: str(admin.pk), HASH_SESSION_KEY: admin.get_session_auth_hash()}
    )
    if forgets:
        sessions._user_ids.clear()
    for _ in range(2):
        assert client.get(TEAM).context["user"] == admin
        assert client.get("/w/main/keys/").status_code == 200, "an editor would get 403"


def test_a_wrong_guess_of_the_user_changes_nothing(cast: Cast) -> None:
    client = cast.client("viewer")
    for guess in (cast.admin.user.pk, 10**9):
        sessions._user_ids[key_of(client)] = guess
        page = client.get(TEAM)
        assert page.context["user"] == cast.viewer.user
        assert page.context["member"].role == Role.VIEWER
        assert sessions._user_ids[key_of(client)] == cast.viewer.user.pk


def test_a_replaced_secret_key_keeps_people_signed_in(cast: Cast, settings: Any) -> None:
    client = cast.client("editor")
    before = key_of(client)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one, which is long enough for this"
    assert client.get(TEAM).status_code == 200
    assert key_of(client) != before
    assert client.get(TEAM).status_code == 200


def test_a_change_of_role_counts_at_the_next_request(cast: Cast) -> None:
    client = cast.client("editor")
    statuses = []
    for role in (Role.EDITOR, Role.ADMIN, Role.VIEWER):
        Member.objects.filter(pk=cast.editor.pk).update(role=role)
        statuses.append(client.get("/w/main/keys/").status_code)
    User.objects.filter(pk=cast.editor.user.pk).update(is_owner=True)
    statuses.append(client.get("/w/main/keys/").status_code)
    User.objects.filter(pk=cast.editor.user.pk).update(is_owner=False)
    Member.objects.filter(pk=cast.editor.pk).delete()
    statuses.append(client.get("/w/main/keys/").status_code)
    assert statuses == [403, 200, 403, 200, 404]


def test_signing_in_gives_the_session_another_key(cast: Cast) -> None:
    user = cast.editor.user
    user.set_password("correct horse battery")
    user.save()
    client = Client()
    client.get("/accounts/login/")
    store = sessions.SessionStore()
    store["before"] = "kept"
    store.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = store.session_key or ""
    old = key_of(client)
    form = {"login": user.email, "password": "correct horse battery"}
    assert client.post("/accounts/login/", form).status_code == 302
    assert key_of(client) != old
    assert not Session.objects.filter(pk=old).exists()
    assert sessions.SessionStore(key_of(client))["before"] == "kept"
    ended_key = key_of(client)
    client.post("/accounts/logout/")
    assert not Session.objects.filter(pk=ended_key).exists()
    client.cookies[settings.SESSION_COOKIE_NAME] = ended_key
    assert client.get(TEAM).status_code == 302


def test_a_process_forgets_sessions_when_it_knows_too_many(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_MOST_KNOWN", 3)
    for _ in range(10):
        assert cast.client("viewer").get(TEAM).status_code == 200
        assert len(sessions._user_ids) <= 3


@pytest.mark.parametrize(
    "path", ["/w/%00/", "/w/m%C3%A4in/team/", "/w//team/", "/w/" + "x" * 3000 + "/"]
)
def test_no_address_confuses_the_query(cast: Cast, path: str) -> None:
    client = cast.client("viewer")
    assert client.get(TEAM).status_code == 200
    assert client.get(path).status_code == 404


def test_only_a_page_that_reads_knows_that_nothing_is_kept(cast: Cast) -> None:
    client = cast.client("editor")

    def may_have_copies(method: str = "get") -> bool:
        found: bool = getattr(client, method)(TEAM).wsgi_request.user.may_have_copies
        return found

    assert not may_have_copies()
    assert may_have_copies("post"), "it may keep one itself"
    Stash.objects.create(user=cast.admin.user, path="/w/main/", body=b"x")
    assert not may_have_copies(), "it is another person's"
    Stash.objects.create(user=cast.editor.user, path="/w/main/", body=b"x")
    assert may_have_copies()

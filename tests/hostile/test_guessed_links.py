"""Somebody guesses links, or the password of a session that is not theirs."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from admin_ui.accounts.invitations import invitations
from admin_ui.accounts.services import owner_link, save_account
from admin_ui.accounts.signing_in.links import password_link
from admin_ui.audit import sign_in
from admin_ui.audit.models import AuditEvent, Budget, EventKind
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SITE = "http://localhost:8000"
HERE, THERE = "192.0.2.1", "192.0.2.2"
INVITED = {"email": "new@example.com", "name": "", "role": "viewer"}
DEAD = {
    "setup": ("/setup/{}/", 404),
    "invitation": ("/accounts/invitation/{}/", 404),
    "password": ("/accounts/password/reset/key/1-{}/", 200),
    "password of nobody": ("/accounts/password/reset/key/{0}zzzzzzzzzzzzzzzz-{0}/", 200),
}


def opened(path: str, address: str = HERE, **extra: Any) -> Any:
    # What another process counted in its memory is of no help.
    cache.clear()
    return Client(REMOTE_ADDR=address).get(path, **extra)


@pytest.mark.parametrize("kind", DEAD)
@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "XMLHttpRequest"}])
def test_links_that_do_not_exist_are_bounded(kind: str, headers: dict[str, str]) -> None:
    path, status = DEAD[kind]
    answers = [opened(path.format(n), headers=headers).status_code for n in range(33)]
    assert answers == [status] * 30 + [429] * 3
    page = opened(path.format("x"))
    assert "Too many attempts" in page.content.decode()
    assert 0 < int(page["Retry-After"]) <= 601
    assert opened(path.format("x"), THERE).status_code == status


def test_the_kinds_of_links_count_together_and_make_one_row() -> None:
    paths = [path for path, _ in DEAD.values()] * 8
    answers = [opened(path.format(n)).status_code for n, path in enumerate(paths)]
    assert answers.count(429) == 2
    assert Budget.objects.count() == 1


def test_a_good_link_opens_all_the_same(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    for n in range(31):
        opened(f"/setup/{n}/")
    good = [owner_link(), password_link(cast.viewer.user)]
    good.append(invitations.invite(actor=cast.admin, workspace=cast.workspace, **INVITED).link)
    for link in good:
        assert link
        response = Client(REMOTE_ADDR=HERE).get(link.removeprefix(SITE), follow=True)
        assert response.status_code == 200
        assert response.redirect_chain
        assert "password" in response.content.decode()


def test_pages_that_are_over_are_no_guesses(cast: Cast) -> None:
    for path in (
        "/setup/",
        "/accounts/invitation/",
        "/accounts/password/reset/key/1-set-password/",
    ):
        for _ in range(3):
            opened(path)
    assert not Budget.objects.exists()


@pytest.fixture
def session(cast: Cast) -> Client:
    save_account(email=cast.editor.user.email, password=PASSWORD)
    cast.editor.user.refresh_from_db()
    return cast.client("editor")


def change(client: Client, old: str, new: str = "a different passphrase", **extra: Any) -> int:
    cache.clear()
    data = {"oldpassword": old, "password1": new, "password2": new}
    return client.post("/accounts/password/change/", data, **extra).status_code


def test_guesses_of_the_current_password_are_bounded_over_all_processes(
    session: Client, cast: Cast
) -> None:
    another = cast.client("editor")
    answers = [change(session, f"guess {n}") for n in range(4)]
    answers += [change(another, "guess", REMOTE_ADDR=f"198.51.100.{n}") for n in range(3)]
    assert answers == [200] * 5 + [429] * 2
    assert change(session, PASSWORD) == 429, "not even looked at"
    page = session.post("/accounts/password/change/", {"oldpassword": "x"})
    assert "Too many attempts" in page.content.decode()
    assert 0 < int(page["Retry-After"]) <= 301
    assert session.get("/accounts/password/change/").status_code == 200
    assert change(cast.client("viewer"), "x") == 302, "nobody else has to wait"
    event = AuditEvent.objects.filter(kind=EventKind.WRONG_CURRENT).first()
    assert event is not None
    assert event.about == event.actor_name == cast.editor.user.email


@pytest.mark.parametrize("headers", [{}, {"X-Requested-With": "XMLHttpRequest"}])
def test_who_knows_the_password_may_try_new_ones_as_often_as_it_takes(
    session: Client, headers: dict[str, str]
) -> None:
    change(session, "")
    assert not AuditEvent.objects.filter(kind=EventKind.WRONG_CURRENT).exists()
    change(session, "wrong")
    answers = [change(session, PASSWORD, "short", headers=headers) for _ in range(9)]
    assert answers == [200] * 9
    assert change(session, PASSWORD, headers=headers) == 302
    assert not AuditEvent.objects.filter(kind=EventKind.LOCKED_OUT).exists()
    assert sign_in.CURRENT_PASSWORD.most == 5

"""A password that is being changed while the account changes: it brings nothing back."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.models import User
from admin_ui.accounts.signing_in import links, password_views
from admin_ui.accounts.signing_in.adapter import AccountAdapter
from admin_ui.accounts.signing_in.new_password import AccountMoved
from admin_ui.audit import sign_in
from admin_ui.audit.models import AuditEvent, EventKind
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "correct horse battery", "another staple entirely"


def owner_of(cast: Cast) -> User:
    user = cast.admin.user
    User.objects.create_user("first@example.org", "x" * 30, is_owner=True)
    user.is_owner = True
    user.set_password(OLD)
    user.save()
    return user


def demote(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_owner=False)


def link(user: User) -> None:
    links.password_link(User.objects.get(pk=user.pk))


def another_password(user: User) -> None:
    row = User.objects.get(pk=user.pk)
    row.set_password("a third one, by somebody")
    row.save()


MEANWHILE = [link, another_password]


def changed_while(
    monkeypatch: pytest.MonkeyPatch, user: User, meanwhile: Callable[[User], None]
) -> tuple[Client, Any]:
    """Send the form; `meanwhile` happens once the current password was found right."""
    client = Client()
    client.force_login(user)
    original = sign_in.reset_current

    def right(who: Any) -> None:
        original(who)
        meanwhile(user)

    monkeypatch.setattr(password_views.sign_in, "reset_current", right)
    form = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    return client, client.post("/accounts/password/change/", form)


@pytest.mark.parametrize("meanwhile", MEANWHILE)
def test_a_change_that_is_overtaken_changes_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[User], None]
) -> None:
    user = owner_of(cast)
    _client, answer = changed_while(monkeypatch, user, meanwhile)
    assert answer.status_code == 303
    assert not User.objects.get(pk=user.pk).check_password(NEW)
    changes = AuditEvent.objects.filter(kind=EventKind.PASSWORD, about=user.email)
    assert not changes.exists(), "nothing was changed, so nothing is told"


def test_a_change_under_way_does_not_undo_a_demotion(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = owner_of(cast)
    changed_while(monkeypatch, user, demote)
    after = User.objects.get(pk=user.pk)
    assert not after.is_owner
    assert after.check_password(NEW), "that has nothing to do with it"


def test_a_change_under_way_does_not_undo_a_deactivation(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = owner_of(cast)

    def out(who: User) -> None:
        row = User.objects.get(pk=who.pk)
        row.is_active, row.session_epoch = False, row.session_epoch + 1
        row.save()

    client, answer = changed_while(monkeypatch, user, out)
    assert answer.status_code == 303
    after = User.objects.get(pk=user.pk)
    assert (after.is_active, after.check_password(NEW)) == (False, False)
    assert client.get("/people/").status_code == 302


def test_of_two_who_use_a_link_at_once_one_sets_the_password(cast: Cast) -> None:
    user = owner_of(cast)
    links.password_link(user)
    first, second = User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)
    AccountAdapter().set_password(first, "the first one who came")
    with pytest.raises(AccountMoved):
        AccountAdapter().set_password(second, "the second one who came")
    assert User.objects.get(pk=user.pk).check_password("the first one who came")


def test_a_link_used_while_a_newer_one_is_made_sets_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = owner_of(cast)
    path = links.password_link(user).partition("testserver")[2] or links.password_link(user)
    path = "/accounts/" + path.partition("/accounts/")[2]
    client = Client()
    form_path = client.get(path).headers["Location"]
    original = AccountAdapter.set_password

    def overtaken(self: AccountAdapter, who: Any, password: str) -> None:
        link(user)
        original(self, who, password)

    monkeypatch.setattr(AccountAdapter, "set_password", overtaken)
    answer = client.post(form_path, {"password1": NEW, "password2": NEW})
    assert answer.status_code == 303
    assert not User.objects.get(pk=user.pk).check_password(NEW)
    assert client.get("/").status_code == 302, "nobody was signed in"

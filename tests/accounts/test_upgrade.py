"""A database of the version before invitations is brought up to date without a step by hand."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone
from django.utils.http import int_to_base36

from admin_ui.accounts.invitations.invitations import invite, invite_again
from admin_ui.accounts.models import Invitation, Member, User, Workspace
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.signing_in.addresses import has_proven_address
from admin_ui.accounts.signing_in.links import LinkTokenGenerator
from tests.accounts.test_invitations import FORM, NINA, PASSWORD
from tests.architecture.test_urls_guarded import GUARDED, path_to

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BEFORE = [("accounts", "0001_initial"), ("audit", None), ("assistants", "0003_editing")]


def migrate(targets: list[Any]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    there = [target for target in targets if target[1]]
    return MigrationExecutor(connection).loader.project_state(there).apps


def newest() -> list[Any]:
    return MigrationExecutor(connection).loader.graph.leaf_nodes()


@pytest.fixture
def old() -> Iterator[Any]:
    """The models as they were, in a database as it was."""
    now = newest()
    targets = [*BEFORE, ("account", "0009_emailaddress_unique_primary_email")]
    try:
        yield migrate(targets)
    finally:
        migrate(now)


def make(old: Any, email: str, *, password: str | None, **fields: Any) -> Any:
    """Make an account as the version before did: its address was taken for verified."""
    user = old.get_model("accounts", "User").objects.create(
        email=email, password=make_password(password), **fields
    )
    old.get_model("account", "EmailAddress").objects.create(
        user=user, email=email, verified=True, primary=True
    )
    return user


def test_members_with_a_password_stay_and_the_others_are_invited(old: Any) -> None:
    main = old.get_model("accounts", "Workspace").objects.create(slug="main", name="Main")
    elsewhere = old.get_model("accounts", "Workspace").objects.create(slug="else", name="Else")
    members = old.get_model("accounts", "Member").objects
    ada = make(old, "ada@example.com", password=PASSWORD, name="Ada")
    nina = make(old, "nina@example.com", password=None, name="Nina")
    olga = make(old, "olga@example.com", password=None, is_owner=True)
    for user, role in ((ada, "admin"), (nina, "publisher"), (olga, "viewer")):
        members.create(workspace=main, user=user, role=role)
    members.create(workspace=elsewhere, user=nina, role="admin")

    migrate(newest())

    client = Client()
    sign_in = {"login": "ada@example.com", "password": PASSWORD}
    assert client.post("/accounts/login/", sign_in).status_code == 302
    assert client.get("/w/main/team/").status_code == 200, "a member signs in as before"
    assert not any(has_proven_address(user) for user in User.objects.all())
    assert {m.user.email for m in Member.objects.all()} == {"ada@example.com", "olga@example.com"}
    waiting = Invitation.objects.order_by("workspace__slug")
    assert [(i.email, i.name, i.role, i.digest) for i in waiting] == [
        ("nina@example.com", "Nina", "admin", None),
        ("nina@example.com", "Nina", "publisher", None),
    ]
    assert not any(invitation.has_expired for invitation in waiting)
    page = client.get("/w/main/team/").content.decode()
    assert "nina@example.com" in page
    assert "No link yet" in page
    migrate(newest())
    assert Invitation.objects.count() == 2, "nothing is done twice"


def test_one_who_never_had_a_password_joins_by_a_new_link_with_the_account_that_is_there(
    old: Any, settings: Any
) -> None:
    main = old.get_model("accounts", "Workspace").objects.create(slug="main", name="Main")
    nina = make(old, "nina@example.com", password=None, name="Nina")
    old.get_model("accounts", "Member").objects.create(workspace=main, user=nina, role="viewer")
    migrate(newest())
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    invited = invite_again(actor=SYSTEM, invitation=Invitation.objects.get())
    assert invited.link
    client = Client()
    client.get(invited.link.removeprefix("http://localhost:8000"))
    assert client.post(FORM, NINA)["Location"] == "/w/main/"
    assert Member.objects.get().user_id == nina.pk


@pytest.mark.parametrize("link_was_used", [True, False])
def test_an_account_that_an_admin_registered_before_gains_nothing_elsewhere(
    old: Any, settings: Any, link_was_used: bool
) -> None:
    """Main's admin made the link of that account, and may have opened it himself."""
    main = old.get_model("accounts", "Workspace").objects.create(slug="main", name="Main")
    password = PASSWORD if link_was_used else None
    victim = make(old, "victim@example.com", password=password)
    old.get_model("accounts", "Member").objects.create(workspace=main, user=victim, role="viewer")
    migrate(newest())
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    user = User.objects.get(email="victim@example.com")
    kept_link = PasswordResetTokenGenerator().make_token(user)
    assert not LinkTokenGenerator().check_token(user, kept_link)
    opened = Client().get(f"/accounts/password/reset/key/{int_to_base36(user.pk)}-{kept_link}/")
    assert "no longer works" in opened.content.decode()

    elsewhere = Workspace.objects.create(slug="elsewhere", name="Elsewhere")
    invite(actor=SYSTEM, workspace=elsewhere, email=user.email, role=Role.ADMIN)
    impostor = Client()
    if link_was_used:
        sign_in = {"login": user.email, "password": PASSWORD}
        assert impostor.post("/accounts/login/", sign_in).status_code == 302
        assert impostor.get("/w/main/").status_code == 200
    else:
        impostor.force_login(user)
    for path in (path_to(route).replace("/w/main/", "/w/elsewhere/") for route in GUARDED):
        assert {impostor.get(path).status_code, impostor.post(path).status_code} <= {404, 405}
    pk = Invitation.objects.get(workspace=elsewhere).pk
    assert impostor.post(f"/accounts/invitations/{pk}/accept/").status_code == 404
    assert not Member.objects.filter(workspace=elsewhere).exists()


def test_a_second_run_changes_nothing(old: Any) -> None:
    main = old.get_model("accounts", "Workspace").objects.create(slug="main", name="Main")
    members = old.get_model("accounts", "Member").objects
    members.create(
        workspace=main, user=make(old, "ada@example.com", password=PASSWORD), role="admin"
    )
    members.create(workspace=main, user=make(old, "nina@example.com", password=None), role="viewer")
    migrate(newest())
    tables = (User, Member, Invitation, EmailAddress)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    import_module("admin_ui.accounts.migrations.0003_accepted_members").forwards(apps, None)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_one_whose_password_an_admin_had_ended_keeps_the_account_but_not_by_link(
    old: Any, settings: Any
) -> None:
    """Somebody who has signed in has an account: a link does not set its password."""
    main = old.get_model("accounts", "Workspace").objects.create(slug="main", name="Main")
    nina = make(old, "nina@example.com", password=None, last_login=timezone.now())
    old.get_model("accounts", "Member").objects.create(workspace=main, user=nina, role="viewer")
    migrate(newest())
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    invited = invite_again(actor=SYSTEM, invitation=Invitation.objects.get())
    assert invited.link
    holder = Client()
    page = holder.get(invited.link.removeprefix("http://localhost:8000"), follow=True)
    assert "has an account" in page.content.decode()
    holder.post(FORM, NINA)
    assert not User.objects.get(pk=nina.pk).has_usable_password()
    assert not Member.objects.exists()


def test_no_other_table_hangs_on_a_member() -> None:
    """So the ones that become invitations take nothing with them. Narrowings came later."""
    assert [relation.name for relation in Member._meta.related_objects] == ["narrowing"]

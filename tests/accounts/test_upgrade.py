"""A database of the version before invitations is brought up to date without a step by hand."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator
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
from tests.past import Targets, as_it_was, migrate, newest

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BEFORE: Targets = [
    ("accounts", "0001_initial"),
    ("audit", None),
    ("assistants", "0003_editing"),
    ("account", "0009_emailaddress_unique_primary_email"),
]


@pytest.fixture
def old() -> Iterator[Any]:
    """The models as they were, in a database as it was."""
    with as_it_was(BEFORE) as models:
        yield models


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
    tables = (User, Member, Invitation, EmailAddress)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    import_module("admin_ui.accounts.migrations.0003_accepted_members").forwards(apps, None)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before, "once"


def test_only_who_never_had_a_password_joins_by_a_new_link_with_the_account_that_is_there(
    old: Any, settings: Any
) -> None:
    """Rita has signed in, so she has an account: a link does not set its password."""
    main = old.get_model("accounts", "Workspace").objects.create(slug="main", name="Main")
    nina = make(old, "nina@example.com", password=None, name="Nina")
    rita = make(old, "rita@example.com", password=None, last_login=timezone.now())
    for user in (nina, rita):
        old.get_model("accounts", "Member").objects.create(workspace=main, user=user, role="viewer")
    migrate(newest())
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    client = Client()
    client.get(new_link("nina@example.com"))
    assert client.post(FORM, NINA)["Location"] == "/w/main/"
    assert Member.objects.get().user_id == nina.pk
    holder = Client()
    page = holder.get(new_link("rita@example.com"), follow=True)
    assert "has an account" in page.content.decode()
    holder.post(FORM, NINA)
    assert not User.objects.get(pk=rita.pk).has_usable_password()
    assert Member.objects.count() == 1


def new_link(email: str) -> str:
    invited = invite_again(actor=SYSTEM, invitation=Invitation.objects.get(email=email))
    assert invited.link
    return str(invited.link).removeprefix("http://localhost:8000")


def test_an_account_that_an_admin_registered_before_gains_nothing_elsewhere(
    old: Any, settings: Any
) -> None:
    """Main's admin made the links of both accounts, and has opened one himself."""
    main = old.get_model("accounts", "Workspace").objects.create(slug="main", name="Main")
    for email, password in (("used@example.com", PASSWORD), ("unused@example.com", None)):
        victim = make(old, email, password=password)
        old.get_model("accounts", "Member").objects.create(
            workspace=main, user=victim, role="viewer"
        )
    migrate(newest())
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    for user in User.objects.order_by("pk"):
        gains_nothing_elsewhere(user)


def gains_nothing_elsewhere(user: User) -> None:
    kept_link = PasswordResetTokenGenerator().make_token(user)
    assert not LinkTokenGenerator().check_token(user, kept_link)
    opened = Client().get(f"/accounts/password/reset/key/{int_to_base36(user.pk)}-{kept_link}/")
    assert "no longer works" in opened.content.decode()

    elsewhere, _ = Workspace.objects.get_or_create(slug="elsewhere", name="Elsewhere")
    invite(actor=SYSTEM, workspace=elsewhere, email=user.email, role=Role.ADMIN)
    impostor = Client()
    if user.has_usable_password():
        sign_in = {"login": user.email, "password": PASSWORD}
        assert impostor.post("/accounts/login/", sign_in).status_code == 302
        assert impostor.get("/w/main/").status_code == 200
    else:
        impostor.force_login(user)
    for path in (path_to(route).replace("/w/main/", "/w/elsewhere/") for route in GUARDED):
        assert {impostor.get(path).status_code, impostor.post(path).status_code} <= {404, 405}
    pk = Invitation.objects.get(workspace=elsewhere, email=user.email).pk
    assert impostor.post(f"/accounts/invitations/{pk}/accept/").status_code == 404
    assert not Member.objects.filter(workspace=elsewhere).exists()


def test_no_other_table_hangs_on_a_member() -> None:
    """So the ones that become invitations take nothing with them. Narrowings came later."""
    assert [relation.name for relation in Member._meta.related_objects] == ["narrowing"]

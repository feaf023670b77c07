"""An admin of one workspace who wants into another: nobody holds another person's credentials.

`admin` and `stranger` are admins of two workspaces, "main" and "elsewhere"; the victim is invited
to both.
"""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from admin_ui.accounts import invitations, services
from admin_ui.accounts.links import LinkTokenGenerator, password_link
from admin_ui.accounts.models import Invitation, Member, User
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.services import save_account
from tests import factories
from tests.accounts.test_invitations import FORM, NINA, PASSWORD, invite, text
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
VICTIM = "victim@example.com"


@pytest.fixture(autouse=True)
def _no_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"


@pytest.fixture
def impostor(cast: Cast) -> Client:
    """The browser of main's admin, who has opened the victim's link himself."""
    client = Client()
    client.get(invite(cast, VICTIM))
    assert client.post(FORM, NINA).status_code == 303
    return client


def gains_nothing(client: Client, user: User) -> None:
    assert not Member.objects.filter(user=user, workspace__slug="elsewhere").exists()
    for path in ("", "team/", "keys/", "assistants/", "changes/", "connections/"):
        assert client.get(f"/w/elsewhere/{path}").status_code == 404
    assert "elsewhere" not in text(client.get("/", follow=True)).lower()


def test_registering_an_address_gives_nothing_when_another_workspace_invites_it(
    cast: Cast, impostor: Client
) -> None:
    link = invite(cast, VICTIM, who="stranger", role="admin")
    user = User.objects.get(email=VICTIM)
    gains_nothing(impostor, user)
    pk = Invitation.objects.get(workspace__slug="elsewhere").pk
    assert impostor.post(f"/accounts/invitations/{pk}/accept/").status_code == 404
    # The victim, who was sent the link, has an account whose password she does not know.
    victim = Client()
    assert "has an account" in text(victim.get(link, follow=True))
    assert victim.post(FORM, NINA).status_code == 200
    gains_nothing(impostor, user)
    # She gets in with the help of whoever runs the server, and the impostor is out.
    path = password_link(user, ends_password=True).removeprefix("http://localhost:8000")
    action = victim.get(path, follow=True).context["action_url"]
    assert impostor.get("/w/main/").status_code == 302
    victim.post(action, {"password1": "hers alone, this", "password2": "hers alone, this"})
    victim.get(link)
    assert victim.post(FORM)["Location"] == "/w/elsewhere/"


def test_removed_and_added_again_takes_a_new_acceptance(cast: Cast) -> None:
    user, _ = save_account(email=VICTIM, password=PASSWORD)
    member = factories.make_member(cast.stranger.workspace, Role.VIEWER, user=user)
    browser = Client()
    browser.force_login(user)
    assert browser.get("/w/elsewhere/").status_code == 200
    services.remove_member(actor=cast.stranger, member=member)
    invite(cast, VICTIM, who="stranger")
    gains_nothing(browser, user)


def test_no_page_makes_a_password_link_for_a_member(cast: Cast) -> None:
    admin = cast.client("admin")
    page = text(admin.get("/w/main/team/"))
    assert f"/team/{cast.viewer.pk}/" in page
    assert f"/team/{cast.viewer.pk}/link/" not in page
    assert admin.post(f"/w/main/team/{cast.viewer.pk}/link/").status_code == 404


def test_an_invitation_to_ones_own_workspace_opens_no_other(cast: Cast) -> None:
    """The link of main, opened by somebody signed in as another person, does nothing."""
    link = invite(cast, VICTIM)
    other = cast.client("stranger")
    assert "You are signed in as sam@example.com" in text(other.get(link, follow=True))
    assert other.post(FORM).status_code == 403
    assert not Member.objects.filter(workspace=cast.workspace, user=cast.stranger.user).exists()


def test_a_token_kept_in_a_session_does_not_outlive_another_persons_sign_in(cast: Cast) -> None:
    browser = Client()
    browser.get(invite(cast, VICTIM))
    browser.force_login(cast.editor.user)
    assert browser.post(FORM).status_code in (403, 404)
    assert not Member.objects.filter(user__email=VICTIM).exists()


@pytest.mark.parametrize(
    "email",
    ["victim+x@example.com", "v.ictim@example.com", "viсtim@example.com", "victım@example.com"],
)
def test_an_address_that_only_looks_alike_is_another_one(cast: Cast, email: str) -> None:
    user, _ = save_account(email=VICTIM, password=PASSWORD)
    lookalike = invitations.invite(
        actor=cast.admin, workspace=cast.workspace, email=email, role=Role.ADMIN
    )
    with pytest.raises(invitations.NotTheirs):
        invitations.accept(user=user, invitation=lookalike.invitation, holds_link=True)


def test_case_does_not_make_a_second_person(cast: Cast) -> None:
    invite(cast, "Victim@Example.com")
    invite(cast, "VICTIM@example.com")
    assert Invitation.objects.filter(revoked_at=None).get().email == VICTIM


def test_the_role_is_the_invitations_whatever_the_form_says(cast: Cast) -> None:
    browser = Client()
    browser.get(invite(cast, VICTIM, role="viewer"))
    browser.post(FORM, {**NINA, "role": "admin", "is_owner": "on", "email": "ada@example.com"})
    member = Member.objects.get(user__email=VICTIM)
    assert (member.role, member.user.is_owner) == (Role.VIEWER, False)


def test_inviting_an_owner_gives_no_hold_on_their_account(cast: Cast) -> None:
    owner, _ = save_account(email="olga@example.com", password=PASSWORD, is_owner=True)
    browser = Client()
    assert "has an account" in text(browser.get(invite(cast, owner.email), follow=True))
    assert browser.post(FORM, NINA).status_code == 200
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)


def test_an_owner_who_has_yet_to_set_a_password_has_an_account(cast: Cast) -> None:
    save_account(email="olga@example.com", is_owner=True)
    browser = Client()
    assert "has an account" in text(browser.get(invite(cast, "olga@example.com"), follow=True))


def test_a_deactivated_account_is_not_brought_back(cast: Cast) -> None:
    user, _ = save_account(email=VICTIM, password=PASSWORD)
    User.objects.filter(pk=user.pk).update(is_active=False)
    browser = Client()
    assert "has an account" in text(browser.get(invite(cast, VICTIM), follow=True))
    user.refresh_from_db()
    with pytest.raises(invitations.NotTheirs):
        invitations.accept(user=user, invitation=Invitation.objects.get(), holds_link=True)


def test_a_link_made_before_accounts_had_a_seed_opens_nothing(cast: Cast) -> None:
    from django.contrib.auth.tokens import PasswordResetTokenGenerator

    user, _ = save_account(email=VICTIM, password=PASSWORD)
    old = PasswordResetTokenGenerator().make_token(user)
    assert not LinkTokenGenerator().check_token(user, old)
    password_link(user)
    assert not LinkTokenGenerator().check_token(user, old)


def test_revoked_while_the_form_is_open(cast: Cast) -> None:
    browser = Client()
    browser.get(invite(cast, VICTIM))
    assert browser.get(FORM).status_code == 200
    invitations.revoke(actor=cast.admin, invitation=Invitation.objects.get())
    assert browser.post(FORM, NINA).status_code == 404
    assert not User.objects.filter(email=VICTIM).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_a_link_at_once_one_creates_the_account(cast: Cast) -> None:
    invited = invitations.invite(
        actor=cast.admin, workspace=cast.workspace, email=VICTIM, role=Role.VIEWER
    )
    came_in: list[int] = []
    ready = threading.Barrier(4)

    def use(number: int) -> None:
        try:
            ready.wait()
            invitations.accept_with_new_account(
                invitation=invited.invitation, name=f"N{number}", password=f"passphrase {number}"
            )
            came_in.append(number)
        except (invitations.Closed, invitations.NotTheirs):
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = came_in
    assert User.objects.get(email=VICTIM).check_password(f"passphrase {winner}")

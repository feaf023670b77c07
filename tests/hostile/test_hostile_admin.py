"""An admin of one workspace who wants into another: nobody holds another person's credentials.

`admin` and `stranger` are admins of two workspaces, "main" and "elsewhere"; the victim is invited
to both.
"""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from admin_ui.accounts import services
from admin_ui.accounts.invitations import invitations
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.models import Invitation, Member, User
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.services import save_account
from admin_ui.accounts.signing_in.links import LinkTokenGenerator, password_link
from admin_ui.audit.models import AuditEvent, EventKind
from tests import factories
from tests.accounts.test_invitations import FORM, NINA, PASSWORD, invite, text
from tests.architecture.test_urls_guarded import GUARDED, path_to
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
    for path in (path_to(route).replace("/w/main/", "/w/elsewhere/") for route in GUARDED):
        assert {client.get(path).status_code, client.post(path).status_code} <= {404, 405}, path
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
    path = password_link(user).removeprefix("http://localhost:8000")
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
    leaving.remove_member(actor=cast.stranger, member=member)
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
    [
        "victim+x@example.com",
        "v.ictim@example.com",
        "viсtim@example.com",
        "victım@example.com",
        "vİctim@example.com",
        "victim@exaмple.com",
    ],
)
def test_an_address_that_only_looks_alike_is_another_one(cast: Cast, email: str) -> None:
    user, _ = save_account(email=VICTIM, password=PASSWORD)
    lookalike = invitations.invite(
        actor=cast.admin, workspace=cast.workspace, email=email, role=Role.ADMIN
    )
    with pytest.raises(invitations.NotInvited):
        invitations.accept_invitation(user=user, invitation=lookalike.invitation, holds_link=True)


def test_case_does_not_make_a_second_person(cast: Cast) -> None:
    invite(cast, "Victim@Example.com")
    invite(cast, "VICTIM@example.com")
    invite(cast, " vIctim@EXAMPLE.com ")
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
    with pytest.raises(invitations.NotInvited):
        invitations.accept_invitation(
            user=user, invitation=Invitation.objects.get(), holds_link=True
        )


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
    invitations.revoke_invitation(actor=cast.admin, invitation=Invitation.objects.get())
    assert browser.post(FORM, NINA).status_code == 404
    assert not User.objects.filter(email=VICTIM).exists()


@pytest.mark.parametrize("domain", ["straße.de", "ｅxample.com", "exam\u00adple.com", "ﬁrm.de"])
def test_an_address_whose_mail_reaches_another_one_is_not_invited(cast: Cast, domain: str) -> None:
    """Mail to straße.de goes to strasse.de, whose owner would prove an address not theirs."""
    data = {"email": f"victim@{domain}", "role": "viewer"}
    response = cast.client("admin").post("/w/main/team/add/", data)
    assert response.status_code == 422
    assert "could reach someone else" in text(response)
    with pytest.raises(CommandError, match="could reach someone else"):
        call_command("add_member", "main", f"victim@{domain}", "--role=viewer", "--link")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize("local", ["\u017fam", "\u0130x", "ünal", "пример"])
def test_an_address_that_no_mail_reaches_is_not_invited(cast: Cast, local: str) -> None:
    """It would be sent encoded, and accepting would prove an address that nobody was reached at."""
    data = {"email": f"{local}@example.org", "role": "viewer"}
    response = cast.client("admin").post("/w/main/team/add/", data)
    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_an_address_in_another_script_is_invited(cast: Cast) -> None:
    invite(cast, "victim@пример.рф")
    assert Invitation.objects.get().email == "victim@пример.рф"


def test_a_link_kept_from_before_does_not_bring_somebody_back(cast: Cast) -> None:
    user, _ = save_account(email=VICTIM, password=PASSWORD)
    kept = invite(cast, VICTIM)
    browser = Client()
    browser.force_login(user)
    browser.get(kept)
    assert browser.post(FORM).status_code == 303
    leaving.remove_member(actor=cast.admin, member=Member.objects.get(user=user))
    invite(cast, VICTIM)
    assert browser.get(kept).status_code == 404
    assert browser.post(FORM).status_code == 404
    assert not Member.objects.filter(user=user).exists()


def test_the_page_accepts_the_invitation_it_shows_and_no_other(cast: Cast) -> None:
    """Two links in two tabs: the older page must not accept the newer invitation."""
    user, _ = save_account(email=VICTIM, password=PASSWORD)
    browser = Client()
    browser.force_login(user)
    older = hidden_in(browser.get(invite(cast, VICTIM), follow=True))
    newer = hidden_in(browser.get(invite(cast, VICTIM, who="stranger", role="admin"), follow=True))
    response = browser.post(FORM, {"invitation": older}, follow=True)
    assert "You have opened another invitation in the meantime" in text(response)
    assert not Member.objects.filter(user=user).exists()
    browser.post(FORM, {"invitation": newer})
    assert Member.objects.get(user=user).workspace == cast.stranger.workspace


def hidden_in(response: Any) -> str:
    found = re.search(r'name="invitation" value="(\d+)"', text(response))
    assert found
    return found[1]


def test_the_token_outlives_signing_in_and_nothing_else(cast: Cast) -> None:
    user, _ = save_account(email=VICTIM, password=PASSWORD)
    browser = Client()
    browser.get(invite(cast, VICTIM))
    browser.post("/accounts/login/", {"login": VICTIM, "password": PASSWORD})
    assert "Accept" in text(browser.get(FORM))
    browser.post("/accounts/logout/")
    assert browser.get(FORM).status_code == 404
    browser.force_login(user)
    assert browser.post(FORM).status_code == 404


def test_whoever_knows_the_password_does_not_become_an_owner_with_its_account(
    cast: Cast, impostor: Client
) -> None:
    """An owner is made of an account that somebody else opened: their session ends first."""
    assert impostor.get("/w/main/").status_code == 200
    call_command("create_owner", VICTIM, "--link", stdout=StringIO())
    assert impostor.get("/w/main/").status_code == 302
    data = {"login": VICTIM, "password": NINA["password"]}
    assert impostor.post("/accounts/login/", data).status_code == 200, "not signed in"
    assert impostor.get("/w/elsewhere/").status_code == 302


def test_the_audit_says_who_made_the_account_and_who_made_the_link(
    cast: Cast, impostor: Client
) -> None:
    account, joined = AuditEvent.objects.filter(
        kind__in=[EventKind.ACCOUNT, EventKind.JOINED]
    ).order_by("pk")
    for event in (account, joined):
        assert (event.actor_name, event.about) == (VICTIM, VICTIM)
        assert event.details["vouched_by"] == "ada@example.com"
        assert event.details["address_proven"] is False


def test_what_was_left_over_of_an_account_is_its_new_owners(cast: Cast) -> None:
    """A row that the version before made for an address: it keeps nothing that an admin typed."""
    left_over = User.objects.create_user(VICTIM, name="Typed by somebody else")
    browser = Client()
    browser.get(invite(cast, VICTIM))
    browser.post(FORM, NINA)
    left_over.refresh_from_db()
    assert (left_over.name, left_over.vouched_by) == ("Nina", "ada@example.com")
    assert left_over.check_password(NINA["password"])


def test_somebody_added_by_command_leaves_no_link_that_still_works(cast: Cast) -> None:
    """They are removed again, and the link made before must not bring them back."""
    kept = invite(cast, VICTIM, role="admin")
    user, _ = save_account(email=VICTIM, password=PASSWORD)
    member = services.add_member(
        actor=SYSTEM, workspace=cast.workspace, user=user, role=Role.VIEWER
    )
    browser = Client()
    browser.force_login(user)
    assert browser.get(kept).status_code == 404, "ended when they came in"
    leaving.remove_member(actor=cast.admin, member=member)
    assert browser.get(kept).status_code == 404
    assert browser.get("/w/main/").status_code == 404

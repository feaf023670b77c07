"""Removing somebody and deactivating an account: what they leave is decided."""

import re
from datetime import timedelta

import pytest
from allauth.account.utils import user_pk_to_url_str
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from admin_ui.accounts import services
from admin_ui.accounts.keys.keys import create_api_key, find_api_key
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.leaving.belongings import Decision, Undecided, belongings_of
from admin_ui.accounts.models import ApiKey, Member, User
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.signing_in.links import LINK_MAILED, LinkTokenGenerator
from admin_ui.audit.models import AuditEvent, EventKind
from tests import factories
from tests.accounts.deciding import TEAM, call, form_of, kinds, owner_named, signed_in, text
from tests.conftest import Cast

# Removal


def test_the_key_of_a_removed_admin_is_listed_and_ends_unless_kept(
    cast: Cast, leaver: Member
) -> None:
    _, secret = services.create_key(actor=leaver, name="Night job", can_write=True)
    admin = cast.client("admin")
    assert call(secret) == 200

    page = text(admin.get(f"{TEAM}{leaver.pk}/remove/"))
    assert "Night job" in page
    assert "may read and write" in page
    response = admin.post(f"{TEAM}{leaver.pk}/remove/", form_of(page))

    assert (response.status_code, response["Location"]) == (303, TEAM)
    assert call(secret) == 401
    assert not Member.objects.filter(pk=leaver.pk).exists()
    assert kinds() == [EventKind.KEY_CREATED, EventKind.KEY_REVOKED, EventKind.LEFT]
    events = AuditEvent.objects.filter(kind__in=[EventKind.KEY_REVOKED, EventKind.LEFT])
    assert {(event.actor, event.workspace) for event in events} == {
        (cast.admin.user, cast.workspace)
    }


def test_a_kept_key_goes_on_and_the_keys_page_says_whose_it_was(cast: Cast, leaver: Member) -> None:
    key, secret = services.create_key(actor=leaver, name="Night job", can_write=False)
    admin = cast.client("admin")
    assert "Its creator has left" not in text(admin.get("/w/main/keys/"))
    fields = form_of(text(admin.get(f"{TEAM}{leaver.pk}/remove/")))
    admin.post(f"{TEAM}{leaver.pk}/remove/", fields | {f"what-key-{key.pk}": "keep"})
    assert call(secret) == 200
    assert "Its creator has left" in text(admin.get("/w/main/keys/"))


def test_the_keys_page_marks_keys_of_demoted_and_deactivated_people(
    cast: Cast, leaver: Member
) -> None:
    services.create_key(actor=leaver, name="Night job", can_write=False)
    admin = cast.client("admin")
    leaving.change_role(actor=cast.admin, member=leaver, role=Role.VIEWER)
    assert "Its creator is no longer an admin" in text(admin.get("/w/main/keys/"))
    User.objects.filter(pk=leaver.user.pk).update(is_active=False)
    assert "Its creator has left" in text(admin.get("/w/main/keys/"))
    User.objects.filter(pk=leaver.user.pk).update(is_active=True, is_owner=True)
    assert "Its maker" not in text(admin.get("/w/main/keys/"))


def test_a_key_made_after_the_page_was_shown_is_shown_before_anything_happens(
    cast: Cast, leaver: Member
) -> None:
    _, first = services.create_key(actor=leaver, name="First", can_write=False)
    admin = cast.client("admin")
    fields = form_of(text(admin.get(f"{TEAM}{leaver.pk}/remove/")))
    _, second = services.create_key(actor=leaver, name="Second", can_write=True)

    response = admin.post(f"{TEAM}{leaver.pk}/remove/", fields)

    assert response.status_code == 409
    page = text(response)
    assert "Nothing was changed" in page
    assert re.search(r"Second ?</span> <span class=\"chip warning\">Decide again", page)
    assert (call(first), call(second)) == (200, 200)
    assert Member.objects.filter(pk=leaver.pk).exists()
    assert admin.post(f"{TEAM}{leaver.pk}/remove/", form_of(page)).status_code == 303
    assert (call(first), call(second)) == (401, 401)


def test_only_keys_in_force_made_by_that_person_here_are_listed(cast: Cast, leaver: Member) -> None:
    revoked, _ = services.create_key(actor=leaver, name="Revoked one", can_write=False)
    services.revoke_key(actor=leaver, key=revoked)
    expired, _ = services.create_key(actor=leaver, name="Expired one", can_write=False)
    ApiKey.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(days=1))
    services.create_key(actor=cast.admin, name="Of Ada", can_write=False)
    create_api_key(
        workspace=cast.stranger.workspace, name="Away", can_write=False, created_by=leaver.user
    )
    page = text(cast.client("admin").get(f"{TEAM}{leaver.pk}/remove/"))
    for name in ("Revoked one", "Expired one", "Of Ada", "Away"):
        assert name not in page
    assert "They have no API keys, invitations or drafts here." in page


# The last admin


def test_an_owner_removes_and_demotes_the_last_admin(cast: Cast) -> None:
    owner = signed_in(owner_named("Olga"))
    assert f"{TEAM}{cast.admin.pk}/remove/" in text(owner.get(TEAM))
    leaving.change_role(
        actor=Member(workspace=cast.workspace, user=owner_named("Otto"), role=Role.ADMIN),
        member=cast.admin,
        role=Role.EDITOR,
    )
    Member.objects.filter(pk=cast.admin.pk).update(role=Role.ADMIN)
    assert owner.post(f"{TEAM}{cast.admin.pk}/remove/").status_code == 303
    assert not Member.objects.filter(pk=cast.admin.pk).exists()


def test_an_admin_reads_before_confirming_that_the_last_admin_stays(cast: Cast) -> None:
    admin = cast.client("admin")
    team = text(admin.get(TEAM))
    assert f"{TEAM}{cast.admin.pk}/remove/" not in team
    assert f"{TEAM}{cast.admin.pk}/role/" not in team
    assert "This is the last admin. Make someone else an admin" in team
    page = text(admin.get(f"{TEAM}{cast.admin.pk}/remove/"))
    assert "Ada is the last admin of this workspace." in page
    assert 'class="button danger"' not in page
    assert admin.post(f"{TEAM}{cast.admin.pk}/remove/").status_code == 409


def test_an_owner_who_is_a_member_keeps_keys_and_rights_when_removed(cast: Cast) -> None:
    owner = owner_named("Olga")
    member = factories.make_member(cast.workspace, Role.VIEWER, user=owner)
    _, secret = services.create_key(
        actor=Member(workspace=cast.workspace, user=owner, role=Role.ADMIN),
        name="Theirs",
        can_write=False,
    )
    page = text(cast.client("admin").get(f"{TEAM}{member.pk}/remove/"))
    assert "They are an owner, so they stay an admin here." in page
    leaving.remove_member(actor=cast.admin, member=member, decisions={})
    assert call(secret) == 200


# Deactivation


def test_deactivation_ends_everything_in_one_act(cast: Cast, leaver: Member) -> None:
    services.create_key(actor=leaver, name="Here", can_write=True)
    _, there = create_api_key(
        workspace=cast.stranger.workspace, name="There", can_write=True, created_by=leaver.user
    )
    theirs = signed_in(leaver.user)
    link = mailed_link(leaver.user)
    owner = signed_in(owner_named("Olga"))
    address = f"/people/{leaver.user.pk}/deactivate/"

    page = text(owner.get(address))
    assert "Here" in page
    assert "There" in page
    response = owner.post(address, form_of(page))

    assert (response.status_code, response["Location"]) == (303, "/people/")
    assert call(there) == 401
    assert not ApiKey.objects.filter(revoked_at=None).exists()
    assert theirs.get("/w/main/")["Location"].startswith("/accounts/login/")
    assert "no longer works" in text(Client().get(link, follow=True))
    assert "Deactivated" in text(cast.client("admin").get(TEAM))
    event = AuditEvent.objects.get(kind=EventKind.DEACTIVATED)
    assert (event.about, event.workspace) == ("lea@example.com", None)


def test_what_ended_does_not_come_back_with_the_account(cast: Cast, leaver: Member) -> None:
    theirs = signed_in(leaver.user)
    link = mailed_link(leaver.user)
    _, secret = services.create_key(actor=leaver, name="Here", can_write=True)
    owner = owner_named("Olga")
    assert leaving.deactivate(actor=owner, user=leaver.user)
    assert not leaving.deactivate(actor=owner, user=leaver.user)
    client = signed_in(owner)
    assert client.post(f"/people/{leaver.user.pk}/reactivate/").status_code == 303

    assert theirs.get("/w/main/")["Location"].startswith("/accounts/login/")
    assert "no longer works" in text(Client().get(link, follow=True))
    assert call(secret) == 401
    data = {"login": "lea@example.com", "password": "seven green bottles"}
    again = Client()
    assert again.post("/accounts/login/", data).status_code == 302
    assert again.get("/w/main/").status_code == 200
    assert kinds()[-2:] == [EventKind.REACTIVATED, EventKind.SIGN_IN]


def test_a_new_link_works_after_the_account_was_reactivated(cast: Cast, leaver: Member) -> None:
    leaving.deactivate(actor=SYSTEM, user=leaver.user)
    leaving.reactivate(actor=SYSTEM, user=leaver.user)
    leaver.user.refresh_from_db()
    link = mailed_link(leaver.user)
    assert "Choose a password" in text(Client().get(link, follow=True))


def test_a_key_made_after_the_page_of_deactivation_was_shown(cast: Cast, leaver: Member) -> None:
    owner = signed_in(owner_named("Olga"))
    address = f"/people/{leaver.user.pk}/deactivate/"
    fields = form_of(text(owner.get(address)))
    services.create_key(actor=leaver, name="Late", can_write=True)
    response = owner.post(address, fields)
    assert response.status_code == 409
    assert "Late" in text(response)
    leaver.user.refresh_from_db()
    assert leaver.user.is_active


def test_defaults_are_taken_when_nobody_is_there_to_decide(cast: Cast, leaver: Member) -> None:
    _, secret = services.create_key(actor=leaver, name="Here", can_write=True)
    with pytest.raises(Undecided):
        leaving.remove_member(actor=cast.admin, member=leaver, decisions={})
    entry = belongings_of(leaver.user, cast.workspace)[0]
    for wrong in ("", "give-1", "discard", "REVOKE"):
        with pytest.raises(Undecided):
            leaving.remove_member(
                actor=cast.admin, member=leaver, decisions={entry.field: Decision(wrong, "")}
            )
    assert find_api_key(secret)
    leaving.remove_member(actor=cast.admin, member=leaver)
    assert find_api_key(secret) is None


def mailed_link(user: User) -> str:
    """Return the path of a link as it is mailed: the password stays until it is used."""
    token = LinkTokenGenerator().make(user, LINK_MAILED)
    parts = {"uidb36": user_pk_to_url_str(user), "key": token}
    return reverse("account_reset_password_from_key", kwargs=parts)


@pytest.mark.parametrize("how", ["removed", "deactivated"])
def test_the_keys_of_others_are_neither_listed_nor_ended(
    cast: Cast, leaver: Member, how: str
) -> None:
    _, theirs = services.create_key(actor=leaver, name="Night job", can_write=True)
    _, others = services.create_key(actor=cast.admin, name="Day job", can_write=True)
    _, nobodys = factories.make_api_key(cast.workspace, name="By command")
    admin = cast.client("admin")
    page = text(admin.get(f"{TEAM}{leaver.pk}/remove/"))
    assert "Night job" in page
    assert "Day job" not in page
    assert "By command" not in page
    if how == "removed":
        leaving.remove_member(actor=cast.admin, member=leaver)
    else:
        leaving.deactivate(actor=owner_named("Olga"), user=leaver.user)
    assert [call(secret) for secret in (theirs, others, nobodys)] == [401, 200, 200]

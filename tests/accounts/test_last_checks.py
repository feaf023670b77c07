"""What a service checks at its end, and what it writes down of it."""

from typing import Any

import pytest

from admin_ui.accounts import services
from admin_ui.accounts.invitations import invitations
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.models import Invitation, Member, User
from admin_ui.accounts.permissions import NotAllowed, Role
from admin_ui.audit.models import AuditEvent
from tests.conftest import Cast


def events() -> list[tuple[str, str, dict[str, Any]]]:
    return list(AuditEvent.objects.order_by("pk").values_list("kind", "about", "details"))


@pytest.mark.parametrize("lost", ["removed", "lowered", "deactivated"])
@pytest.mark.parametrize("act", ["change_role", "remove_member"])
def test_who_is_no_admin_any_more_changes_no_member(cast: Cast, act: str, lost: str) -> None:
    actor, more = cast.admin, {"role": Role.ADMIN} if act == "change_role" else {}
    row = Member.objects.filter(pk=actor.pk)
    if lost == "removed":
        row.delete()
    elif lost == "lowered":
        row.update(role=Role.PUBLISHER)
    else:
        User.objects.filter(pk=actor.user_id).update(is_active=False)
    before = sorted(Member.objects.values_list("pk", "role"))
    with pytest.raises(NotAllowed):
        getattr(leaving, act)(actor=actor, member=cast.viewer, **more)
    assert sorted(Member.objects.values_list("pk", "role")) == before


def test_another_role_is_written_down(cast: Cast) -> None:
    leaving.change_role(actor=cast.admin, member=cast.viewer, role=Role.EDITOR)
    assert events()[-1] == ("role", "vera@example.com", {"from": "viewer", "to": "editor"})


@pytest.mark.parametrize("ended", ["accepted_at", "revoked_at"])
def test_an_invitation_that_has_ended_is_not_ended_again(cast: Cast, ended: str) -> None:
    row = invitations.invite(
        actor=cast.admin, workspace=cast.workspace, email="new@example.org", role=Role.VIEWER
    ).invitation
    Invitation.objects.filter(pk=row.pk).update(**{ended: row.created_at})
    before = events()
    with pytest.raises(invitations.InvitationClosed):
        invitations.revoke_invitation(actor=cast.admin, invitation=row)
    assert events() == before


@pytest.mark.usefixtures("db")
def test_each_change_of_an_account_is_written_down_once() -> None:
    for again in ({"name": "Olga"}, {"is_owner": True}, {"name": "Ola", "is_owner": True}):
        user, created = services.save_account(email="olga@example.org", **again)  # type: ignore[arg-type]
    assert (user.name, user.is_owner, created) == ("Olga", True, False)
    services.save_account(email="olga@example.org", password="seven green bottles")
    assert events() == [
        ("account", "olga@example.org", {"address_proven": False}),
        ("owner", "olga@example.org", {"owner": True}),
        ("password", "olga@example.org", {}),
    ]


@pytest.mark.usefixtures("db")
def test_a_workspace_takes_over_a_name_that_is_given() -> None:
    names = [services.save_workspace(slug="main", name=name).name for name in ("", " New ", " ")]
    assert names == ["main", "New", "New"]


def test_the_team_lists_an_owner_as_owner_alone(cast: Cast) -> None:
    User.objects.filter(pk=cast.editor.user_id).update(is_owner=True)
    context = cast.client("viewer").get("/w/main/team/").context
    people = [
        [person.email for person in context["page"].rows],
        [u.email for u in context["team"].owners],
    ]
    assert sorted(people[0]) == ["ada@example.com", "pia@example.com", "vera@example.com"]
    assert people[1] == ["emil@example.com"]

"""Two people, or two presses, send lists at the same moment: what a check saw is no longer true."""

from typing import Any

import pytest

from admin_ui.accounts.invitations import several
from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.invitations.several import Entry, Line, check_list, invite_several
from admin_ui.accounts.models import Invitation, Member
from admin_ui.accounts.permissions import NotAllowed, Role
from admin_ui.audit.models import AuditEvent, EventKind
from tests import factories
from tests.accounts.test_invitations import no_mail
from tests.accounts.test_lists import read
from tests.conftest import Cast
from tests.hostile.test_hostile_moments import one_after_the_other

__all__ = ["no_mail"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_mail")]
BATCH, OTHER = "a" * 24, "b" * 24
PEOPLE = "ann@example.com\nbob@example.com\ncy@example.com"


def send(actor: Member, batch: str = BATCH) -> list[Line]:
    return invite_several(actor=actor, entries=read(PEOPLE), again=(), batch=batch)


@pytest.fixture
def stale(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the list led to before anybody was invited, which is all that the service knows."""
    seen = {
        batch: check_list(actor=cast.admin, entries=read(PEOPLE), batch=batch) for batch in "ab"
    }

    def before(*, actor: Member, entries: list[Entry], batch: str) -> list[Line]:
        return list(seen[batch[0]])

    monkeypatch.setattr(several, "check_list", before)


def test_the_second_of_two_presses_shows_the_links_of_the_first(cast: Cast, stale: None) -> None:
    first, second = send(cast.admin), send(cast.admin)
    assert {line.status for line in first} == {"invited"}
    assert [(line.status, line.link) for line in second] == [("invited", x.link) for x in first]
    assert AuditEvent.objects.filter(kind=EventKind.INVITED).count() == 3


def test_an_invitation_that_somebody_else_made_meanwhile_stays(cast: Cast, stale: None) -> None:
    invited: dict[str, Any] = {"email": "bob@example.com", "role": Role.VIEWER}
    invite(actor=cast.admin, workspace=cast.workspace, **invited)
    factories.make_member(
        cast.workspace, Role.VIEWER, user=factories.make_user("cy@example.com", name="Cy")
    )
    assert [line.status for line in send(cast.admin)] == ["invited", "listed", "member"]
    assert {line.status for line in send(cast.admin, OTHER)} == {"listed", "member"}
    assert Invitation.objects.get(email="bob@example.com").role == Role.VIEWER


def test_two_presses_at_once_invite_everybody_once(cast: Cast) -> None:
    ends = one_after_the_other(lambda: send(cast.admin), lambda: send(cast.admin))
    assert ends == ["done", "done"]
    assert Invitation.objects.count() == 3


def test_who_has_lost_the_role_meanwhile_invites_nobody(cast: Cast) -> None:
    admin = cast.admin
    Member.objects.filter(pk=admin.pk).update(role=Role.PUBLISHER)
    with pytest.raises(NotAllowed):
        send(admin)
    assert not Invitation.objects.exists()

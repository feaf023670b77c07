"""Invitations to the workspace."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Router
from ninja import Status as Answer

from admin_ui.accounts import selectors
from admin_ui.accounts.forms import AddMemberForm
from admin_ui.accounts.invitations import invitations as verbs
from admin_ui.accounts.models import Invitation
from admin_ui.accounts.permissions import Role
from admin_ui.paging import Order, page
from assistants.api.operations.members import CHANGE_TEAM, READ_TEAM, role_within
from assistants.api.reading import member_of, page_of, params_of
from assistants.api.shapes import Filter, InvitationIn, InvitationOut, NewInvitationOut, Page

router = Router()
INVITATIONS_BY_AGE = Order(("pk",))
INVITATIONS_A_PAGE = 100


@router.get("invitations", auth=READ_TEAM, response=Page[InvitationOut])
def invitations_list(request: HttpRequest, cursor: Filter = "") -> Any:
    """List invitations that are open, and those that ended lately, the newest first."""
    rows = selectors.invitations_of(member_of(request).workspace)
    found = page(rows, INVITATIONS_BY_AGE, params_of(cursor), size=INVITATIONS_A_PAGE)
    return page_of(found.rows, found.older, invitation_json)


@router.post("invitations", auth=CHANGE_TEAM, response={201: NewInvitationOut})
def invitations_create(request: HttpRequest, body: InvitationIn) -> Any:
    """Invite a person to a role up to yours. Another invitation to the address ends."""
    actor = member_of(request)
    form = AddMemberForm(body.dict())
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    role_within(actor, form.cleaned_data["role"])
    made = verbs.invite(actor=actor, workspace=actor.workspace, **form.cleaned_data)
    return Answer(201, new_invitation_json(made))


@router.post("invitations/{number:pk}/again", auth=CHANGE_TEAM, response={201: NewInvitationOut})
def invitations_repeat(request: HttpRequest, pk: int) -> Any:
    """Invite to the same address and role again, in place of this invitation."""
    actor = member_of(request)
    found = selectors.get_invitation(actor.workspace, pk)
    role_within(actor, Role(found.role))
    return Answer(201, new_invitation_json(verbs.invite_again(actor=actor, invitation=found)))


@router.post("invitations/{number:pk}/revoke", auth=CHANGE_TEAM, response={204: None})
def invitations_revoke(request: HttpRequest, pk: int) -> Any:
    """Revoke an invitation, or take one that has ended off the list."""
    actor = member_of(request)
    found = selectors.get_invitation(actor.workspace, pk)
    verbs.revoke_invitation(actor=actor, invitation=found)
    return Answer(204, None)


def invitation_json(row: Invitation) -> dict[str, Any]:
    ended = "declined" if row.declined_at else "expired"
    return {
        "id": row.pk,
        "email": row.email,
        "name": row.name,
        "role": row.role,
        "state": ended if row.is_over else "open",
        "by_mail": row.mailed,
        "created_at": row.created_at,
        "created_by": str(row.created_by) if row.created_by else None,
        "expires_at": row.expires_at,
    }


def new_invitation_json(made: verbs.Invited) -> dict[str, Any]:
    shown = invitation_json(made.invitation)
    return {**shown, "link": made.link, "mail_failed": made.mail_failed}

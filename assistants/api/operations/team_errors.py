"""What the API says where a change of the team is refused."""

from typing import Any

from django.utils.translation import gettext as _

from admin_ui.accounts.invitations.invitations import InvitationClosed
from admin_ui.accounts.invitations.limits import TooManyInvitations
from admin_ui.accounts.invitations.wording import limit_text
from admin_ui.accounts.leaving.leaving import RoleMoved, StillNarrowed
from admin_ui.accounts.services import AlreadyMember, LastAdmin

TEAM_ERRORS = (
    AlreadyMember,
    InvitationClosed,
    LastAdmin,
    RoleMoved,
    StillNarrowed,
    TooManyInvitations,
)


def team_refusal(error: Exception) -> dict[str, Any]:
    """Return what `ApiRefusal` takes for one of `TEAM_ERRORS`."""
    if isinstance(error, TooManyInvitations):
        headers = {"Retry-After": str(error.seconds)}
        text = limit_text(error)
        return {"status": 429, "code": "rate_limited", "message": text, "headers": headers}
    code, text = _conflict(error)
    return {"status": 409, "code": code, "message": text}


def _conflict(error: Exception) -> tuple[str, str]:
    match error:
        case AlreadyMember():
            return "already_member", _("This person is in the team already. Change their role.")
        case InvitationClosed():
            return "invitation_closed", _("This invitation was accepted, revoked or replaced.")
        case LastAdmin():
            text = _("This is the last admin. Make someone else an admin first, or ask an owner.")
            return "last_admin", text
        case RoleMoved():
            return "role_moved", _("Somebody else has just changed this role. Read it again.")
    return "still_narrowed", _("Remove the limits on what this person can change first.")

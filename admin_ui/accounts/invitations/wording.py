"""What pages say about invitations: the limits, and the lines of a list."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.accounts.invitations.limits import TooManyInvitations
from admin_ui.accounts.invitations.several import Line, Status
from admin_ui.accounts.permissions import Role
from admin_ui.display.isolation import isolated

LABELS = {
    Status.GOOD: gettext_lazy("Will be invited"),
    Status.INVITED: gettext_lazy("Invited"),
    Status.LISTED: gettext_lazy("Already invited"),
    Status.MEMBER: gettext_lazy("Already in the team"),
    Status.TWICE: gettext_lazy("Twice in the list"),
    Status.ROLE: gettext_lazy("Role not possible"),
    Status.BAD: gettext_lazy("Not an address"),
    Status.LIMITED: gettext_lazy("Not invited yet"),
    Status.ENDED: gettext_lazy("No longer open"),
}
TONES = {
    Status.GOOD: "good",
    Status.INVITED: "good",
    Status.ROLE: "danger",
    Status.BAD: "danger",
    Status.LIMITED: "warning",
}


@dataclass(frozen=True)
class Row:
    """A line of a list as a page shows it."""

    line: Line
    reason: str

    @property
    def label(self) -> str:
        return str(LABELS[self.line.status])

    @property
    def tone(self) -> str:
        return TONES.get(self.line.status, "")


def row_of(line: Line) -> Row:
    return Row(line, _reason(line))


def _reason(line: Line) -> str:
    reason = ""
    match line.status:
        case Status.BAD:
            reason = line.entry.problem
        case Status.TWICE:
            reason = _("Line %(number)d has the same address.") % {"number": line.first}
        case Status.ROLE:
            names = ", ".join(str(label) for label in Role.labels)
            text = _("You cannot give the role “%(role)s”. Use one of these: %(roles)s.")
            reason = text % {"role": isolated(line.entry.given_role), "roles": names}
        case Status.LIMITED if line.limit:
            reason = limit_text(line.limit)
        case Status.ENDED:
            reason = _("The invitation of this list was accepted, declined, revoked or replaced.")
        case Status.LISTED if line.invitation and line.invitation.declined_at:
            reason = _("The person declined.")
        case Status.LISTED if line.invitation and line.invitation.has_expired:
            reason = _("The invitation has expired.")
    return reason


def limit_text(error: TooManyInvitations) -> str:
    """Say which limit is reached, and when the next invitation can be made."""
    if error.is_of_address:
        text = _(
            "You can invite the same address at most %(most)d times a day. Try again in %(time)s."
        )
    else:
        text = _(
            "A workspace can send at most %(most)d invitations an hour. Try again in %(time)s."
        )
    now = timezone.now()
    wait = timeuntil(now + timedelta(seconds=max(error.seconds, 60)), now, depth=1)
    return text % {"most": error.limit.most, "time": wait}

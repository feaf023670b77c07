"""What pages say about invitations: the limits, and the lines of a list."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.accounts.invitations.limits import TooManyInvitations
from admin_ui.accounts.invitations.several import Line, LineStatus
from admin_ui.accounts.permissions import Role
from admin_ui.display.isolation import isolated

RESULT_LABELS = {
    LineStatus.GOOD: gettext_lazy("Will be invited"),
    LineStatus.INVITED: gettext_lazy("Invited"),
    LineStatus.LISTED: gettext_lazy("Already invited"),
    LineStatus.MEMBER: gettext_lazy("Already in the team"),
    LineStatus.TWICE: gettext_lazy("Twice in the list"),
    LineStatus.ROLE: gettext_lazy("Role not possible"),
    LineStatus.BAD: gettext_lazy("Not an address"),
    LineStatus.LIMITED: gettext_lazy("Not invited yet"),
    LineStatus.ENDED: gettext_lazy("No longer open"),
}
RESULT_TONES = {
    LineStatus.GOOD: "good",
    LineStatus.INVITED: "good",
    LineStatus.ROLE: "danger",
    LineStatus.BAD: "danger",
    LineStatus.LIMITED: "warning",
}


@dataclass(frozen=True)
class ShownLine:
    """A line of a list as a page shows it."""

    line: Line
    reason: str

    @property
    def label(self) -> str:
        return str(RESULT_LABELS[self.line.status])

    @property
    def tone(self) -> str:
        return RESULT_TONES.get(self.line.status, "")


def shown_line(line: Line) -> ShownLine:
    return ShownLine(line, _reason(line))


def _reason(line: Line) -> str:
    reason = ""
    match line.status:
        case LineStatus.BAD:
            reason = line.entry.problem
        case LineStatus.TWICE:
            reason = _("Line %(number)d has the same address.") % {"number": line.first}
        case LineStatus.ROLE:
            names = ", ".join(str(label) for label in Role.labels)
            text = _("You cannot give the role “%(role)s”. Use one of these: %(roles)s.")
            reason = text % {"role": isolated(line.entry.given_role), "roles": names}
        case LineStatus.LIMITED if line.limit:
            reason = limit_text(line.limit)
        case LineStatus.ENDED:
            reason = _("The invitation of this list was accepted, declined, revoked or replaced.")
        case LineStatus.LISTED if line.invitation and line.invitation.declined_at:
            reason = _("The person declined.")
        case LineStatus.LISTED if line.invitation and line.invitation.has_expired:
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

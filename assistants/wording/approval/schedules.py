"""What is scheduled, and why it was not published, as people read it."""

from django.utils.translation import gettext_lazy as _

from assistants.models import Schedule

TROUBLE_SENTENCES = {
    "archived": _("The connection is archived."),
    "busy": _("Somebody else was publishing this assistant."),
    "doubt": _("An earlier change was still unconfirmed."),
    "gateway": _("The gateway could not be reached."),
    "frozen": _("A freeze window holds."),
    "moved": _("Something newer is live."),
    "approval": _("It does not have the approvals that it needs, or the assistant is gone."),
    "right": _("Nobody who arranged this may publish any more."),
    "unreadable": _("The credentials of the connection cannot be read."),
    "closed": _("The change request was closed, or has a new round."),
    "late": _("Its time was more than a day ago."),
    "refused": _("The gateway or the limits of this workspace refused it."),
}
"""Why an attempt published nothing, by `Schedule.trouble`."""


def trouble_sentence(schedule: Schedule) -> str:
    """Return why the newest attempt published nothing; "" if there is nothing to say."""
    return str(TROUBLE_SENTENCES.get(schedule.trouble, ""))

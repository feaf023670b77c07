"""What is said on top of a page about the newest attempt to change an assistant."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from assistants.models import Assistant, Outcome, Revision

Kind, Status, Trouble = Revision.Kind, Outcome.Status, Assistant.Trouble

LATE = "late"
"""In place of a trouble: sent, and nobody has come back to say what became of it."""

CHANGE: dict[str, Promise] = {
    LATE: gettext_lazy("The last change has been on its way for too long."),
    Trouble.UNCONFIRMED: gettext_lazy("It is not certain whether the last change arrived."),
    Trouble.NOT_DELIVERED: gettext_lazy(
        "The last change did not arrive. What is live is as it was."
    ),
    Trouble.REJECTED: gettext_lazy("The last change was refused. What is live is as it was."),
    Trouble.DIFFERS: gettext_lazy("The gateway stored something other than what was sent."),
    Trouble.OUTSIDE: gettext_lazy("Changed outside this dashboard."),
    Trouble.ARRIVED_LATE: gettext_lazy(
        "A change that had not arrived came late, and is live now in place of a newer one."
    ),
}
OTHERS: dict[str, dict[str, Promise]] = {
    Kind.CREATE: {
        LATE: gettext_lazy("Creating this assistant has been on its way for too long."),
        Trouble.UNCONFIRMED: gettext_lazy("It is not certain whether this assistant was created."),
        Trouble.NOT_DELIVERED: gettext_lazy("This assistant was not created."),
        Trouble.REJECTED: gettext_lazy("This assistant was not created: that was refused."),
    },
    Kind.RECREATE: {
        LATE: gettext_lazy("Recreating this assistant has been on its way for too long."),
        Trouble.UNCONFIRMED: gettext_lazy(
            "It is not certain whether this assistant was recreated."
        ),
        Trouble.NOT_DELIVERED: gettext_lazy("This assistant was not recreated."),
        Trouble.REJECTED: gettext_lazy("This assistant was not recreated: that was refused."),
    },
    Kind.DELETE: {
        LATE: gettext_lazy("Deleting this assistant has been on its way for too long."),
        Trouble.UNCONFIRMED: gettext_lazy("It is not certain whether this assistant was deleted."),
        Trouble.NOT_DELIVERED: gettext_lazy("This assistant was not deleted."),
        Trouble.REJECTED: gettext_lazy("This assistant was not deleted: that was refused."),
    },
}
NEXT: dict[str, Promise] = {
    LATE: gettext_lazy(
        "Whoever sent it has not come back to say what became of it. Checking with the gateway"
        " finds out."
    ),
    Trouble.UNCONFIRMED: gettext_lazy(
        "The gateway gave no clear answer and could not be asked afterwards. The next check finds"
        " out."
    ),
}
NEXT_OF_CREATE = gettext_lazy(
    "The next check finds out, unless none or several on the gateway could be what was sent: then a"
    " publisher decides, under “Send again”."
)


def delivery_title(trouble: str, kind: str) -> str:
    """Return what is the matter, in a sentence; `trouble` is a `Trouble` or `LATE`."""
    return str(OTHERS.get(kind, CHANGE).get(trouble, CHANGE[trouble]))


def delivery_next(trouble: str, kind: str) -> str:
    """Return what will happen by itself; "" where nothing will."""
    if trouble == Trouble.UNCONFIRMED and kind in (Kind.CREATE, Kind.RECREATE):
        return str(NEXT_OF_CREATE)
    return str(NEXT.get(trouble, ""))

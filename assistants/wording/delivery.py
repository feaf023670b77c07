"""What is said on top of a page about the newest attempt to change an assistant."""

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from admin_ui.display.times import clock
from assistants.models import CREATE_KINDS, LATE, Kind, Revision, Trouble

CHANGE: dict[str, Promise] = {
    LATE: gettext_lazy("The last change is taking too long."),
    Trouble.UNCONFIRMED: gettext_lazy("It is not certain whether the last change arrived."),
    Trouble.NOT_DELIVERED: gettext_lazy(
        "The last change was not delivered. The live version is unchanged."
    ),
    Trouble.REJECTED: gettext_lazy(
        "The gateway refused the last change. The live version is unchanged."
    ),
    Trouble.DIFFERS: gettext_lazy("The gateway stored something different from what was sent."),
    Trouble.OUTSIDE: gettext_lazy("Changed outside this dashboard."),
    Trouble.ARRIVED_LATE: gettext_lazy(
        "An earlier change arrived late and replaced a newer version."
    ),
}
OTHERS: dict[str, dict[str, Promise]] = {
    Kind.CREATE: {
        LATE: gettext_lazy("Creating this assistant is taking too long."),
        Trouble.UNCONFIRMED: gettext_lazy("It is not certain whether this assistant was created."),
        Trouble.NOT_DELIVERED: gettext_lazy("This assistant was not created."),
        Trouble.REJECTED: gettext_lazy("This assistant was not created. The gateway refused it."),
    },
    Kind.RECREATE: {
        LATE: gettext_lazy("Recreating this assistant is taking too long."),
        Trouble.UNCONFIRMED: gettext_lazy(
            "It is not certain whether this assistant was recreated."
        ),
        Trouble.NOT_DELIVERED: gettext_lazy("This assistant was not recreated."),
        Trouble.REJECTED: gettext_lazy("This assistant was not recreated. The gateway refused it."),
    },
    Kind.DELETE: {
        LATE: gettext_lazy("Deleting this assistant is taking too long."),
        Trouble.UNCONFIRMED: gettext_lazy("It is not certain whether this assistant was deleted."),
        Trouble.NOT_DELIVERED: gettext_lazy("This assistant was not deleted."),
        Trouble.REJECTED: gettext_lazy("This assistant was not deleted. The gateway refused it."),
    },
}
NEXT_OF_LATE = gettext_lazy(
    "The result is not known yet. The next check with the gateway will find out."
)
NEXT_OF_DOUBT = gettext_lazy(
    "The gateway gave no clear answer. The change may still arrive until {time}; each check looks"
    " for it."
)
NEXT_OF_OLD_DOUBT = gettext_lazy(
    "The gateway gave no clear answer, and no check has run since. The next check will find out."
)
NEXT_OF_CREATE = gettext_lazy(
    "The next check will find out. If no assistant on the gateway matches, or several do, a"
    " publisher decides under “Send again”."
)


def delivery_title(trouble: str, kind: str) -> str:
    """Return what is the matter, in a sentence; `trouble` is a `Trouble` or `LATE`."""
    return str(OTHERS.get(kind, CHANGE).get(trouble, CHANGE[trouble]))


def delivery_next(trouble: str, revision: Revision) -> str | SafeString:
    """Return what happens next without anybody's doing; "" where nothing does."""
    if trouble == LATE:
        return str(NEXT_OF_LATE)
    if trouble != Trouble.UNCONFIRMED:
        return ""
    if revision.kind in CREATE_KINDS:
        return str(NEXT_OF_CREATE)
    if revision.may_arrive:
        return format_html(str(NEXT_OF_DOUBT), time=clock(revision.may_arrive_until))
    return str(NEXT_OF_OLD_DOUBT)

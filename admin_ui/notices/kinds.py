"""What people can be told about, and how a notice says it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from admin_ui.display.isolation import isolated
from admin_ui.display.times import exact, utc

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


class NoticeKind(models.TextChoices):
    """What happened, as stored."""

    ASKED = "asked", _("Asked to review")
    COMMENTED = "commented", _("Commented")
    MENTIONED = "mentioned", _("Mentioned")
    APPROVED = "approved", _("Approved")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    PUBLISHED = "published", _("Published")
    DELETED = "deleted", _("Deleted")
    SCHEDULED = "scheduled", _("Scheduled or called off")
    FAILED = "failed", _("Failed")
    REFUSED = "refused", _("Refused by the gateway")
    CHANGED_OUTSIDE = "changed_outside", _("Changed outside")
    IN_DOUBT = "in_doubt", _("Unconfirmed for ten minutes")
    WITHOUT_APPROVAL = "without_approval", _("Live without approval")
    POLICY_LOOSENED = "policy_loosened", _("Approval policy loosened")
    OVERRIDDEN = "overridden", _("Approval or freeze window overridden")


class Act(StrEnum):
    """What sets a happening apart from others of its kind; `details["act"]` has it."""

    AT_TIME = "at_time"
    CALLED_OFF = "called_off"
    RETURN_CALLED_OFF = "return_called_off"
    AS_SCHEDULED = "as_scheduled"
    WITH_APPROVAL = "with_approval"
    RETURNED = "returned"
    NOT_AS_SCHEDULED = "not_as_scheduled"
    NOT_RETURNED = "not_returned"
    IN_FREEZE = "in_freeze"
    DELETED_WITHOUT = "deleted_without"
    DELETED_IN_FREEZE = "deleted_in_freeze"
    NOT_DELETED = "not_deleted"


TELLS_THE_ACTOR = frozenset(
    {
        NoticeKind.FAILED,
        NoticeKind.REFUSED,
        NoticeKind.IN_DOUBT,
        NoticeKind.WITHOUT_APPROVAL,
    }
)
"""What people learn although they did it: it ended differently from what they meant."""

SENTENCES: dict[str, "StrPromise"] = {
    NoticeKind.ASKED: _("%(actor)s asks you to review %(subject)s"),
    NoticeKind.COMMENTED: _("%(actor)s commented on %(subject)s"),
    NoticeKind.MENTIONED: _("%(actor)s mentioned you in %(subject)s"),
    NoticeKind.APPROVED: _("%(actor)s approved %(subject)s"),
    NoticeKind.CHANGES_REQUESTED: _("%(actor)s requested changes to %(subject)s"),
    NoticeKind.REJECTED: _("%(actor)s rejected %(subject)s"),
    NoticeKind.WITHDRAWN: _("%(actor)s withdrew %(subject)s"),
    NoticeKind.PUBLISHED: _("%(actor)s published %(subject)s"),
    NoticeKind.DELETED: _("%(actor)s deleted %(subject)s"),
    NoticeKind.SCHEDULED: _("%(actor)s scheduled %(subject)s"),
    NoticeKind.FAILED: _("Publishing failed: %(subject)s"),
    NoticeKind.REFUSED: _("The gateway refused a change: %(subject)s"),
    NoticeKind.CHANGED_OUTSIDE: _("Changed outside this dashboard: %(subject)s"),
    NoticeKind.IN_DOUBT: _("A change has been unconfirmed for ten minutes: %(subject)s"),
    NoticeKind.WITHOUT_APPROVAL: _("Live without approval: %(subject)s"),
    NoticeKind.POLICY_LOOSENED: _("%(actor)s loosened the approval policy: %(subject)s"),
    NoticeKind.OVERRIDDEN: _("%(actor)s published without the approvals needed: %(subject)s"),
}
"""What happened in one sentence; `subject` is the name of what it happened to."""
ACT_SENTENCES: dict[str, "StrPromise"] = {
    Act.AT_TIME: _("%(actor)s scheduled %(subject)s for %(time)s"),
    Act.CALLED_OFF: _("%(actor)s called off %(subject)s, scheduled for %(time)s"),
    Act.RETURN_CALLED_OFF: _(
        "%(actor)s called off the return of version %(back_to)s at %(time)s: %(subject)s"
    ),
    Act.AS_SCHEDULED: _("Published as scheduled, as %(actor)s: %(subject)s"),
    Act.WITH_APPROVAL: _("Published with the last approval, as %(actor)s: %(subject)s"),
    Act.RETURNED: _("Version %(back_to)s is back, published as %(actor)s: %(subject)s"),
    Act.NOT_AS_SCHEDULED: _("Not published, though scheduled for %(time)s: %(subject)s"),
    Act.NOT_RETURNED: _("Version %(back_to)s did not come back at %(time)s: %(subject)s"),
    Act.IN_FREEZE: _("%(actor)s published in a freeze window: %(subject)s"),
    Act.DELETED_WITHOUT: _("%(actor)s deleted without the approvals needed: %(subject)s"),
    Act.DELETED_IN_FREEZE: _("%(actor)s deleted in a freeze window: %(subject)s"),
    Act.NOT_DELETED: _("Deleting failed: %(subject)s"),
}
"""The sentence of an act, in place of that of its kind."""
_WITH_END = _("%(said)s, until %(until)s")
NO_DETAILS: Mapping[str, Any] = {}


def act_details(
    act: Act | None,
    *,
    at: datetime | None = None,
    until: datetime | None = None,
    zone: str = "",
    back_to: int = 0,
) -> dict[str, Any]:
    """Return the details that say what was done, for when, and until when it is live.

    `zone` is the one in which these times were chosen. `back_to` is the version that comes back.
    """
    found = {
        "act": act and act.value,
        "time": at and utc(at),
        "until": until and utc(until),
        "zone": zone if at or until else "",
        "back_to": back_to,
    }
    return {name: value for name, value in found.items() if value}


def sentence(
    *, kind: str, subject: str, actor_name: str, details: Mapping[str, Any] = NO_DETAILS
) -> str:
    """Return what happened as one sentence, for a page, a mail or a webhook. It is no HTML.

    Times are in the active zone, and name it.
    """
    template = ACT_SENTENCES.get(details.get("act", ""), SENTENCES[kind])
    return in_words(template, subject, actor_name, details)


def in_words(
    template: "StrPromise", subject: str, actor_name: str, details: Mapping[str, Any] = NO_DETAILS
) -> str:
    """Return the `template` of a sentence with its names and times."""
    said = str(template) % {
        "actor": isolated(actor_name),
        "subject": isolated(subject),
        "back_to": details.get("back_to", ""),
        "time": _time(details, "time"),
    }
    until = _time(details, "until")
    return str(_WITH_END) % {"said": said, "until": until} if until else said


def _time(details: Mapping[str, Any], name: str) -> str:
    return exact(datetime.fromisoformat(details[name])) if name in details else ""

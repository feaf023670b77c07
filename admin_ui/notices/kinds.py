"""What people can be told about, and how a notice says it."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from admin_ui.display.isolation import isolated

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
    SCHEDULED = "scheduled", _("Scheduled")
    FAILED = "failed", _("Failed")
    REFUSED = "refused", _("Refused by the gateway")
    CHANGED_OUTSIDE = "changed_outside", _("Changed outside")
    IN_DOUBT = "in_doubt", _("Unconfirmed for ten minutes")
    WITHOUT_APPROVAL = "without_approval", _("Live without approval")
    POLICY_LOOSENED = "policy_loosened", _("Approval policy loosened")
    OVERRIDDEN = "overridden", _("Approval overridden")


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


def sentence(*, kind: str, subject: str, actor_name: str) -> str:
    """Return what happened as one sentence, for a page, a mail or a webhook. It is no HTML."""
    said = SENTENCES[kind] % {"actor": isolated(actor_name), "subject": isolated(subject)}
    return str(said)

"""What webhooks hear of: the type of each event as receivers know it, and its sentence."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from admin_ui.display.isolation import isolated
from admin_ui.notices.kinds import NoticeKind, sentence
from assistants.models.webhooks.webhook import TEST_KIND

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

EVENT_TYPES: dict[str, str] = {
    NoticeKind.ASKED: "request.review_asked",
    NoticeKind.COMMENTED: "request.commented",
    NoticeKind.MENTIONED: "request.mentioned",
    NoticeKind.APPROVED: "request.approved",
    NoticeKind.CHANGES_REQUESTED: "request.changes_requested",
    NoticeKind.REJECTED: "request.rejected",
    NoticeKind.WITHDRAWN: "request.withdrawn",
    NoticeKind.PUBLISHED: "assistant.published",
    NoticeKind.DELETED: "assistant.deleted",
    NoticeKind.SCHEDULED: "request.scheduled",
    NoticeKind.FAILED: "assistant.failed",
    NoticeKind.REFUSED: "assistant.refused",
    NoticeKind.CHANGED_OUTSIDE: "assistant.changed_outside",
    NoticeKind.IN_DOUBT: "assistant.in_doubt",
    NoticeKind.WITHOUT_APPROVAL: "assistant.live_without_approval",
    NoticeKind.POLICY_LOOSENED: "policy.loosened",
    NoticeKind.OVERRIDDEN: "policy.overridden",
    TEST_KIND: "webhook.test",
}
"""Receivers rely on these: a type may be added, and none may change."""
_FOR_CHANNELS: dict[str, "_StrPromise"] = {
    NoticeKind.ASKED: _("%(actor)s asks for a review of %(subject)s"),
    NoticeKind.MENTIONED: _("%(actor)s mentioned people in %(subject)s"),
    TEST_KIND: _("A test of the webhook %(subject)s by %(actor)s"),
}
"""Sentences for a channel of many, where the one for a person says “you”."""


def channel_sentence(*, kind: str, subject: str, actor_name: str) -> str:
    """Return what happened as one sentence for a channel. It is no HTML."""
    if said := _FOR_CHANNELS.get(kind):
        return str(said) % {"actor": isolated(actor_name), "subject": isolated(subject)}
    return sentence(kind=kind, subject=subject, actor_name=actor_name)

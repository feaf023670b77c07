"""What webhooks hear of: the type of each event as receivers know it, and its sentence."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.notices.kinds import NO_DETAILS, Act, NoticeKind, in_words, sentence
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
TYPES_OF_ACTS: dict[str, str] = {
    Act.CALLED_OFF: "request.called_off",
    Act.RETURN_CALLED_OFF: "request.return_called_off",
}
"""Types of acts for which that of their kind would say the opposite."""
_FOR_CHANNELS: dict[str, "_StrPromise"] = {
    NoticeKind.ASKED: _("%(actor)s asks for a review of %(subject)s"),
    NoticeKind.MENTIONED: _("%(actor)s mentioned people in %(subject)s"),
    TEST_KIND: _("A test of the webhook %(subject)s by %(actor)s"),
}
"""Sentences for a channel of many, where the one for a person says “you”."""


def event_type(kind: str, details: Mapping[str, Any]) -> str:
    """Return the type of an event as receivers know it."""
    by_kind = EVENT_TYPES.get(kind, f"other.{kind}")
    return TYPES_OF_ACTS.get(details.get("act", ""), by_kind)


def channel_sentence(
    *, kind: str, subject: str, actor_name: str, details: Mapping[str, Any] = NO_DETAILS
) -> str:
    """Return what happened as one sentence for a channel. It is no HTML.

    Times are in the zone in which they were chosen, or in that of the server.
    """
    with timezone.override(ZoneInfo(details.get("zone") or settings.TIME_ZONE)):
        if template := _FOR_CHANNELS.get(kind):
            return in_words(template, subject, actor_name)
        return sentence(kind=kind, subject=subject, actor_name=actor_name, details=details)

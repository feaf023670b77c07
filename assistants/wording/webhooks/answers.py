"""What receivers of webhooks answered, and how a message is doing, in words."""

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.display.isolation import isolated
from admin_ui.notices.kinds import NoticeKind
from assistants.models.webhooks.webhook import TEST_KIND, Webhook, WebhookDelivery
from assistants.wording.chips import Chip
from assistants.wording.marks import quoted

_WITHOUT_ANSWER: dict[str, Promise] = {
    "timed_out": gettext_lazy("The receiver did not answer within 15 seconds."),
    "unreachable": gettext_lazy("The receiver could not be reached."),
    "unknown_host": gettext_lazy(
        "No server with this name was found. Check the spelling of the address."
    ),
    "forbidden_host": gettext_lazy(
        "This address is private, so nothing was sent. The person who runs the server can"
        " allow it by naming the host in GATEWAY_PRIVATE_HOSTS."
    ),
    "connection_lost": gettext_lazy("The connection broke before the receiver answered."),
    "misconfigured": gettext_lazy("This address cannot be sent to. Enter it again, in full."),
    "credentials_unreadable": gettext_lazy(
        "The encryption keys of this installation cannot read the address, so nothing was sent."
        " Enter it again, or restore the earlier ENCRYPTION_KEYS."
    ),
}
_BY_STATUS: dict[int, Promise] = {
    400: gettext_lazy("The receiver does not accept this message (400). Check its format."),
    401: gettext_lazy("The receiver does not accept who sends (401). Check the address."),
    403: gettext_lazy("The receiver does not accept who sends (403). Check the address."),
    404: gettext_lazy("The receiver does not know this address (404). Copy it again, in full."),
    410: gettext_lazy("The receiver no longer exists (410), so the webhook is disabled."),
    413: gettext_lazy("The message is too large for the receiver (413)."),
    429: gettext_lazy("The receiver gets too many messages (429). It gets this one later."),
}
_TONES = {
    WebhookDelivery.State.PENDING: ("info", "refresh-cw"),
    WebhookDelivery.State.DELIVERED: ("done", "circle-check"),
    WebhookDelivery.State.FAILED: ("danger", "circle-x"),
    WebhookDelivery.State.STOPPED: ("", "unplug"),
}


def answer_sentence(*, status: int | None, error: str = "", words: str = "") -> str:
    """Return what came back from a receiver, and what to do where something can be done."""
    if status is None:
        return str(_WITHOUT_ANSWER.get(error) or _("The message could not be sent."))
    if 200 <= status < 300:
        return _("The receiver took the message (%(status)d).") % {"status": status}
    said = str(_BY_STATUS.get(status) or _other(status) % {"status": status})
    if words:
        said += " " + _("It said: “%(words)s”") % {"words": quoted(words)}
    return said


def _other(status: int) -> str:
    if 300 <= status < 400:
        return _(
            "The receiver redirects to another address (%(status)d), which is not followed."
            " Enter the final address."
        )
    if status >= 500:
        return _("The receiver failed (%(status)d).")
    return _("The receiver refused the message (%(status)d).")


def delivery_chip(state: str) -> Chip:
    """Return the state of a message as a chip."""
    tone, icon = _TONES[WebhookDelivery.State(state)]
    return Chip(tone, icon, str(WebhookDelivery.State(state).label))


def webhook_chip(webhook: Webhook) -> Chip:
    """Return the state of a webhook as a chip."""
    if webhook.disabled_at is not None:
        return Chip("", "unplug", _("Disabled"))
    if webhook.failures:
        return Chip("danger", "triangle-alert", _("Failing"))
    return Chip("done", "circle-check", _("Active"))


def why_disabled(webhook: Webhook) -> str:
    """Return why nothing is sent to `webhook`; "" if it is not disabled."""
    reason = webhook.disabled_reason
    return str(Webhook.Reason(reason).label) if reason in Webhook.Reason.values else ""


def message_kind(kind: str) -> str:
    """Return what a message tells; as it is stored if only another release knows it."""
    if kind == TEST_KIND:
        return _("Test")
    return str(NoticeKind(kind).label) if kind in NoticeKind.values else kind


def interrupted(began_at: datetime, now: datetime, lease_seconds: float) -> str:
    """Return what is known of an attempt that has no end."""
    if (now - began_at).total_seconds() < lease_seconds:
        return _("Sending …")
    return _("The server stopped during this attempt. The message may have arrived.")


def saved(name: str) -> str:
    """Return that a webhook was saved."""
    return _("%(name)s is saved.") % {"name": isolated(name)}

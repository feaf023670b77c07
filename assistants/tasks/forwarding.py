"""Sending security events to a receiver outside, such as a log collector."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.audit.forwarding.forward import forward_events
from admin_ui.audit.forwarding.receivers import CannotSend, receiver_at
from admin_ui.tasks.enqueue import STOPPING, TaskFailed, labelled, repeatable


@task()
@repeatable(retries=2)
@labelled(_("Forwarding the audit log"))
def forward_audit() -> int:
    """Send what is new to the receiver of `AUDIT_FORWARD_TO`; returns how many events."""
    if not settings.AUDIT_FORWARD_TO:
        return 0
    try:
        receiver = receiver_at(settings.AUDIT_FORWARD_TO, secret=settings.AUDIT_FORWARD_SECRET)
        return forward_events(receiver, stop=STOPPING.is_set)
    except (CannotSend, ValueError) as error:
        raise TaskFailed(str(error)) from error

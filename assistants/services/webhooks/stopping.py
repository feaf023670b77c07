"""Ending what waits for a webhook to which nothing is sent any more."""

from django.utils import timezone

from assistants.models.webhooks.webhook import Webhook, WebhookDelivery


def stop_deliveries(webhook: Webhook) -> None:
    """Let no message that waits for `webhook` be sent, unless somebody redelivers it."""
    waiting = WebhookDelivery.objects.filter(webhook=webhook, state=WebhookDelivery.State.PENDING)
    waiting.update(state=WebhookDelivery.State.STOPPED, next_at=None, ended_at=timezone.now())

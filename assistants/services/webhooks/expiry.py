"""Which messages of webhooks are kept no longer."""

from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from assistants.models.webhooks.webhook import WebhookDelivery

DELIVERIES_KEPT_FOR = timedelta(days=30)


def old_deliveries() -> QuerySet[WebhookDelivery]:
    """Return the messages that are over 30 days old and wait no more."""
    before = timezone.now() - DELIVERIES_KEPT_FOR
    ended = WebhookDelivery.objects.exclude(state=WebhookDelivery.State.PENDING)
    return ended.filter(created_at__lt=before)

"""Queueing messages: one for each webhook that wants to hear of something."""

from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed
from admin_ui.accounts.services import lock_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from admin_ui.notices.models import Happening
from assistants.models.webhooks.webhook import Webhook, WebhookDelivery
from assistants.services.errors import ServiceError
from assistants.services.webhooks.bodies import Event, body_of


class WebhookDisabled(ServiceError):
    """Nothing is sent to a disabled webhook."""


class BeingSent(ServiceError):
    """A worker sends this message at the moment, or has since the person was shown it."""


def queue_happening(happening: Happening) -> list[int]:
    """Queue a message for each webhook that hears of `happening`; returns their primary keys.

    Part of the transaction that spreads it, so each webhook gets it once. Only writes to the
    database.
    """
    open_ones = Webhook.objects.filter(workspace=happening.workspace_id, disabled_at=None)
    found = [row for row in open_ones.order_by("pk") if happening.kind in row.kinds]
    event = Event(
        kind=happening.kind,
        subject=happening.subject,
        path=happening.path,
        actor_name=happening.actor_name,
        workspace=happening.workspace,
        at=happening.created_at,
        details=happening.details,
    )
    now = timezone.now()
    made = [new_delivery(row, event, happening=happening.pk, now=now) for row in found]
    WebhookDelivery.objects.bulk_create(made, ignore_conflicts=True)
    return [row.pk for row in found]


def new_delivery(
    webhook: Webhook, event: Event, *, now: datetime, happening: int | None = None
) -> WebhookDelivery:
    """Return the message of `event` to `webhook`, due `now` and not stored yet."""
    return WebhookDelivery(
        webhook=webhook,
        message_id=f"msg_{uuid4().hex}",
        happening=happening,
        kind=event.kind,
        subject=event.subject,
        body=body_of(event, webhook.format),
        next_at=now,
    )


def redeliver(*, author: Member, delivery: WebhookDelivery, seen: int | None = None) -> None:
    """Let a message be sent again, at once and with the same ID and body.

    `seen` is how many attempts the person was shown, so that a form sent twice acts once. Raises
    `NotAllowed`, `WebhookDisabled`, `BeingSent`, and `WebhookDelivery.DoesNotExist` if it was
    deleted meanwhile.
    """
    with transaction.atomic():
        lock_actor(author, Action.MANAGE_WORKSPACE)
        rows = Webhook.objects.select_for_update(of=("self",)).select_related("workspace")
        webhook = rows.filter(pk=delivery.webhook_id).first()
        if webhook is None:
            raise WebhookDelivery.DoesNotExist
        if webhook.workspace_id != author.workspace_id:
            raise NotAllowed(Action.MANAGE_WORKSPACE)
        if webhook.disabled_at is not None:
            raise WebhookDisabled
        row = WebhookDelivery.objects.select_for_update().get(pk=delivery.pk)
        now = timezone.now()
        is_leased = row.leased_until is not None and row.leased_until > now
        if is_leased or seen not in (None, row.attempts):
            raise BeingSent
        row.state, row.tries = WebhookDelivery.State.PENDING, 0
        row.next_at, row.leased_until, row.ended_at = now, None, None
        row.save(update_fields=["state", "tries", "next_at", "leased_until", "ended_at"])
        Webhook.objects.filter(pk=webhook.pk).update(paused_until=None)
        record(
            EventKind.WEBHOOK,
            workspace=webhook.workspace,
            about=webhook.name,
            details={"redelivered": True, "id": row.message_id},
        )

"""Sending queued messages: at least once each, by one worker at a time.

An attempt is inserted before it is made and completed after it, each in a short transaction. A
worker that is killed in between leaves its lease, after which another attempt is made.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from assistants.gateway.webhooks.posting import Receipt, post_message
from assistants.gateway.webhooks.signing import signature_headers
from assistants.models.webhooks.webhook import Webhook, WebhookAttempt, WebhookDelivery
from assistants.services.webhooks.places import PLACES
from assistants.services.webhooks.sealed import sealed_of, signing_secrets
from assistants.services.webhooks.stopping import stop_deliveries
from assistants.services.webhooks.timetable import (
    DISABLED_AFTER,
    FEWEST_FAILURES,
    left_alone_until,
    longest_wait,
    next_try,
)

logger = logging.getLogger(__name__)
SENDING_LEASE = timedelta(seconds=60)
"""How long a worker may have a message; an attempt takes 15 at most."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""A time that is later than the longest possible one by more than this is of another clock."""
LONGEST_PAUSED = timedelta(days=1)
A_TURN = 30.0
"""Seconds after which other webhooks get their turn."""
ACTOR = "webhooks"
"""Who disables a webhook that its receiver has left, in the audit log."""
DeliveryState = WebhookDelivery.State


@dataclass(frozen=True)
class Claim:
    """A message that this worker alone sends now."""

    webhook: Webhook
    delivery: WebhookDelivery
    attempt: WebhookAttempt


def due_webhooks(now: datetime | None = None) -> QuerySet[Webhook]:
    """Return the webhooks for which a message can be sent now."""
    now = now or timezone.now()
    waiting = _due(WebhookDelivery.objects.filter(webhook=OuterRef("pk")), now)
    return _open(now).filter(Exists(waiting)).order_by("pk")


def send_due(webhook_pk: int, *, stop: Callable[[], bool] = lambda: False) -> float | None:
    """Send what is due for a webhook, one message after the other.

    Returns the seconds until there is more to do, 0 if there is now; None if nothing waits.
    """
    until = time.monotonic() + A_TURN
    while not stop() and time.monotonic() < until:
        with PLACES.taken(webhook_pk, is_failing=_is_failing(webhook_pk)) as has_place:
            if not has_place:
                return 1.0
            claim = claim_due(webhook_pk)
            if claim is None:
                return _seconds_left(webhook_pk)
            complete(claim, attempt_to_send(claim))
    return 0.0


def claim_due(webhook_pk: int) -> Claim | None:
    """Take the message of a webhook that has waited longest and is due; None if there is none."""
    now = timezone.now()
    with transaction.atomic():
        rows = _open(now).select_for_update(of=("self",)).select_related("workspace")
        webhook = rows.filter(pk=webhook_pk).first()
        if webhook is None:
            return None
        now = timezone.now()  # the row may have been waited for
        due = _due(WebhookDelivery.objects.filter(webhook=webhook), now)
        delivery = due.order_by("next_at", "pk").first()
        return claim_of(webhook, delivery, now) if delivery else None


def claim_of(webhook: Webhook, delivery: WebhookDelivery, now: datetime) -> Claim:
    """Take `delivery`, inside a transaction that holds the row of `webhook`."""
    delivery.attempts, delivery.tries = delivery.attempts + 1, delivery.tries + 1
    delivery.leased_until = now + SENDING_LEASE
    delivery.save(update_fields=["attempts", "tries", "leased_until"])
    attempt = WebhookAttempt.objects.create(
        delivery=delivery, number=delivery.attempts, began_at=now
    )
    return Claim(webhook, delivery, attempt)


def attempt_to_send(claim: Claim) -> Receipt:
    """Send the message once, outside any transaction."""
    webhook, delivery = claim.webhook, claim.delivery
    sealed = sealed_of(webhook)
    if sealed is None:
        return Receipt(error="credentials_unreadable")
    now, body = timezone.now(), json.dumps(delivery.body).encode()
    secrets = signing_secrets(webhook, sealed, now=now)
    headers = (
        signature_headers(
            delivery.message_id, body, at=int(now.timestamp()), signing_secrets=secrets
        )
        if webhook.is_signed
        else {}
    )
    return post_message(
        sealed.address,
        body,
        headers,
        secrets=(sealed.secret, sealed.earlier),
        private_hosts=settings.GATEWAY_PRIVATE_HOSTS,
        connect_seconds=settings.GATEWAY_CONNECT_TIMEOUT,
    )


def complete(claim: Claim, receipt: Receipt, *, retries: bool = True) -> None:
    """Store how an attempt ended, and what follows from it.

    If another worker has taken the message over meanwhile, only the attempt is completed.
    """
    now = timezone.now()
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update().filter(pk=claim.webhook.pk).first()
        if webhook is None:
            return
        WebhookAttempt.objects.filter(pk=claim.attempt.pk).update(
            ended_at=now, status=receipt.status, error=receipt.error, words=receipt.words
        )
        rows = WebhookDelivery.objects.select_for_update()
        delivery = rows.filter(pk=claim.delivery.pk, attempts=claim.delivery.attempts).first()
        _note(webhook, receipt, now)  # may stop what waits, which this one does no more
        if delivery is not None:
            _end(delivery, receipt, now, retries=retries and webhook.disabled_at is None)
    if not receipt.is_success:
        said = receipt.status or receipt.error
        logger.warning("Webhook %s: message %s failed: %s", webhook.pk, delivery or "?", said)


def _end(delivery: WebhookDelivery, receipt: Receipt, now: datetime, *, retries: bool) -> None:
    delivery.leased_until = None
    was_pending = delivery.state == DeliveryState.PENDING
    if receipt.is_success:
        delivery.state, delivery.next_at, delivery.ended_at = DeliveryState.DELIVERED, None, now
    elif was_pending:
        again = next_try(delivery.tries, now=now, retry_after=receipt.retry_after)
        delivery.next_at = again if retries else None
        if delivery.next_at is None:
            delivery.state, delivery.ended_at = DeliveryState.FAILED, now
    delivery.save(update_fields=["state", "next_at", "leased_until", "ended_at"])


def _note(webhook: Webhook, receipt: Receipt, now: datetime) -> None:
    """Store what an answer says about the receiver, and disable a webhook that it has left."""
    if receipt.is_success:
        webhook.failures, webhook.failing_since, webhook.paused_until = 0, None, None
        webhook.delivered_at = now
    else:
        webhook.failures += 1
        webhook.failing_since = webhook.failing_since or now
        webhook.paused_until = left_alone_until(
            webhook.failures, now=now, retry_after=receipt.retry_after
        )
        reason = _reason_to_disable(webhook, receipt, now)
        if reason and webhook.disabled_at is None:
            webhook.disabled_at, webhook.disabled_reason = now, reason
            stop_deliveries(webhook)
            record(
                EventKind.WEBHOOK,
                workspace=webhook.workspace,
                actor_name=ACTOR,
                about=webhook.name,
                details={"disabled": True, "reason": Webhook.Reason(reason).label},
            )
    webhook.save(
        update_fields=[
            "failures",
            "failing_since",
            "paused_until",
            "delivered_at",
            "disabled_at",
            "disabled_reason",
        ]
    )


def _reason_to_disable(webhook: Webhook, receipt: Receipt, now: datetime) -> str:
    if receipt.status == 410:
        return Webhook.Reason.GONE
    since = webhook.failing_since or now
    is_long = webhook.failures >= FEWEST_FAILURES and now - since >= DISABLED_AFTER
    return Webhook.Reason.FAILING if is_long else ""


def _open(now: datetime) -> QuerySet[Webhook]:
    """Return the webhooks that may be tried. A pause that is too long was set by another clock."""
    tried = Q(paused_until=None) | Q(paused_until__lte=now)
    tried |= Q(paused_until__gt=now + LONGEST_PAUSED + CLOCKS_DIFFER)
    return Webhook.objects.filter(tried, disabled_at=None, workspace__archived_at=None)


def _due(rows: QuerySet[WebhookDelivery], now: datetime) -> QuerySet[WebhookDelivery]:
    # The first attempt has no time to wait for, so a clock that is set back does not delay it.
    time_has_come = (
        Q(tries=0) | Q(next_at__lte=now) | Q(next_at__gt=now + longest_wait() + CLOCKS_DIFFER)
    )
    is_free = (
        Q(leased_until=None)
        | Q(leased_until__lte=now)
        | Q(leased_until__gt=now + SENDING_LEASE + CLOCKS_DIFFER)
    )
    return rows.filter(time_has_come, is_free, state=DeliveryState.PENDING)


def _is_failing(webhook_pk: int) -> bool:
    return Webhook.objects.filter(pk=webhook_pk, failures__gt=0).exists()


def _seconds_left(webhook_pk: int) -> float | None:
    """Return the seconds until a message of a webhook may be due; None if none waits."""
    open_ones = Webhook.objects.filter(disabled_at=None, workspace__archived_at=None)
    webhook = open_ones.filter(pk=webhook_pk).first()
    waiting = WebhookDelivery.objects.filter(webhook=webhook_pk, state=DeliveryState.PENDING)
    first = waiting.order_by("next_at").first() if webhook else None
    if webhook is None or first is None:
        return None
    times = (first.next_at, first.leased_until, webhook.paused_until)
    latest = max(filter(None, times), default=timezone.now())
    return max((latest - timezone.now()).total_seconds(), 0.0)

"""Sending a test message at once, for an admin who waits for the answer."""

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed
from admin_ui.accounts.services import lock_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from assistants.gateway.webhooks.posting import Receipt
from assistants.models.webhooks.webhook import TEST_KIND, Webhook, WebhookDelivery
from assistants.services.errors import ServiceError
from assistants.services.webhooks.bodies import Event
from assistants.services.webhooks.places import PLACES
from assistants.services.webhooks.queueing import new_delivery
from assistants.services.webhooks.sending import SENDING_LEASE, attempt_to_send, claim_of, complete
from assistants.services.webhooks.timetable import DELAYS


class AllPlacesTaken(ServiceError):
    """This process sends as many messages as it may. Another try a moment later will do."""


class AlreadySent(ServiceError):
    """The form was sent twice: another test was sent since the person was shown the webhook."""


def send_test(*, author: Member, webhook: Webhook, path: str, seen: int | None = None) -> Receipt:
    """Send a test message that links to `path`, and return how the receiver answered.

    Also to a disabled webhook, which stays disabled. The message is in the log, and is not tried
    again if it fails. `seen` is the newest message that the person was shown. Raises `NotAllowed`,
    `AllPlacesTaken`, `AlreadySent`, and `Webhook.DoesNotExist` if it was deleted.
    """
    with PLACES.taken(webhook.pk, is_failing=False) as has_place:
        if not has_place:
            raise AllPlacesTaken
        now = timezone.now()
        with transaction.atomic():
            actor = lock_actor(author, Action.MANAGE_WORKSPACE)
            rows = Webhook.objects.select_for_update(of=("self",)).select_related("workspace")
            row = rows.get(pk=webhook.pk)
            if row.workspace_id != author.workspace_id:
                raise NotAllowed(Action.MANAGE_WORKSPACE)
            tests = WebhookDelivery.objects.filter(webhook=row, kind=TEST_KIND)
            if seen is not None and tests.filter(pk__gt=seen).exists():
                raise AlreadySent
            event = Event(TEST_KIND, row.name, path, str(actor.user), row.workspace, now)
            delivery = new_delivery(row, event, now=now + SENDING_LEASE)
            delivery.tries = len(DELAYS)  # so the worker gives up after it, if this process dies
            delivery.save()
            claim = claim_of(row, delivery, now)
            record(
                EventKind.WEBHOOK,
                workspace=row.workspace,
                about=row.name,
                details={"tested": True, "id": delivery.message_id},
            )
        receipt = attempt_to_send(claim)
        complete(claim, receipt, retries=False)
    return receipt

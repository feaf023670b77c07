"""The page of a webhook: its test, the log of its messages, and sending one again."""

import json

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.views import taken_from_last_page
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants.models.webhooks.webhook import Webhook, WebhookDelivery
from assistants.selectors.webhooks.log import (
    WebhookRow,
    attempts_of,
    deliveries_of,
    delivery_row,
    get_delivery,
    get_webhook,
)
from assistants.services.webhooks.queueing import BeingSent, WebhookDisabled, redeliver
from assistants.services.webhooks.sending import SENDING_LEASE
from assistants.services.webhooks.trying import AllPlacesTaken, AlreadySent, send_test
from assistants.tasks.webhooks import send_soon
from assistants.views.webhooks.webhooks import ONCE, to_webhook
from assistants.wording.webhooks.answers import answer_sentence, interrupted


@require_safe
@require(Action.MANAGE_WORKSPACE)
def webhook(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show a webhook, its new secret once, and the log of its messages."""
    row = WebhookRow.of(get_webhook(request.workspace, pk))
    found = deliveries_of(row.webhook, request.GET.dict())
    once = taken_from_last_page(request, ONCE)
    context = {
        "row": row,
        "webhook": row.webhook,
        "page": found,
        "rows": [delivery_row(delivery) for delivery in found.rows],
        "states": WebhookDelivery.State.choices,
        "state": request.GET.get("state", ""),
        "once": once if once.get("pk") == str(pk) else {},
        "now": timezone.now(),
    }
    return render(request, "assistants/webhooks/webhook.html", context)


@require_POST
@require(Action.MANAGE_WORKSPACE)
@costly()
def webhook_test(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Send a test message, and say what came back."""
    row = get_webhook(request.workspace, pk)
    path = resolve_url("assistants:webhook", request.workspace.slug, pk)
    try:
        receipt = send_test(author=request.member, webhook=row, path=path, seen=_seen(request))
    except Webhook.DoesNotExist as error:
        raise Http404 from error
    except AllPlacesTaken:
        messages.warning(request, _("Other messages are being sent. Try again in a few seconds."))
        return to_webhook(request, pk)
    except AlreadySent:
        messages.info(request, _("The test was sent already. Reload the page for its answer."))
        return to_webhook(request, pk)
    said = answer_sentence(status=receipt.status, error=receipt.error, words=receipt.words)
    if receipt.is_success:
        text = _("The test arrived. %(answer)s")
        if row.disabled_at:
            text = _("The test arrived. %(answer)s Enable the webhook to send messages again.")
        messages.success(request, text % {"answer": said})
    else:
        messages.error(request, _("The test failed. %(answer)s") % {"answer": said})
    return to_webhook(request, pk)


@require_safe
@require(Action.MANAGE_WORKSPACE)
def webhook_delivery(request: WorkspaceRequest, pk: int, delivery: int) -> HttpResponse:
    """Show a message with its body and each attempt to send it."""
    row = delivery_row(get_delivery(request.workspace, pk, delivery))
    now = timezone.now()
    attempts = [
        (each, answer_sentence(status=each.status, error=each.error, words=each.words))
        if each.ended_at
        else (each, interrupted(each.began_at, now, SENDING_LEASE.total_seconds()))
        for each in attempts_of(row.delivery)
    ]
    body = json.dumps(row.delivery.body, indent=2, ensure_ascii=False)
    context = {"row": row, "attempts": attempts, "body": body, "webhook": row.delivery.webhook}
    return render(request, "assistants/webhooks/delivery.html", context)


@require_POST
@require(Action.MANAGE_WORKSPACE)
def webhook_redeliver(request: WorkspaceRequest, pk: int, delivery: int) -> HttpResponse:
    """Send a message again."""
    row = get_delivery(request.workspace, pk, delivery)
    try:
        redeliver(author=request.member, delivery=row, seen=_seen(request))
    except WebhookDelivery.DoesNotExist as error:
        raise Http404 from error
    except WebhookDisabled:
        messages.error(request, _("This webhook is disabled. Enable it first."))
    except BeingSent:
        messages.warning(request, _("This message is being sent. Reload the page in a moment."))
    else:
        send_soon(pk)
        messages.success(request, _("The message is sent again. Reload the page for the answer."))
    address = resolve_url("assistants:webhook_delivery", request.workspace.slug, pk, delivery)
    return SeeOther(address)


def _seen(request: WorkspaceRequest) -> int | None:
    """Return what the form says that the person was shown."""
    seen = request.POST.get("seen", "")
    return int(seen) if is_number(seen) else None

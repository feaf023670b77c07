"""The webhooks of a workspace, and the log of what was sent to each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery
from django.shortcuts import get_object_or_404

from admin_ui.accounts.models import Workspace
from admin_ui.paging import Order, ResultPage, page
from assistants.models.webhooks.webhook import Webhook, WebhookAttempt, WebhookDelivery
from assistants.wording.chips import Chip
from assistants.wording.webhooks.answers import (
    answer_sentence,
    delivery_chip,
    message_kind,
    webhook_chip,
    why_disabled,
)

DELIVERIES_A_PAGE = 50
NEWEST_MESSAGES_FIRST = Order(("pk",))
MOST_ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """A webhook, ready to be shown."""

    webhook: Webhook
    chip: Chip
    disabled: str
    """Why nothing is sent, "" if it is."""

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookRow":
        return cls(webhook, webhook_chip(webhook), why_disabled(webhook))


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A message of the log, ready to be shown."""

    delivery: WebhookDelivery
    kind: str
    chip: Chip
    answer: str
    """What came back last, "" if nothing was sent or the answer has yet to come."""


def webhooks_of(workspace: Workspace) -> list[WebhookRow]:
    """Return the webhooks of `workspace` by name, of which there are few. One query."""
    rows = Webhook.objects.filter(workspace=workspace).defer("sealed").order_by("name", "pk")
    return [WebhookRow.of(row) for row in rows]


def get_webhook(workspace: Workspace, pk: int) -> Webhook:
    """Return that webhook of `workspace` with its newest message. Raises `Http404`."""
    newest = WebhookDelivery.objects.filter(webhook=OuterRef("pk")).order_by("-pk").values("pk")
    rows = Webhook.objects.select_related("created_by")
    rows = rows.annotate(**{"newest_delivery": Subquery(newest[:1])})
    return get_object_or_404(rows, workspace=workspace, pk=pk)


def get_delivery(workspace: Workspace, webhook: int, pk: int) -> WebhookDelivery:
    """Return that message of a webhook of `workspace`. Raises `Http404`."""
    rows = _with_answers(WebhookDelivery.objects.select_related("webhook"))
    return get_object_or_404(rows, webhook__workspace=workspace, webhook=webhook, pk=pk)


def deliveries_of(webhook: Webhook, params: Mapping[str, str]) -> ResultPage[WebhookDelivery]:
    """Return a page of the log, the newest first, in the `state` that `params` name. One query."""
    rows = WebhookDelivery.objects.filter(webhook=webhook)
    if (state := params.get("state", "")) in WebhookDelivery.State.values:
        rows = rows.filter(state=state)
    rows = _with_answers(rows.defer("body"))
    return page(rows, NEWEST_MESSAGES_FIRST, params, size=DELIVERIES_A_PAGE)


def delivery_row(delivery: WebhookDelivery) -> DeliveryRow:
    """Return a message that was read here, ready to be shown."""
    last: tuple[int | None, str, datetime | None] = (
        delivery.last_status,  # type: ignore[attr-defined]  # of `_with_answers`
        delivery.last_error,  # type: ignore[attr-defined]
        delivery.last_end,  # type: ignore[attr-defined]
    )
    status, error, ended = last
    answer = answer_sentence(status=status, error=error) if ended else ""
    return DeliveryRow(delivery, message_kind(delivery.kind), delivery_chip(delivery.state), answer)


def attempts_of(delivery: WebhookDelivery) -> list[WebhookAttempt]:
    """Return the newest attempts of a message, as many as a page shows. One query."""
    rows = WebhookAttempt.objects.filter(delivery=delivery).order_by("-number")
    return list(rows[:MOST_ATTEMPTS])


def _with_answers(rows: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
    newest = WebhookAttempt.objects.filter(delivery=OuterRef("pk"), number=OuterRef("attempts"))
    return rows.annotate(
        last_status=Subquery(newest.values("status")),
        last_error=Subquery(newest.values("error")),
        last_end=Subquery(newest.values("ended_at")),
    )

"""Sending what happens to the webhooks of each workspace."""

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.notices.models import Happening
from admin_ui.tasks.enqueue import LONG, STOPPING, Later, enqueue, labelled, repeatable
from assistants.services.webhooks.queueing import queue_happening
from assistants.services.webhooks.sending import due_webhooks, send_due

SOON = 6.0
"""Seconds for which the task of a webhook waits itself; `webhooks_due` looks after the rest."""


def tell_webhooks(happening: Happening) -> None:
    """Queue a message of `happening` for each webhook that hears of it, and have it sent."""
    for pk in queue_happening(happening):
        send_soon(pk)


def send_soon(pk: int) -> None:
    """Queue the sending of what waits for the webhook `pk`."""
    enqueue(send_webhook, pk, key=f"webhook {pk}")


@task(queue_name=LONG)
@repeatable(retries=2)
@labelled(_("Sending to a webhook"))
def send_webhook(pk: int) -> None:
    """Send what is due for one webhook, and soon again if more is due soon."""
    left = send_due(pk, stop=STOPPING.is_set)
    if left is not None and left <= SOON:
        raise Later(max(left, 1.0))


@task()
@repeatable(retries=2)
@labelled(_("Looking for messages to webhooks that are due"))
def webhooks_due() -> int:
    """Queue a task for each webhook with a message that is due; returns how many."""
    found = list(due_webhooks().values_list("pk", flat=True))
    for pk in found:
        send_soon(pk)
    return len(found)

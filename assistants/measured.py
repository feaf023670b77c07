"""The product's numbers for `/metrics`: calls to remotes, outcomes of changes, doubt."""

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.signals import post_save

from admin_ui.monitoring.metrics import READINGS, SAMPLES, metrics
from assistants.gateway import bulkhead, tally
from assistants.models import Assistant, Outcome

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric


def measure() -> None:
    """Count from now on. Counts of outcomes follow the commit, so that no rollback is counted."""
    tally.WATCHERS.append(_count_call)
    post_save.connect(_count_outcome, sender=Outcome, dispatch_uid="assistants.measured")
    READINGS.append(in_doubt)
    SAMPLES.append(_count_places)


def in_doubt() -> "Iterable[Metric]":
    """Return how many assistants have a change in doubt, in all workspaces together."""
    from prometheus_client.metrics_core import GaugeMetricFamily

    yield GaugeMetricFamily(
        "assistants_in_doubt",
        "Assistants with a change in doubt.",
        value=Assistant.objects.filter(doubt_look_at__isnull=False).count(),
    )


def _count_call(call: tally.Attempt) -> None:
    metrics().calls.labels(call.profile, call.method, call.result).observe(call.seconds)


def _count_places() -> None:
    metrics().places.labels("gateway").set(bulkhead.BULKHEAD.taken)


def _count_outcome(instance: Outcome, created: bool, **_kwargs: object) -> None:
    if created:
        counter = metrics().outcomes.labels(instance.revision.kind, instance.status)
        transaction.on_commit(partial(counter.inc))

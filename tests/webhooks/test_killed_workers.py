"""A worker is killed at each moment of an attempt; another one sends, and nothing is lost."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from admin_ui.notices.announcing import announce
from admin_ui.notices.kinds import NoticeKind
from admin_ui.tasks.alive import Heart
from admin_ui.tasks.models import TaskWorker
from admin_ui.tasks.worker import claim_task, run_claimed, take_over_tasks
from assistants.gateway.webhooks.posting import Receipt
from assistants.models import WebhookAttempt, WebhookDelivery
from assistants.services.webhooks import sending
from assistants.services.webhooks.places import Places
from assistants.tasks import webhooks_due
from tests.conftest import Cast
from tests.crash.runs import ended, fork
from tests.tasks.conftest import Work, heart, queue, work
from tests.webhooks.conftest import Hooked, Receiver, happen

__all__ = ["heart", "queue", "work"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]


def happens(cast: Cast) -> None:
    with transaction.atomic():
        announce(
            kind=NoticeKind.PUBLISHED,
            workspace=cast.workspace,
            people=[],
            subject="Support bot",
            path="/w/main/assistants/7/",
            actor=cast.publisher.user,
        )


def dying(function: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    def act(*args: Any, **named: Any) -> Any:
        if after:
            function(*args, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    return act


@pytest.mark.parametrize(
    ("step", "after", "requests"),
    [
        ("claim_due", False, 1),
        ("claim_due", True, 1),
        ("attempt_to_send", True, 2),
        ("complete", True, 1),
    ],
    ids=["before the claim", "before sending", "before the result", "at the end"],
)
def test_another_worker_sends_what_a_killed_one_had(
    cast: Cast,
    hooked: Hooked,
    receiver: Receiver,
    heart: Heart,
    work: Work,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    after: bool,
    requests: int,
) -> None:
    happens(cast)

    def doomed() -> None:
        monkeypatch.setattr(sending, step, dying(getattr(sending, step), after=after))
        mine = Heart()
        mine.start()
        while (row := claim_task(mine.name)) is not None:
            run_claimed(row)

    assert ended(fork(doomed)) == -signal.SIGKILL
    TaskWorker.objects.exclude(name=heart.name).delete()  # as the others find it dead
    take_over_tasks()
    if step == "attempt_to_send" or (step, after) == ("claim_due", True):
        work()
        assert hooked.only().state == WebhookDelivery.State.PENDING, "its lease has not run out"
    WebhookDelivery.objects.filter(state="pending").update(
        leased_until=timezone.now() - timedelta(seconds=1)
    )
    webhooks_due.enqueue()
    work()
    assert hooked.only().state == WebhookDelivery.State.DELIVERED
    got = receiver.got
    assert len(got) == requests
    assert len({one.headers["webhook-id"] for one in got}) == 1
    assert WebhookAttempt.objects.count() <= 2


def test_two_workers_never_make_the_same_attempt(
    cast: Cast, hooked: Hooked, receiver: Receiver, heart: Heart
) -> None:
    for _ in range(10):
        happens(cast)
    while (row := claim_task(heart.name, any_queue=False)) is not None:
        run_claimed(row)  # spreads

    def sender() -> None:
        sending.send_due(hooked.webhook.pk)

    children = [fork(sender) for _ in range(3)]
    assert [ended(child) for child in children] == [0, 0, 0]
    assert len(receiver.got) == 10
    assert len({one.headers["webhook-id"] for one in receiver.got}) == 10
    assert WebhookAttempt.objects.count() == 10


def test_a_result_that_comes_after_the_lease_leaves_the_next_attempt_alone(
    cast: Cast, hooked: Hooked
) -> None:
    happen(cast.workspace)
    slept = sending.claim_due(hooked.webhook.pk)
    WebhookDelivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert slept is not None
    assert sending.claim_due(hooked.webhook.pk) is not None
    sending.complete(slept, Receipt(error="timed_out"))
    assert hooked.only().leased_until is not None
    assert hooked.only().attempts == 2


def test_a_receiver_that_hangs_holds_up_no_other(settings: Any) -> None:
    settings.WEB_THREADS = 1  # so there are two places
    places = Places()
    with places.taken(1, is_failing=True) as first, places.taken(2, is_failing=True) as second:
        assert (first, second) == (True, False)
        with places.taken(3, is_failing=False) as healthy:
            assert healthy
            with places.taken(3, is_failing=False) as twice:
                assert not twice, "a webhook has one place"
    with places.taken(1, is_failing=True) as again:
        assert again

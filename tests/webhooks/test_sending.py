"""Messages on the wire: signed, tried again at the right time, and never sent somewhere else."""

import base64
import hashlib
import hmac
import logging
import time
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from admin_ui.audit.models import AuditEvent, EventKind
from assistants.gateway.webhooks import posting
from assistants.models import Webhook, WebhookAttempt, WebhookDelivery
from assistants.services.webhooks import sending
from assistants.services.webhooks.saving import replace_secret
from assistants.services.webhooks.sending import claim_due, due_webhooks, send_due
from assistants.services.webhooks.timetable import DELAYS
from tests.conftest import Cast
from tests.gateway.loopback import Behaviour, answer, closed_port, hang_up, reset, silence
from tests.webhooks.conftest import SECRET_PATH, Got, Hooked, Receiver, happen, hook

pytestmark = pytest.mark.django_db(transaction=True)
State = WebhookDelivery.State


def is_signed_by(got: Got, secret: str) -> bool:
    """Check a signature by hand, as standardwebhooks.com describes it."""
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in got.headers["webhook-signature"].split(" ")


def due_now() -> None:
    """Let what waits be due, whatever its time and the pause of its receiver."""
    past = timezone.now() - timedelta(seconds=1)
    WebhookDelivery.objects.filter(state=State.PENDING).update(next_at=past)
    Webhook.objects.update(paused_until=None)


def test_a_message_is_json_signed_as_the_standard_says(
    cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    happening = happen(cast.workspace)
    assert send_due(hooked.webhook.pk) is None
    (got,) = receiver.got
    assert (got.path, got.headers["content-type"]) == (SECRET_PATH, "application/json")
    assert abs(int(got.headers["webhook-timestamp"]) - time.time()) < 30
    assert is_signed_by(got, hooked.secret)
    assert not is_signed_by(got, "whsec_" + base64.b64encode(b"another key").decode())
    assert got.said == {
        "type": "assistant.published",
        "timestamp": happening.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "data": {
            "workspace": {"slug": "main", "name": "Main"},
            "subject": "Support bot",
            "actor": "Pia",
            "url": "http://localhost:8000/w/main/assistants/7/",
            "details": {"version": 13},
        },
    }
    row = hooked.only()
    assert (row.state, row.attempts, row.next_at) == (State.DELIVERED, 1, None)
    assert hooked.fresh().delivered_at is not None


def test_it_hears_only_of_the_kinds_that_were_chosen(
    cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    happen(cast.workspace, kind="commented")
    happen(cast.stranger.workspace)
    assert send_due(hooked.webhook.pk) is None
    assert receiver.got == []


def test_both_secrets_sign_for_a_day(
    cast: Cast, hooked: Hooked, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = replace_secret(author=cast.admin, webhook=hooked.webhook)
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    assert is_signed_by(receiver.got[0], new)
    assert is_signed_by(receiver.got[0], hooked.secret)
    past = timezone.now() - timedelta(seconds=1)
    Webhook.objects.update(earlier_secret_until=past)
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    assert is_signed_by(receiver.got[1], new)
    assert not is_signed_by(receiver.got[1], hooked.secret)


@pytest.mark.parametrize(
    ("behaviour", "status", "error"),
    [
        (answer(b"no", "500 Internal Server Error"), 500, ""),
        (answer(b"", "302 Found", Location="http://127.0.0.1:1/"), 302, ""),
        (answer(b"", "300 Multiple Choices"), 300, ""),
        (answer(b"invalid_payload", "400 Bad Request"), 400, ""),
        (hang_up, None, "connection_lost"),
        (reset, None, "connection_lost"),
    ],
    ids=["500", "redirect", "choices", "400", "hangs up", "resets"],
)
def test_a_failure_is_tried_again_in_five_seconds(
    cast: Cast,
    hooked: Hooked,
    receiver: Receiver,
    behaviour: Behaviour,
    status: int | None,
    error: str,
) -> None:
    receiver.behave = behaviour
    happen(cast.workspace)
    left = send_due(hooked.webhook.pk)
    assert left is not None
    assert 4 < left < 6
    assert len(receiver.got) == 1, "no redirect is followed, and nothing is repeated at once"
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, attempt.error) == (status, error)
    receiver.behave = answer(b"ok")
    due_now()
    assert send_due(hooked.webhook.pk) is None
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert hooked.only().state == State.DELIVERED
    assert (hooked.fresh().failures, hooked.fresh().paused_until) == (0, None)


def test_the_timetable_is_followed_to_its_end(
    cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    receiver.behave = answer(b"", "503 Service Unavailable")
    happen(cast.workspace)
    for number in range(len(DELAYS)):
        began = timezone.now()
        send_due(hooked.webhook.pk)
        row = hooked.only()
        assert row.next_at is not None
        assert DELAYS[number] <= row.next_at - began <= DELAYS[number] * 1.1 + timedelta(seconds=5)
        due_now()
    assert hooked.only().state == State.PENDING
    send_due(hooked.webhook.pk)
    row = hooked.only()
    assert (row.state, row.attempts, row.next_at) == (State.FAILED, len(DELAYS) + 1, None)
    due_now()
    assert send_due(hooked.webhook.pk) is None
    assert len(receiver.got) == len(DELAYS) + 1
    assert sum(DELAYS, timedelta()) > timedelta(days=5)


def test_a_receiver_that_is_gone_disables_the_webhook(
    cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    receiver.behave = answer(b"", "410 Gone")
    for subject in ("first", "second"):
        happen(cast.workspace, subject=subject)
    send_due(hooked.webhook.pk)
    assert len(receiver.got) == 1
    assert hooked.fresh().disabled_reason == Webhook.Reason.GONE
    states = WebhookDelivery.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [State.FAILED, State.STOPPED]
    happen(cast.workspace, subject="third")
    assert WebhookDelivery.objects.count() == 2
    event = AuditEvent.objects.filter(kind=EventKind.WEBHOOK).latest("pk")
    assert (event.actor_name, event.details["disabled"]) == ("webhooks", True)


def test_five_days_of_failures_disable_it_and_a_clock_that_jumps_does_not(
    cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    receiver.behave = answer(b"", "500 Internal Server Error")
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=6))
    due_now()
    send_due(hooked.webhook.pk)
    assert hooked.fresh().disabled_at is None
    Webhook.objects.update(failures=len(DELAYS) - 1)
    due_now()
    send_due(hooked.webhook.pk)
    assert hooked.fresh().disabled_reason == Webhook.Reason.FAILING


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [("120", 115, 125), ("9999999", 86_390, 86_410), ("0", 4, 6), ("soon", 4, 6)],
)
def test_a_receiver_may_ask_for_a_later_time_up_to_a_day(
    cast: Cast, hooked: Hooked, receiver: Receiver, asked: str, least: int, most: int
) -> None:
    receiver.behave = answer(b"", "429 Too Many Requests", **{"Retry-After": asked})
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    next_at, paused = hooked.only().next_at, hooked.fresh().paused_until
    assert next_at is not None
    assert paused is not None
    assert least < (next_at - timezone.now()).total_seconds() < most
    assert least < (paused - timezone.now()).total_seconds() < most


def test_a_receiver_that_hangs_costs_one_attempt_a_pause(
    cast: Cast, hooked: Hooked, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ANSWER_WITHIN", 0.3)
    receiver.behave = silence
    for number in range(5):
        happen(cast.workspace, subject=str(number))
    started = time.monotonic()
    assert send_due(hooked.webhook.pk) is not None
    assert time.monotonic() - started < 2
    assert WebhookAttempt.objects.get().error == "timed_out"
    assert not due_webhooks().exists()


def test_an_answer_byte_by_byte_ends_in_time(
    cast: Cast, hooked: Hooked, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "ANSWER_WITHIN", 0.5)

    def trickle(connection: Any) -> None:
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Long: " + b"x" * 500:
            connection.sendall(bytes([byte]))
            time.sleep(0.05)

    receiver.behave = trickle
    happen(cast.workspace)
    started = time.monotonic()
    send_due(hooked.webhook.pk)
    assert time.monotonic() - started < 3
    assert WebhookAttempt.objects.get().error == "timed_out"


def test_a_huge_or_endless_body_is_not_read(
    cast: Cast, hooked: Hooked, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []

    def flood(connection: Any) -> None:
        connection.sendall(b"HTTP/1.1 500 No\r\nContent-Length: 9999999999\r\n\r\n")
        for _ in range(10_000):
            sent.append(connection.send(b"x" * 65_536))

    receiver.behave = flood
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    attempt = WebhookAttempt.objects.get()
    assert (attempt.status, len(attempt.words)) == (500, posting.LONGEST_WORDS)
    assert sum(sent) < 10_000 * 65_536


def test_a_success_counts_although_its_body_never_ends(
    cast: Cast, hooked: Hooked, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistants.gateway.transport.SECONDS_FOR_WORDS", 0.2)

    def half(connection: Any) -> None:
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\nx")
        connection.recv(1)

    receiver.behave = half
    happen(cast.workspace)
    assert send_due(hooked.webhook.pk) is None
    assert hooked.only().state == State.DELIVERED


def test_nothing_goes_to_a_private_address_that_no_setting_names(
    cast: Cast, hooked: Hooked, receiver: Receiver, settings: Any
) -> None:
    happen(cast.workspace)
    settings.GATEWAY_PRIVATE_HOSTS = []
    send_due(hooked.webhook.pk)
    assert receiver.connections == 0
    assert WebhookAttempt.objects.get().error == "forbidden_host"


def test_no_secret_is_in_the_log_or_the_database(
    cast: Cast, hooked: Hooked, receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    receiver.behave = answer(f"cannot {receiver.address}".encode(), "400 Bad Request")
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    with closed_port() as port:
        other = hook(cast, f"http://127.0.0.1:{port}{SECRET_PATH}", name="Closed")
        happen(cast.workspace)
        send_due(other.webhook.pk)
    kept = [
        *WebhookAttempt.objects.values_list("words", flat=True),
        *WebhookDelivery.objects.values_list("body", flat=True),
        *Webhook.objects.values_list("sealed", flat=True),
        *map(str, AuditEvent.objects.values_list("details", flat=True)),
        caplog.text,
    ]
    assert "failed: unreachable" in caplog.text
    assert "[hidden]" in kept[0]
    assert not [text for text in kept if "topsecret" in text or hooked.secret in text]


def test_a_worker_that_died_before_sending_leaves_a_lease(
    cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    happen(cast.workspace)
    assert claim_due(hooked.webhook.pk) is not None  # and is killed
    assert claim_due(hooked.webhook.pk) is None, "nobody else has it at the same time"
    assert not due_webhooks().exists()
    later = timezone.now() - timedelta(seconds=1)
    WebhookDelivery.objects.update(leased_until=later)
    assert send_due(hooked.webhook.pk) is None
    assert len(receiver.got) == 1
    first, second = WebhookAttempt.objects.order_by("number")
    assert (first.ended_at, second.status) == (None, 200)


def test_a_worker_that_slept_does_not_undo_what_another_did(
    cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    happen(cast.workspace)
    slept = claim_due(hooked.webhook.pk)
    assert slept is not None
    WebhookDelivery.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    send_due(hooked.webhook.pk)
    receiver.behave = answer(b"", "500 Internal Server Error")
    sending.complete(slept, sending.attempt_to_send(slept))
    assert hooked.only().state == State.DELIVERED
    assert WebhookAttempt.objects.get(number=1).status == 500


@pytest.mark.parametrize("hours", [-1, -200])
def test_a_clock_that_was_set_back_stops_nothing_for_good(
    cast: Cast, hooked: Hooked, receiver: Receiver, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    happen(cast.workspace, subject="claimed")
    claim_due(hooked.webhook.pk)  # a lease of the later time
    happen(cast.workspace, subject="new")
    then: datetime = timezone.now() + timedelta(hours=hours)
    monkeypatch.setattr("django.utils.timezone.now", lambda: then)
    send_due(hooked.webhook.pk)
    if hours == -1:
        assert [got.said["data"]["subject"] for got in receiver.got] == ["new"]
        then += timedelta(hours=1, seconds=61)
        assert send_due(hooked.webhook.pk) is None
    assert len(receiver.got) == 2


def test_an_archived_workspace_sends_nothing(
    cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    happen(cast.workspace)
    cast.workspace.archived_at = timezone.now()
    cast.workspace.save()
    assert send_due(hooked.webhook.pk) is None
    assert receiver.got == []


def test_undecryptable_secrets_are_named_and_send_nothing(
    cast: Cast, hooked: Hooked, receiver: Receiver, settings: Any
) -> None:
    happen(cast.workspace)
    settings.ENCRYPTION_KEYS = ["6yKx3m0Oe1P1Hk6l8g2cU2m4kq3M0b8r2wq3n4v5x6c="]
    send_due(hooked.webhook.pk)
    assert receiver.got == []
    assert WebhookAttempt.objects.get().error == "credentials_unreadable"


def test_while_one_receiver_hangs_another_gets_its_message(
    cast: Cast, hooked: Hooked, receiver: Receiver, settings: Any
) -> None:
    settings.WEB_THREADS = 1  # so there are two places
    with Receiver(silence) as hanging:
        slow = hook(cast, hanging.address, name="Hanging")
        happen(cast.workspace)
        thread = Thread(target=in_thread, args=(slow.webhook.pk,), daemon=True)
        thread.start()
        while not hanging.requests:
            time.sleep(0.01)
        started = time.monotonic()
        assert send_due(hooked.webhook.pk) is None
        assert time.monotonic() - started < 5
        assert len(receiver.got) == 1
        assert thread.is_alive()
        hanging.behave = hang_up
    thread.join(20)
    assert not thread.is_alive()


def in_thread(pk: int) -> None:
    try:
        send_due(pk)
    finally:
        connections.close_all()

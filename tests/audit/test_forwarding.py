"""Security events go to a receiver outside: each once, in order, and again after a failure."""

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from admin_ui.audit.forwarding.forward import EVENTS_A_REQUEST, forward_events
from admin_ui.audit.forwarding.receivers import CannotSend, WebhookReceiver, receiver_at
from admin_ui.audit.models import AuditEvent, AuditForward, EventKind
from admin_ui.audit.record import record
from admin_ui.audit.retention.archive import event_of
from admin_ui.tasks.enqueue import TaskFailed
from assistants.tasks import forwarding

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "whsec_" + base64.b64encode(b"a key of 24 bytes or more").decode()


@dataclass
class Heard:
    """What a webhook on loopback got, and what it answers."""

    address: str = ""
    status: int = 204
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for _head, body in self.requests for event in json.loads(body)["events"]]


@pytest.fixture
def heard() -> Iterator[Heard]:
    found = Heard()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if found.status < 300:
                found.requests.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(found.status)
            self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *_args: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found.address = f"http://127.0.0.1:{server.server_port}/audit"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


def add(count: int, workspace: Workspace | None = None) -> None:
    for number in range(count):
        record(EventKind.ROLE, workspace=workspace, about="pía", details={"count": number})


def test_what_is_added_arrives_once_and_in_order(heard: Heard, workspace: Workspace) -> None:
    receiver = receiver_at(heard.address)
    add(2)
    assert forward_events(receiver) == 0, "a new receiver gets what comes after"
    add(EVENTS_A_REQUEST + 1)
    add(2, workspace)
    assert forward_events(receiver) == EVENTS_A_REQUEST + 3
    assert forward_events(receiver) == 0
    chains = {event["chain"] for event in heard.events}
    assert chains == {0, workspace.pk}
    for chain in chains:
        numbers = [event["number"] for event in heard.events if event["chain"] == chain]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    one = heard.events[-1]
    assert one["workspace"] == workspace.slug
    assert event_of(json.dumps(one)).digest == AuditEvent.objects.order_by("pk").last().digest  # type: ignore[union-attr]


def test_a_workspace_that_comes_later_is_sent_from_its_beginning(heard: Heard) -> None:
    receiver = receiver_at(heard.address)
    forward_events(receiver)
    call_command("create_workspace", "sales", "--name", "Sales")
    forward_events(receiver)
    assert heard.events[0]["workspace"] == "sales"
    assert heard.events[0]["kind"] == "workspace"


def test_a_request_is_signed(heard: Heard) -> None:
    receiver = receiver_at(heard.address, secret=SECRET)
    forward_events(receiver)
    add(1)
    forward_events(receiver)
    ((head, body),) = heard.requests
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + body
    digest = hmac.new(base64.b64decode(SECRET[6:]), signed, hashlib.sha256).digest()
    assert head["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert abs(int(head["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert head["content-type"] == "application/json"


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_a_webhook_refuses_is_sent_again(heard: Heard, status: int) -> None:
    receiver = receiver_at(heard.address)
    forward_events(receiver)
    add(3)
    heard.status = status
    with pytest.raises(CannotSend, match=f"The webhook answered {status}"):
        forward_events(receiver)
    heard.status = 204
    assert forward_events(receiver) == 3


def test_a_webhook_that_is_away_names_no_address() -> None:
    with pytest.raises(CannotSend) as caught:
        WebhookReceiver("http://127.0.0.1:9/secret-path").send([{"digest": "0" * 64}])
    assert "secret" not in str(caught.value)


def test_syslog_over_udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)
        receiver = receiver_at(f"syslog+udp://127.0.0.1:{server.getsockname()[1]}")
        forward_events(receiver)
        add(2)
        forward_events(receiver)
        messages = [server.recv(65_000).decode() for _ in range(2)]
    for message in messages:
        head, brace, body = message.partition("{")
        assert head.startswith("<109>1 2")
        assert " assistants-admin - role - " in head
        assert json.loads(brace + body)["about"] == "pía"


def test_syslog_over_tcp_counts_the_bytes_of_each_message() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        receiver = receiver_at(f"syslog+tcp://127.0.0.1:{server.getsockname()[1]}")
        forward_events(receiver)
        add(2)
        got: list[bytes] = []

        def take() -> None:
            channel, _peer = server.accept()
            with channel:
                while part := channel.recv(4096):
                    got.append(part)

        taking = threading.Thread(target=take)
        taking.start()
        assert forward_events(receiver) == 2
        taking.join(10)
    rest, messages = b"".join(got), []
    while rest:
        length, _space, rest = rest.partition(b" ")
        messages.append(rest[: int(length)])
        rest = rest[int(length) :]
    assert len(messages) == 2
    assert all(message.startswith(b"<109>1 ") for message in messages)


def test_a_syslog_server_that_is_away() -> None:
    receiver = receiver_at("syslog+tcp://127.0.0.1:9")
    forward_events(receiver)
    add(1)
    with pytest.raises(CannotSend, match="could not be reached"):
        forward_events(receiver)
    assert AuditForward.objects.get(chain=0).number == 0


@pytest.mark.parametrize(
    "address", ["ftp://x", "syslog://x", "https://", "x", "file:///etc/passwd"]
)
def test_other_addresses_are_refused(address: str) -> None:
    with pytest.raises(ValueError, match="AUDIT_FORWARD_TO"):
        receiver_at(address)


def test_a_secret_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="AUDIT_FORWARD_SECRET"):
        receiver_at("https://example.com", secret="whsec_no base64!")


def test_the_task_tells_why_it_failed(settings: Any) -> None:
    settings.AUDIT_FORWARD_TO = ""
    assert forwarding.forward_audit.func() == 0
    settings.AUDIT_FORWARD_TO = "http://127.0.0.1:9/"
    assert forwarding.forward_audit.func() == 0
    add(1)
    with pytest.raises(TaskFailed, match="The webhook could not be reached"):
        forwarding.forward_audit.func()

"""A webhook of the workspace `main` to a receiver on a real socket, and ways to look at both."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.parser import BytesParser
from typing import Any

import pytest
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Happening
from assistants.gateway import transport
from assistants.models import Webhook, WebhookDelivery
from assistants.services.webhooks.queueing import queue_happening
from assistants.services.webhooks.saving import save_webhook
from tests.conftest import Cast
from tests.gateway.loopback import Loopback, answer

SECRET_PATH = "/services/T000/B000/topsecret9xYz"
"""What nobody may see of the address."""


@dataclass(frozen=True)
class Got:
    """A request as the receiver read it."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


class Receiver(Loopback):
    """Answers 200, unless `behave` is changed."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}{SECRET_PATH}"

    @property
    def got(self) -> list[Got]:
        found = []
        for raw in self.requests:
            head, _, body = raw.partition(b"\r\n\r\n")
            line, _, fields = head.partition(b"\r\n")
            parsed = BytesParser().parsebytes(fields + b"\r\n\r\n")
            headers = {name.lower(): value for name, value in parsed.items()}
            found.append(Got(line.decode().split()[1], headers, body))
        return found


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.GATEWAY_PRIVATE_HOSTS = ["127.0.0.1"]
    with Receiver(answer(b"ok")) as started:
        yield started
    transport.close_shared_transports()
    transport._transports.clear()


@dataclass(frozen=True)
class Hooked:
    """A webhook, and its secret."""

    webhook: Webhook
    secret: str

    def fresh(self) -> Webhook:
        return Webhook.objects.get(pk=self.webhook.pk)

    def only(self) -> WebhookDelivery:
        return WebhookDelivery.objects.get(webhook=self.webhook)


def hook(cast: Cast, address: str, *, name: str = "Deploys", format: str = "standard") -> Hooked:
    kinds = [NoticeKind.PUBLISHED, NoticeKind.FAILED]
    return Hooked(
        *save_webhook(
            author=cast.admin, webhook=None, name=name, format=format, address=address, kinds=kinds
        )
    )


@pytest.fixture
def hooked(cast: Cast, receiver: Receiver) -> Hooked:
    return hook(cast, receiver.address)


Happen = Callable[..., Happening]


def happen(
    workspace: Workspace, *, kind: str = NoticeKind.PUBLISHED, subject: str = "Support bot"
) -> Happening:
    """Something happens in the workspace, and messages to its webhooks are queued."""
    row = Happening.objects.create(
        workspace=workspace,
        kind=kind,
        subject=subject,
        path="/w/main/assistants/7/",
        actor_name="Pia",
        details={"version": 13},
        created_at=timezone.now(),
    )
    queue_happening(row)
    return row

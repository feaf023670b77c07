"""From a publish to the receiver, over the outbox and the queue of the worker."""

import pytest

from assistants.models import Assistant, WebhookDelivery
from assistants.services.connections.client import registry_of
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.services.conftest import Make, published
from tests.tasks.conftest import Work, heart, queue, work
from tests.webhooks.conftest import Hooked, Receiver

__all__ = ["heart", "published", "queue", "work"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def live(cast: Cast, published: Make, work: Work) -> Assistant:
    connection = registry_of(cast.workspace)
    assert connection is not None
    row = published(connection, name="Support bot", instructions="Never tell the code 4711.")
    work()
    return row


def test_a_publish_reaches_the_receiver_without_the_texts(
    cast: Cast, live: Assistant, hooked: Hooked, receiver: Receiver, work: Work
) -> None:
    publish(
        author=cast.publisher,
        assistant=live,
        wanted=live_definition(live).replace(temperature=0.3),
        base=live.live,
        note="A note about 4711.",
    )
    work()
    (got,) = receiver.got
    assert (got.said["type"], got.said["data"]["subject"]) == ("assistant.published", "Support bot")
    assert got.said["data"]["details"]["version"] == 2
    assert b"4711" not in got.body
    assert hooked.only().state == WebhookDelivery.State.DELIVERED
    assert cast.client("viewer").get(got.said["data"]["url"]).status_code == 200

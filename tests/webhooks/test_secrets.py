"""What webhooks keep encrypted, and what is erased from their messages."""

from typing import Any

import pytest
from cryptography.fernet import Fernet

from assistants.models import Webhook, WebhookAttempt, WebhookDelivery
from assistants.services.connections.rotation import rotate_encryption
from assistants.services.erasing.finding import look_for
from assistants.services.erasing.places import ANSWERS, MESSAGES, changes_in
from assistants.services.webhooks.sealed import sealed_of
from assistants.services.webhooks.sending import send_due
from assistants.unwanted import Unwanted
from tests.conftest import Cast
from tests.gateway.loopback import answer
from tests.webhooks.conftest import Hooked, Receiver, happen, hook

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


def test_rotation_covers_webhooks(cast: Cast, receiver: Receiver, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [LOST]
    hook(cast, receiver.address, name="Lost")
    settings.ENCRYPTION_KEYS = [OLD]
    kept = hook(cast, receiver.address, name="Kept")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    done = rotate_encryption()
    assert (done.webhooks, done.unreadable) == (1, ("main: Lost",))
    settings.ENCRYPTION_KEYS = [NEW]
    sealed = sealed_of(kept.fresh())
    assert sealed is not None
    assert (sealed.address, sealed.secret) == (receiver.address, kept.secret)
    assert sealed_of(Webhook.objects.get(name="Lost")) is None
    assert rotate_encryption().webhooks == 0


def test_an_unwanted_text_goes_from_messages_and_answers(
    cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    leaked = 'key "sk-leaked" über'
    receiver.behave = answer(leaked.encode(), "400 Bad Request")
    happen(cast.workspace, subject=f"Bot {leaked}")
    send_due(hooked.webhook.pk)
    found = look_for(Unwanted(leaked))
    assert (len(found.rows[MESSAGES]), len(found.rows[ANSWERS])) == (1, 1)
    for place in (MESSAGES, ANSWERS):
        for change in changes_in(place, Unwanted(leaked), set(), found.rows[place]):
            change.row.save()
    delivery = WebhookDelivery.objects.get()
    assert leaked not in f"{delivery.subject} {delivery.body['data']['subject']}"
    assert "Bot █" in delivery.body["data"]["subject"]
    assert leaked not in WebhookAttempt.objects.get().words

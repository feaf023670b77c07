"""The pages of webhooks: adding, testing, the log, sending again, and who may."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from admin_ui.audit.models import AuditEvent, EventKind
from assistants.models import Webhook, WebhookAttempt, WebhookDelivery
from assistants.services.webhooks.saving import MOST_WEBHOOKS, disable_webhook
from assistants.services.webhooks.sealed import sealed_of
from assistants.services.webhooks.sending import send_due
from assistants.tasks import clean_up
from tests.conftest import Cast
from tests.gateway.loopback import answer, silence
from tests.webhooks.conftest import Hooked, Receiver, happen, hook

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/w/main/webhooks/"
FORM = {"name": "Deploys", "format": "standard", "kinds": ["published", "failed"]}


@pytest.fixture
def admin(cast: Cast) -> Client:
    return cast.client("admin")


def page(hooked: Hooked, rest: str = "") -> str:
    return f"{LIST}{hooked.webhook.pk}/{rest}"


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def titles() -> list[str]:
    rows = AuditEvent.objects.filter(kind=EventKind.WEBHOOK).order_by("pk")
    beside = {"host", "id", "format"}
    return [key for row in rows for key in row.details if key not in beside]


def test_a_webhook_is_added_and_its_secret_shown_once(admin: Client, receiver: Receiver) -> None:
    assert "No webhooks yet" in text_of(admin.get(LIST))
    answered = admin.post(f"{LIST}new/", {**FORM, "address": receiver.address}, follow=True)
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{44}", answered.content.decode())
    assert secret is not None
    webhook = Webhook.objects.get()
    assert (webhook.name, webhook.kinds) == ("Deploys", ["published", "failed"])
    for address in (LIST, f"{LIST}{webhook.pk}/", f"{LIST}{webhook.pk}/edit/"):
        shown = admin.get(address).content.decode()
        assert secret[0] not in shown
        assert "topsecret" not in shown
        assert f"127.0.0.1:{receiver.port}/…9xYz" in shown
    assert titles() == ["created"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": " "}, "This field is required."),
        ({"address": ""}, "Enter the address."),
        ({"address": "https://10.1.2.3/a"}, "This address is private."),
        ({"address": "http://hooks.example.com/a"}, "others could read the messages"),
        ({"address": "nonsense"}, "Enter an address that begins with https://"),
        ({"kinds": []}, "Choose at least one."),
        ({"format": "fax"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_is_said_and_the_address_is_not_shown_again(
    admin: Client, changes: dict[str, Any], sentence: str
) -> None:
    sent = {**FORM, "address": "https://hooks.example.com/services/topsecret", **changes}
    answered = admin.post(f"{LIST}new/", sent)
    assert answered.status_code == 422
    assert sentence in text_of(answered)
    assert "topsecret" not in answered.content.decode()
    assert not Webhook.objects.exists()


def test_every_problem_is_said_at_once(admin: Client) -> None:
    said = text_of(admin.post(f"{LIST}new/", {"name": " ", "address": "http://a.example/"}))
    for sentence in ("This field is required.", "others could read", "Choose at least one."):
        assert sentence in said


def test_admins_find_the_page_in_the_palette(cast: Cast) -> None:
    for who, finds in (("admin", True), ("publisher", False)):
        found = cast.client(who).get("/w/main/palette/?q=webh", headers={"HX-Request": "true"})
        assert (LIST in found.content.decode()) is finds


def test_names_are_unique_and_webhooks_limited(
    admin: Client, cast: Cast, receiver: Receiver
) -> None:
    for number in range(MOST_WEBHOOKS):
        hook(cast, receiver.address, name=f"Number {number}")
    sent = {**FORM, "address": f"{receiver.address}/other", "name": "Number 0"}
    said = text_of(admin.post(f"{LIST}new/", sent))
    assert "Another webhook already has this name." in said
    more = text_of(admin.post(f"{LIST}new/", {**sent, "name": "More"}))
    assert "A workspace can have 20 webhooks." in more


def test_editing_keeps_address_and_secret(
    admin: Client, cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    sent = {"name": "Other", "kinds": ["published"], "address": ""}
    answered = admin.post(page(hooked, "edit/"), sent, follow=True)
    assert "whsec_" not in answered.content.decode()
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    assert receiver.got[0].headers["webhook-id"]
    assert (hooked.fresh().name, hooked.fresh().format) == ("Other", "standard")
    assert titles() == ["created", "changed"]


def test_a_new_secret_is_shown_once(admin: Client, hooked: Hooked) -> None:
    assert "For 24 hours" in text_of(admin.get(page(hooked, "secret/")))
    answered = admin.post(page(hooked, "secret/"), follow=True).content.decode()
    secret = re.search(r"whsec_[A-Za-z0-9+/=]{44}", answered)
    assert secret is not None
    assert secret[0] != hooked.secret
    assert "Earlier secret" in answered
    assert "whsec_" not in admin.get(page(hooked)).content.decode()


def test_slack_has_no_secret(admin: Client, cast: Cast, receiver: Receiver) -> None:
    slack = hook(cast, receiver.address, format="slack")
    assert slack.secret == ""
    assert admin.get(page(slack, "secret/")).status_code == 404
    happen(cast.workspace)
    send_due(slack.webhook.pk)
    assert "webhook-signature" not in receiver.got[0].headers
    assert receiver.got[0].said["blocks"]


@pytest.mark.parametrize(
    ("behaviour", "sentence"),
    [
        (answer(b"ok"), "The test arrived. The receiver took the message (200)."),
        (answer(b"", "302 Found"), "The test failed. The receiver redirects to another address"),
        (answer(b"no_service", "404 Not Found"), "does not know this address (404)."),
        (answer(b"", "418 Teapot"), "The receiver refused the message (418)."),
        (answer(b"", "502 Bad"), "The receiver failed (502)."),
        (silence, "The receiver did not answer within 15 seconds."),
    ],
    ids=["200", "302", "404", "418", "502", "silent"],
)
def test_a_test_says_what_came_back(
    admin: Client,
    hooked: Hooked,
    receiver: Receiver,
    behaviour: Any,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("assistants.gateway.webhooks.posting.ANSWER_WITHIN", 1.0)
    receiver.behave = behaviour
    assert sentence in text_of(admin.post(page(hooked, "test/"), follow=True))
    (got,) = receiver.got
    assert got.said["type"] == "webhook.test"
    assert hooked.only().state in (WebhookDelivery.State.DELIVERED, WebhookDelivery.State.FAILED)
    assert hooked.only().next_at is None, "a test is not repeated"
    assert titles() == ["created", "tested"]


def test_the_log_is_filtered_and_paged(admin: Client, cast: Cast, hooked: Hooked) -> None:
    for number in range(60):
        happen(cast.workspace, subject=f"Bot {number}")
    WebhookDelivery.objects.filter(subject="Bot 3").update(state="failed")
    first = admin.get(page(hooked))
    assert "Bot 59" in text_of(first)
    assert "Bot 3 " not in text_of(first)
    older = re.search(r'href="(\?after=[^"]+)" rel="next"', first.content.decode())
    assert older is not None
    assert "Bot 3 " in text_of(admin.get(page(hooked) + older[1]))
    failed = text_of(admin.get(page(hooked, "?state=failed")))
    assert "Bot 3 " in failed
    assert "Bot 59" not in failed
    assert "No message is in this state." in text_of(admin.get(page(hooked, "?state=stopped")))


def test_a_message_shows_each_attempt_and_is_sent_again(
    admin: Client, cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    receiver.behave = answer(b"<b>boom</b>", "500 Internal Server Error")
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    delivery = page(hooked, f"messages/{hooked.only().pk}/")
    shown = admin.get(delivery)
    assert "The receiver failed (500). It said: “&lt;b&gt;boom&lt;/b&gt;”" in text_of(shown)
    assert "assistant.published" in text_of(shown)
    receiver.behave = answer(b"ok")
    answered = admin.post(delivery + "again/", follow=True)  # the task runs at once here
    assert "The message is sent again." in text_of(answered)
    assert "The receiver took the message (200)." in text_of(admin.get(delivery))
    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert titles() == ["created", "redelivered"]


def test_what_is_being_sent_is_not_sent_twice(admin: Client, cast: Cast, hooked: Hooked) -> None:
    happen(cast.workspace)
    WebhookDelivery.objects.update(leased_until=timezone.now() + timedelta(seconds=30))
    again = page(hooked, f"messages/{hooked.only().pk}/again/")
    assert "This message is being sent." in text_of(admin.post(again, follow=True))


def test_disabling_stops_what_waits_and_enabling_brings_nothing_back(
    admin: Client, cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    happen(cast.workspace)
    assert "is disabled" in text_of(admin.post(page(hooked, "disable/"), follow=True))
    assert send_due(hooked.webhook.pk) is None
    assert hooked.only().state == WebhookDelivery.State.STOPPED
    again = page(hooked, f"messages/{hooked.only().pk}/again/")
    assert "This webhook is disabled." in text_of(admin.post(again, follow=True))
    assert "Active" in text_of(admin.post(page(hooked, "enable/"), follow=True))
    assert send_due(hooked.webhook.pk) is None
    assert receiver.got == []
    admin.post(again)
    assert len(receiver.got) == 1
    assert titles() == ["created", "disabled", "enabled", "redelivered"]


def test_deleting_asks_and_takes_the_log_along(
    admin: Client, cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    assert "You cannot undo this." in text_of(admin.get(page(hooked, "delete/")))
    assert "is deleted" in text_of(admin.post(page(hooked, "delete/"), follow=True))
    assert not WebhookAttempt.objects.exists()
    assert titles() == ["created", "removed"]


@pytest.mark.parametrize("rest", ["", "edit/", "secret/", "delete/"])
def test_a_webhook_of_another_workspace_is_not_found(cast: Cast, hooked: Hooked, rest: str) -> None:
    stranger = cast.client("stranger")
    assert stranger.get(page(hooked, rest)).status_code == 404
    assert stranger.get(f"/w/elsewhere/webhooks/{hooked.webhook.pk}/{rest}").status_code == 404


def test_a_message_of_another_webhook_is_not_found(
    admin: Client, cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    other = hook(cast, receiver.address, name="Other")
    disable_webhook(author=cast.admin, webhook=other.webhook)
    happen(cast.workspace)
    assert admin.get(page(other, f"messages/{hooked.only().pk}/")).status_code == 404


def test_pages_take_the_same_queries_for_many_messages(
    admin: Client,
    cast: Cast,
    hooked: Hooked,
    receiver: Receiver,
    django_assert_num_queries: Any,
) -> None:
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    admin.get(page(hooked))
    with django_assert_num_queries(3):
        admin.get(page(hooked))
    for number in range(30):
        happen(cast.workspace, subject=f"Bot {number}")
    send_due(hooked.webhook.pk)
    with django_assert_num_queries(3):
        admin.get(page(hooked))
    with django_assert_num_queries(2):
        admin.get(LIST)


def test_old_messages_are_deleted_and_waiting_ones_stay(cast: Cast, hooked: Hooked) -> None:
    for subject in ("old", "new", "waiting"):
        happen(cast.workspace, subject=subject)
    old = timezone.now() - timedelta(days=31)
    WebhookDelivery.objects.exclude(subject="waiting").update(state="delivered")
    WebhookDelivery.objects.exclude(subject="new").update(created_at=old)
    clean_up.func()
    left = WebhookDelivery.objects.order_by("pk").values_list("subject", flat=True)
    assert list(left) == ["new", "waiting"]


def test_a_form_that_is_sent_twice_adds_one_webhook(admin: Client, receiver: Receiver) -> None:
    sent = {**FORM, "address": receiver.address}
    admin.post(f"{LIST}new/", sent)
    answered = admin.post(f"{LIST}new/", sent, follow=True)
    assert Webhook.objects.count() == 1
    assert titles() == ["created"]
    assert re.search(r"whsec_[A-Za-z0-9+/=]{44}", answered.content.decode()), "shown after all"
    assert admin.post(f"{LIST}new/", {**sent, "kinds": ["failed"]}).status_code == 422


def test_a_new_secret_is_made_once(admin: Client, hooked: Hooked) -> None:
    """A second one would end the first at once, with which the receiver still checks."""
    form = {"seen": hidden(admin.get(page(hooked, "secret/")), "seen")}
    for _ in range(2):
        answered = admin.post(page(hooked, "secret/"), form)
        assert answered.status_code == 303
    assert sealed_of(hooked.fresh()).earlier == hooked.secret
    assert "whsec_" in admin.get(page(hooked)).content.decode()
    form = {"seen": hidden(admin.get(page(hooked, "secret/")), "seen")}
    admin.post(page(hooked, "secret/"), form)
    assert sealed_of(hooked.fresh()).earlier != hooked.secret


def test_a_test_is_sent_once(admin: Client, hooked: Hooked, receiver: Receiver) -> None:
    for number in (1, 2):
        form = {"seen": hidden(admin.get(page(hooked)), "seen")}
        admin.post(page(hooked, "test/"), form)
        again = admin.post(page(hooked, "test/"), form, follow=True)
        assert "The test was sent already" in text_of(again)
        assert len(receiver.got) == number


def test_a_message_is_sent_again_once(
    admin: Client, cast: Cast, hooked: Hooked, receiver: Receiver
) -> None:
    happen(cast.workspace)
    send_due(hooked.webhook.pk)
    path = page(hooked, f"messages/{hooked.only().pk}/")
    form = {"seen": hidden(admin.get(path), "seen")}
    for _ in range(2):
        admin.post(f"{path}again/", form)
        send_due(hooked.webhook.pk)
    assert len(receiver.got) == 2
    admin.post(f"{path}again/", {"seen": hidden(admin.get(path), "seen")})
    send_due(hooked.webhook.pk)
    assert len(receiver.got) == 3


def hidden(answer: Any, name: str) -> str:
    found = re.search(
        rf'<input type="hidden" name="{name}" value="([^"]*)"', answer.content.decode()
    )
    assert found is not None
    return found[1]

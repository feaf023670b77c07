"""An Idempotency-Key: the same request is carried out once, and answered each time."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from admin_ui.accounts.models import ApiKey
from assistants.api import idempotency
from assistants.api.models import KeptAnswer
from assistants.models import Assistant, Revision
from assistants.tasks import clean_up
from tests.api.calls import by_account, by_role, make_account
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
BODY = {"definition": {"name": "Refunds", "model": "gpt-4o"}}


def test_the_same_request_is_carried_out_once(cast: Cast) -> None:
    api = by_role(cast, "editor")
    first = api("POST", "assistants", BODY, idempotency_key="one")
    again = api("POST", "assistants", BODY, idempotency_key="one")
    assert (first.status, again.status) == (201, 201)
    assert again.data == first.data
    for name in ("ETag", "Location", "Content-Type", "x-request-id"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert Assistant.objects.count() == 1
    api("POST", "assistants", BODY, idempotency_key="two")
    assert Assistant.objects.count() == 2


def test_a_publish_is_sent_once(cast: Cast) -> None:
    api = by_role(cast, "publisher")
    path = f"assistants/{api('POST', 'assistants', BODY).data['id']}/publish"
    first = api("POST", path, {"note": "First"}, idempotency_key="run-7")
    assert api("POST", path, {"note": "First"}, idempotency_key="run-7").data == first.data
    assert Revision.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("assistants", {"definition": {"model": "gpt-5"}}, {}),
        ("assistants?x=1", BODY, {}),
        ("assistants", BODY, {"if_match": '"3"'}),
    ],
)
def test_another_request_with_the_same_key_is_refused(
    cast: Cast, path: str, body: Any, headers: dict[str, str]
) -> None:
    api = by_role(cast, "editor")
    api("POST", "assistants", BODY, idempotency_key="one")
    refused = api("POST", path, body, idempotency_key="one", **headers)
    assert refused.refusal == (422, "idempotency_key_reused", None)
    assert Assistant.objects.count() == 1


def test_keys_of_others_are_others(cast: Cast) -> None:
    account = make_account(cast, "editor")
    for api in (by_account(cast, account), by_account(cast, account)):
        api("POST", "assistants", BODY, idempotency_key="one")
    assert Assistant.objects.count() == 2


def test_a_refusal_is_kept_too(cast: Cast) -> None:
    api = by_role(cast, "editor")
    first = api("POST", "assistants", {"definition": 7}, idempotency_key="one")
    again = api("POST", "assistants", {"definition": 7}, idempotency_key="one")
    assert first.refusal[:2] == again.refusal[:2] == (422, "invalid_request")
    assert again.headers["Idempotent-Replayed"] == "true"


def test_what_may_change_is_not_kept(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    api = by_role(cast, "editor")

    def fail(**_fields: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("assistants.api.operations.assistants.new_assistant", fail)
    failed = api("POST", "assistants", BODY, idempotency_key="one")
    assert failed.refusal == (500, "internal", None)
    monkeypatch.undo()
    assert api("POST", "assistants", BODY, idempotency_key="one").status == 201


def test_while_it_is_worked_on_it_waits(cast: Cast) -> None:
    api = by_role(cast, "editor")
    api("POST", "assistants", BODY, idempotency_key="one")
    KeptAnswer.objects.update(status=None, body=None)
    waiting = api("POST", "assistants", BODY, idempotency_key="one")
    assert waiting.refusal == (409, "in_progress", None)
    assert waiting.headers["Retry-After"] == "1"
    KeptAnswer.objects.update(created_at=timezone.now() - idempotency.LONGEST_REQUEST * 2)
    lost = api("POST", "assistants", BODY, idempotency_key="one")
    assert lost.refusal == (409, "outcome_unknown", None)
    assert Assistant.objects.count() == 1


def test_after_a_day_it_is_forgotten(cast: Cast) -> None:
    api = by_role(cast, "editor")
    for key in ("one", "two"):
        api("POST", "assistants", BODY, idempotency_key=key)
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert api("POST", "assistants", BODY, idempotency_key="one").status == 201
    assert KeptAnswer.objects.count() == 2
    clean_up.call()
    assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["x" * 201, "é", "a\tb"])
def test_a_key_is_short_and_printable(cast: Cast, key: str) -> None:
    refused = by_role(cast, "editor")("POST", "assistants", BODY, idempotency_key=key)
    assert refused.refusal == (400, "wrong_idempotency_key", None)


def test_a_new_key_is_not_stored_readably(cast: Cast) -> None:
    api, account = by_role(cast, "admin"), make_account(cast, "viewer")
    body = {"service_account": account.pk, "name": "New"}
    made = api("POST", "keys", body, idempotency_key="one")
    assert made.data["key"].startswith("sa_")
    assert api("POST", "keys", body, idempotency_key="one").data == made.data
    assert ApiKey.objects.filter(name="New").count() == 1
    kept = KeptAnswer.objects.values_list("body", "headers").get()
    assert made.data["key"] not in str(kept)
    assert bytes(kept[0]).startswith(b"gAAAA"), "encrypted"

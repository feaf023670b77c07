"""Calls in process: quick, and without any trace on the request that makes them."""

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.registry.calls import Registry


def statements(registry: Registry, method: str, path: str, body: object = None) -> list[str]:
    """The first words of the SQL that a call runs, without those that frame transactions."""
    with CaptureQueriesContext(connection) as captured:
        assert registry(method, path, body).status == 200
    words = [entry["sql"].split()[0] for entry in captured]
    return [word for word in words if word in ("SELECT", "INSERT", "UPDATE", "DELETE")]


def test_queries(in_process: Registry) -> None:
    create = statements(in_process, "POST", "/assistants", {"model": "gpt-5"})
    assert create == ["INSERT", "INSERT", "INSERT"]
    path = f"/assistants/{in_process.create(instructions='x' * 10_000)['id']}"
    assert statements(in_process, "GET", path) == ["SELECT"]
    modify = statements(in_process, "POST", path, {"name": "A"})
    assert modify == ["INSERT", "SELECT", "UPDATE", "INSERT"]
    assert statements(in_process, "DELETE", path) == ["INSERT", "SELECT", "UPDATE", "INSERT"]


def test_no_request_signals(in_process: Registry) -> None:
    seen: list[object] = []

    def note(sender: object, **_kwargs: object) -> None:
        seen.append(sender)

    request_started.connect(note)
    request_finished.connect(note)
    try:
        in_process.retrieve(in_process.create()["id"])
        in_process("GET", "/nowhere")
    finally:
        request_started.disconnect(note)
        request_finished.disconnect(note)
    assert seen == []


@pytest.mark.django_db(transaction=True)
def test_a_write_inside_a_transaction_is_refused(in_process: Registry) -> None:
    """It would be answered 200 and then vanish with the transaction around it."""
    public_id = in_process.create(name="A")["id"]
    with transaction.atomic():
        answer = in_process("POST", f"/assistants/{public_id}", {"name": "B"})
        assert answer.status == 500
        assert in_process.retrieve(public_id)["name"] == "A"

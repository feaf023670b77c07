"""A process dies between intent, call and outcome; two others settle what it left."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from django.utils import timezone

from assistants.gateway.documents.api import Documents
from assistants.models import Assistant, Connection, OpenStoreChange, StoreChange, StoreOutcome
from assistants.services.connections.admission import GLANCE_AT_STORE
from assistants.services.documents import changing, closing
from assistants.services.documents.changing import add_document
from assistants.services.documents.looking import open_changes, settle_changes, settle_store
from assistants.services.ledger.verify import verify
from tests.conftest import Cast
from tests.documents.conftest import entries, mark, place
from tests.services.conftest import fresh
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    pass


def kill(*_arguments: Any, **_named: Any) -> Any:
    raise Killed


def after(act: Callable[..., Any]) -> Callable[..., Any]:
    """Do `act`, and die."""

    def dying(*arguments: Any, **named: Any) -> Any:
        act(*arguments, **named)
        raise Killed

    return dying


STEPS: dict[str, tuple[Any, str, Callable[[Any], Any], bool]] = {
    "before the call": (Documents, "attach", lambda _act: kill, False),
    "after the call": (Documents, "attach", after, True),
    "before the outcome": (changing, "close_change", lambda _act: kill, True),
    "before the entries": (closing, "write_entries", lambda _act: kill, True),
    "after the first entry": (closing, "add_entry", after, True),
    "after the outcome": (changing, "close_change", after, True),
}


def lease_over() -> None:
    OpenStoreChange.objects.update(look_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("name", STEPS)
def test_what_a_killed_process_left_is_settled_once(
    cast: Cast,
    library: Connection,
    users: list[Assistant],
    remote: Upstream,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    where, step, dying, landed = STEPS[name]
    confirmed = mark(library)
    with monkeypatch.context() as patch:
        patch.setattr(where, step, dying(getattr(where, step)))
        with pytest.raises(Killed):
            add_document(author=cast.publisher, document=place(library), confirmed=confirmed)
    change = StoreChange.objects.get()
    if name != "after the outcome":
        settle_changes(open_changes())
        assert OpenStoreChange.objects.exists(), "its process may still be at it"
    lease_over()
    settle_store(connection=library, store_id="vs_help", errand=GLANCE_AT_STORE)
    if not landed:
        assert change.outcomes.get().status == "unconfirmed"
        with override_settings(LATE_LANDING_SECONDS=0):
            settle_changes(open_changes(now=True))
    assert not OpenStoreChange.objects.exists()
    newest = change.outcomes.order_by("-pk")[0]
    assert newest.status == ("applied" if landed else "not_delivered")
    for row in users:
        assert len(entries(row)) == landed
        assert list(verify(assistant=fresh(row))) == []
    assert remote.count_of("POST") == (name != "before the call"), "nothing is sent twice"


def test_two_settlers_at_once_write_everything_once(
    cast: Cast,
    library: Connection,
    users: list[Assistant],
    remote: Upstream,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(3):
        remote.fail_next("POST", FaultSpec(late=True, reset=True))
        document = place(library, f"file-{number}")
        add_document(author=cast.publisher, document=document, confirmed=mark(library))
    remote.land()
    start, original = Barrier(2), closing.close_change
    waited: set[int] = set()

    def together(**named: Any) -> Any:
        if len(waited) < 2:
            waited.add(len(waited))
            start.wait(timeout=20)
        return original(**named)

    monkeypatch.setattr("assistants.services.documents.looking.close_change", together)

    def settle(_number: int) -> None:
        try:
            settle_changes(open_changes(now=True))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(settle, range(2)))
    assert not OpenStoreChange.objects.exists()
    assert StoreOutcome.objects.filter(status="applied").count() == 3
    for row in users:
        assert len(entries(row)) == 3
        assert list(verify(assistant=fresh(row))) == []


def test_entries_that_take_long_are_left_to_the_next_settler(
    cast: Cast, library: Connection, users: list[Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "ENTRY_SECONDS", -1.0)
    result = add_document(author=cast.publisher, document=place(library), confirmed=mark(library))
    assert result.outcome.status == "applied"
    assert sorted(len(entries(row)) for row in users) == [0, 1]
    monkeypatch.undo()
    lease_over()
    assert settle_changes(open_changes()) == {"settled": 1, "open": 0, "failed": 0}
    assert [len(entries(row)) for row in users] == [1, 1]

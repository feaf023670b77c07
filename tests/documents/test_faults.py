"""Every fault of the remote, while a document is added and while one is removed."""

import json
from dataclasses import dataclass

import pytest
from django.test import override_settings

from assistants.models import Assistant, Connection, OpenStoreChange, StoreChange
from assistants.services.documents.changing import add_document, remove_document
from assistants.services.documents.looking import open_changes, settle_changes
from assistants.services.ledger.verify import verify
from tests.conftest import Cast
from tests.documents.conftest import asked, entries, mark, place
from tests.faults.catalogue import ANSWERS
from tests.services.conftest import fresh
from tests.upstream import FaultSpec, Upstream
from tests.upstream.faults import error_body

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 0.3
DEFINITE = {
    "400": (FaultSpec(status=400, body=error_body("Unsupported file.")), "rejected"),
    "401": (FaultSpec(status=401, body=error_body("Wrong key.")), "rejected"),
    "403": (FaultSpec(status=403, body=error_body("Not allowed.")), "rejected"),
    "409": (FaultSpec(status=409, body=error_body("Too many files.")), "rejected"),
    "422": (FaultSpec(status=422, body=json.dumps({"detail": "No."})), "rejected"),
    "404": (FaultSpec(status=404, body=error_body("No such store.")), "not_delivered"),
    "405": (FaultSpec(status=405, body='{"detail": "Method Not Allowed"}'), "not_delivered"),
    "429": (FaultSpec(status=429, body=error_body("Slow down."), retry_after="9"), "not_delivered"),
}


@dataclass
class Played:
    change: StoreChange
    said: str

    @property
    def statuses(self) -> list[str]:
        rows = self.change.outcomes.order_by("pk")
        return list(rows.values_list("status", flat=True))


def play(kind: str, cast: Cast, library: Connection) -> Played:
    act, file_id = (add_document, "file-faq") if kind == "add" else (remove_document, "file-old")
    with override_settings(GATEWAY_READ_TIMEOUT=PATIENCE):
        done = act(author=cast.publisher, document=place(library, file_id), confirmed=mark(library))
    return Played(done.change, done.outcome.status)


def method_of(kind: str) -> str:
    return "POST" if kind == "add" else "DELETE"


def there(remote: Upstream, kind: str) -> bool:
    """Whether the remote holds what the change wanted."""
    held = remote.documents["vs_help"]
    return "file-faq" in held if kind == "add" else "file-old" not in held


def settle(now: bool = True) -> dict[str, int]:
    return settle_changes(open_changes(now=now))


def check_end(played: Played, users: list[Assistant], applied: bool) -> None:
    assert not OpenStoreChange.objects.exists()
    for row in users:
        assert len(entries(row)) == applied
        assert list(verify(assistant=fresh(row))) == []
    assert played.statuses.count("applied") == applied


@pytest.mark.parametrize("kind", ["add", "remove"])
@pytest.mark.parametrize("name", DEFINITE)
def test_a_definite_answer_is_the_outcome(
    cast: Cast,
    library: Connection,
    users: list[Assistant],
    remote: Upstream,
    kind: str,
    name: str,
) -> None:
    fault, status = DEFINITE[name]
    remote.fail_next(method_of(kind), fault)
    played = play(kind, cast, library)
    assert (played.said, played.statuses) == (status, [status])
    assert len(asked(remote, "POST", "DELETE")) == 1
    check_end(played, users, applied=False)
    assert not there(remote, kind)
    outcome = played.change.outcomes.get()
    assert outcome.error
    assert outcome.message or name == "405"


@pytest.mark.parametrize("kind", ["add", "remove"])
@pytest.mark.parametrize("landed", [True, False], ids=["landed", "lost"])
@pytest.mark.parametrize("name", ANSWERS)
def test_an_unclear_answer_is_read_back(
    cast: Cast,
    library: Connection,
    users: list[Assistant],
    remote: Upstream,
    kind: str,
    landed: bool,
    name: str,
) -> None:
    spec = ANSWERS[name]
    hang = 0.5 if spec.hang else 0.0
    fault = FaultSpec(**{**vars(spec), "applied": landed, "hang": hang})
    remote.fail_next(method_of(kind), fault)
    played = play(kind, cast, library)
    assert len(asked(remote, "POST", "DELETE")) == 1
    assert played.said == ("applied" if landed else "unconfirmed")
    if not landed:
        assert settle(now=False) == {"settled": 0, "open": 0, "failed": 0}, "not due yet"
        assert settle() == {"settled": 0, "open": 1, "failed": 0}
        assert played.statuses == ["unconfirmed"]
        with override_settings(LATE_LANDING_SECONDS=0):
            assert settle() == {"settled": 1, "open": 0, "failed": 0}
        assert played.statuses == ["unconfirmed", "not_delivered"]
    check_end(played, users, applied=landed)


@pytest.mark.parametrize("kind", ["add", "remove"])
def test_a_change_that_arrives_late_is_applied_then(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream, kind: str
) -> None:
    remote.fail_next(method_of(kind), FaultSpec(late=True, reset=True))
    played = play(kind, cast, library)
    assert played.said == "unconfirmed"
    remote.land()
    assert settle()["settled"] == 1
    assert played.statuses == ["unconfirmed", "applied"]
    check_end(played, users, applied=True)


@pytest.mark.parametrize("kind", ["add", "remove"])
def test_while_the_store_cannot_be_read_nothing_is_concluded(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream, kind: str
) -> None:
    remote.fail_next(method_of(kind), FaultSpec(applied=True, reset=True, blind=True))
    played = play(kind, cast, library)
    assert played.said == "unconfirmed"
    with override_settings(LATE_LANDING_SECONDS=0):
        assert settle() == {"settled": 0, "open": 0, "failed": 1}
        assert played.statuses == ["unconfirmed"]
        remote.blind = False
        assert settle()["settled"] == 1
    check_end(played, users, applied=True)


def test_a_removal_of_what_is_gone_already_is_applied(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    """A gateway may send a DELETE twice, and answer with the second 404."""
    remote.documents["vs_help"].clear()
    played = play("remove", cast, library)
    assert played.said == "applied"
    check_end(played, users, applied=True)


def test_an_address_without_stores_shows_no_removal(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    remote.vector_stores = None
    played = play("remove", cast, library)
    assert played.said == "not_delivered"
    check_end(played, users, applied=False)


def test_a_newer_change_explains_what_is_found(
    cast: Cast, library: Connection, users: list[Assistant], remote: Upstream
) -> None:
    remote.fail_next("POST", FaultSpec(reset=True))
    lost = play("add", cast, library)
    assert play("add", cast, library).said == "applied"
    settle()
    assert lost.statuses == ["unconfirmed"]
    with override_settings(LATE_LANDING_SECONDS=0):
        settle()
    assert lost.statuses == ["unconfirmed", "not_delivered"]
    assert [len(entries(row)) for row in users] == [1, 1]


def test_nothing_is_sent_where_no_connection_is_made(
    cast: Cast, library: Connection, users: list[Assistant]
) -> None:
    Connection.objects.filter(pk=library.pk).update(base_url="http://127.0.0.1:1/v1")
    played = play("add", cast, Connection.objects.get(pk=library.pk))
    assert played.said == "not_delivered"
    check_end(played, users, applied=False)

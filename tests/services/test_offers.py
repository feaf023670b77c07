"""Keeping what a connection offers: read once an hour, bounded, and tolerant of failures."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants.models import Connection, OfferEntry, OfferList
from assistants.selectors.offers import KnownOffers, offers_of
from assistants.services.connections import offers as service
from assistants.services.connections.client import registry_of
from assistants.services.connections.offers import refresh_offers
from assistants.services.connections.saving import save_connection
from assistants.services.errors import NotNow
from tests.conftest import Cast
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)


def a_file(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"file-{number}",
        "filename": f"Document {number}.pdf",
        "bytes": number,
        "created_at": 1_790_000_000 + number,
        "status": "processed",
        **more,
    }


def asked(remote: Upstream) -> list[str]:
    paths = [path for _method, path, _body in remote.requests]
    remote.requests.clear()
    return paths


def an_hour_later() -> None:
    OfferList.objects.update(asked_at=timezone.now() - timedelta(hours=1, seconds=1))


def names(kind: str) -> list[str]:
    rows = OfferEntry.objects.filter(list__kind=kind).order_by("-pk")
    return list(rows.values_list("remote_id", flat=True))


def test_lists_are_read_once_an_hour(connection_to: Connection, remote: Upstream) -> None:
    remote.files = [a_file(2), a_file(1)]
    assert refresh_offers(connection=connection_to) == {"models": 2, "files": 2}
    assert asked(remote) == ["/v1/models", "/v1/files", "/v1/vector_stores?limit=100"]
    assert refresh_offers(connection=connection_to) == {}
    assert asked(remote) == []
    an_hour_later()
    assert refresh_offers(connection=connection_to)
    assert len(asked(remote)) == 3


def test_a_clock_that_was_put_back_keeps_no_list_fresh(connection_to: Connection) -> None:
    refresh_offers(connection=connection_to)
    OfferList.objects.update(asked_at=timezone.now() + timedelta(days=1))
    assert refresh_offers(connection=connection_to)


def test_the_registry_is_never_asked(cast: Cast) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    assert refresh_offers(connection=registry) == {}
    with CaptureQueriesContext(database) as queries:
        assert not offers_of(registry, ["gpt-5"]).is_due
    assert len(queries) == 0


def test_a_list_of_many_pages_is_read_to_its_end(
    connection_to: Connection, remote: Upstream
) -> None:
    remote.files = [a_file(number) for number in reversed(range(50))]  # 20 on a page
    remote.vector_stores = [{"id": f"vs_{number}"} for number in range(230)]
    assert refresh_offers(connection=connection_to) == {
        "models": 2,
        "files": 50,
        "vector_stores": 230,
    }
    assert names("files")[:2] == ["file-49", "file-48"], "the newest first"
    assert names("vector_stores")[:2] == ["vs_0", "vs_1"], "as listed, without times"


def test_a_list_is_kept_up_to_its_bounds(
    connection_to: Connection, remote: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    remote.files = [a_file(number) for number in range(100, 200)]
    monkeypatch.setattr(service, "MOST_OFFERED", 25)
    refresh_offers(connection=connection_to)
    known = offers_of(connection_to, [])
    assert (len(names("files")), known.lists["files"].is_whole) == (25, False)
    assert known.lists["models"].is_whole

    an_hour_later()
    monkeypatch.setattr(service, "MOST_CHARACTERS", 100)
    refresh_offers(connection=connection_to)
    assert len(names("files")) == 4


def test_only_what_changed_is_written(connection_to: Connection, remote: Upstream) -> None:
    remote.files = [a_file(3), a_file(2), a_file(1)]
    refresh_offers(connection=connection_to)
    kept = dict(OfferEntry.objects.values_list("remote_id", "pk"))
    remote.files = [a_file(4), a_file(3), a_file(2, status="error")]
    an_hour_later()
    with CaptureQueriesContext(database) as queries:
        refresh_offers(connection=connection_to)
    assert names("files") == ["file-4", "file-3", "file-2"]
    same = OfferEntry.objects.exclude(remote_id="file-4").values_list("remote_id", "pk")
    assert set(same) <= kept.items(), "rows stay"
    assert OfferEntry.objects.get(remote_id="file-2").status == "error"
    updated = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert sum("offerentry" in sql for sql in updated) == 1


def test_what_fails_keeps_the_earlier_list_and_says_nothing_of_the_connection(
    connection_to: Connection, remote: Upstream
) -> None:
    refresh_offers(connection=connection_to)
    an_hour_later()
    before = OfferList.objects.get(kind="models").read_at
    remote.fail_next("GET", FaultSpec(status=500, body="<h1>no</h1>", content_type="text/html"))
    refresh_offers(connection=connection_to)
    models = OfferList.objects.get(kind="models")
    assert (models.failure, models.read_at) == ("server_trouble", before)
    assert models.asked_at
    assert models.asked_at > before
    assert names("models") != []
    assert (fresh(connection_to).trouble, fresh(connection_to).timeouts) == ("", 0)


def fresh(connection: Connection) -> Connection:
    return Connection.objects.get(pk=connection.pk)


def test_an_endpoint_without_the_lists_has_none(
    connection_to: Connection, remote: Upstream
) -> None:
    remote.files = [a_file(1)]
    refresh_offers(connection=connection_to)
    assert OfferList.objects.get(kind="vector_stores").failure == "none"
    remote.files = None
    an_hour_later()
    refresh_offers(connection=connection_to)
    assert (OfferList.objects.get(kind="files").failure, names("files")) == ("none", [])
    assert not offers_of(connection_to, ["file-1"]).lacks("files", "file-1")


def test_after_a_timeout_the_other_lists_wait_and_it_counts_once(
    connection_to: Connection, remote: Upstream, settings: Any
) -> None:
    settings.GATEWAY_READ_TIMEOUT = 0.3
    remote.silent = True
    refresh_offers(connection=connection_to)
    assert asked(remote) == ["/v1/models"]
    assert (fresh(connection_to).timeouts, fresh(connection_to).trouble) == (1, "")
    remote.silent = False
    refresh_offers(connection=fresh(connection_to))
    assert asked(remote) == ["/v1/files", "/v1/vector_stores?limit=100"]
    assert fresh(connection_to).timeouts == 0


def test_a_paused_connection_is_not_asked(connection_to: Connection, remote: Upstream) -> None:
    until = timezone.now() + timedelta(seconds=60)
    Connection.objects.update(paused_until=until, pause_holds_all=True)
    with pytest.raises(NotNow):
        refresh_offers(connection=fresh(connection_to))
    assert asked(remote) == []
    assert not OfferList.objects.exists()


def test_another_address_or_key_forgets_the_lists_and_another_name_does_not(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    refresh_offers(connection=connection_to)

    def save(name: str, key: str) -> None:
        save_connection(
            author=cast.admin,
            connection=fresh(connection_to),
            name=name,
            profile="openai",
            base_url=remote.url,
            credentials={"api_key": key},
            options={},
        )

    save("Renamed", "sk-secret")
    assert OfferList.objects.count() == 3
    save("Renamed", "sk-other")
    assert OfferList.objects.count() == 0
    assert OfferEntry.objects.count() == 0


def test_what_is_known_takes_one_query(connection_to: Connection, remote: Upstream) -> None:
    remote.models = [{"id": "gpt-5", "shutdown_date": "2026-12-11", "created": 5}, {"id": "b"}]
    remote.files = [a_file(1), a_file(2)]
    refresh_offers(connection=connection_to)

    def known(*ids: str) -> KnownOffers:
        with CaptureQueriesContext(database) as queries:
            found = offers_of(connection_to, ids)
        assert len(queries) == 1
        return found

    found = known("gpt-5", "file-2", "file-9", "\0", "")
    model, file = found.find("models", "gpt-5"), found.find("files", "file-2")
    assert model
    assert model.ends_on == date(2026, 12, 11)
    assert file
    assert (file.name, file.size) == ("Document 2.pdf", 2)
    assert (found.lacks("files", "file-9"), found.lacks("vector_stores", "vs")) == (True, False)
    assert not found.is_due
    assert found.suggestions == ["b", "gpt-5"]
    assert known().suggestions == ["b", "gpt-5"]


def test_at_most_200_models_are_suggested_the_newest_of_those_that_still_answer(
    connection_to: Connection, remote: Upstream
) -> None:
    gone = {"id": "gone", "shutdown_date": "2020-01-01", "created": 9_000}
    remote.models = [gone, *({"id": f"m-{age:04}", "created": age} for age in range(1000))]
    refresh_offers(connection=connection_to)
    expected = [f"m-{age:04}" for age in range(800, 1000)]
    assert offers_of(connection_to, []).suggestions == expected

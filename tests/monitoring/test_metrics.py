"""`/metrics`: who may read it, what it counts, and what it never names."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from admin_ui.monitoring import metrics as product
from assistants import measured
from assistants.gateway import GatewayError, tally
from assistants.models import Assistant, Connection, Outcome
from assistants.services.connections.client import gateway_for
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import add_outcome
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.services.conftest import Make, published
from tests.upstream import FaultSpec, Upstream

__all__ = ["published"]
TOKEN = "scrape-me-0123456789"
Sample = tuple[str, tuple[tuple[str, str], ...]]


@pytest.fixture
def measuring(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The product with the setting, and counters that begin at zero."""
    settings.METRICS_TOKEN = TOKEN
    for name in ("READINGS", "SAMPLES"):
        monkeypatch.setattr(product, name, [])
        monkeypatch.setattr(measured, name, getattr(product, name))
    monkeypatch.setattr(tally, "WATCHERS", [])
    product.metrics.cache_clear()
    measured.measure()
    yield
    measured.post_save.disconnect(sender=Outcome, dispatch_uid="assistants.measured")
    product.metrics.cache_clear()


def scrape(**headers: str) -> Any:
    return Client().get("/metrics", headers=headers or {"authorization": f"Bearer {TOKEN}"})


def samples(answer: HttpResponse) -> dict[Sample, float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def value(name: str, **labels: str) -> float:
    return samples(scrape()).get((name, tuple(sorted(labels.items()))), 0.0)


@pytest.mark.django_db
def test_without_the_setting_there_is_no_such_page() -> None:
    assert scrape().status_code == 404


@pytest.mark.usefixtures("measuring")
@pytest.mark.parametrize(
    "sent", ["", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer é", "Bearer  "]
)
def test_without_the_token_nothing_is_told(sent: str) -> None:
    answer = scrape(authorization=sent)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Cache-Control"] == "no-store"
    assert b"assistants_" not in answer.content


@pytest.mark.usefixtures("measuring", "db")
def test_with_the_token() -> None:
    with CaptureQueriesContext(connection) as queries:
        answer = scrape()
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert not any("session" in query["sql"] for query in queries)
    assert len(queries) == 2, "the size of the database, and the assistants in doubt"
    numbers = samples(answer)
    assert numbers["assistants_database_bytes", ()] > 100_000
    (build,) = (dict(labels) for name, labels in numbers if name == "assistants_build_info")
    assert build["database"] == connection.vendor
    assert Client().post("/metrics").status_code == 401
    posted = Client().post("/metrics", headers={"authorization": f"bearer {TOKEN}"})
    assert posted.status_code == 405


@pytest.mark.usefixtures("measuring")
def test_requests_by_route_method_and_status(cast: Cast) -> None:
    client = cast.client("viewer")
    for _ in range(3):
        assert client.get("/healthz").status_code == 200
    client.get("/w/main/")
    client.get("/w/main/no-such-page/")
    client.get("/nowhere/")
    client.generic("BREW", "/nowhere/")
    Client().get("/v1/assistants")
    got = {"method": "GET"}
    assert value("assistants_requests_total", route="healthz", status="2xx", **got) == 3
    assert value("assistants_request_duration_seconds_count", route="healthz", **got) == 3
    assert value("assistants_requests_total", route="assistants:home", status="2xx", **got) == 1
    assert value("assistants_requests_total", route="unknown", status="4xx", **got) == 2
    odd = {"method": "other", "route": "unknown", "status": "4xx"}
    assert value("assistants_requests_total", **odd) == 1
    api = {"route": "v1/assistants", "status": "4xx"}
    assert value("assistants_requests_total", **api, **got) == 1


@pytest.mark.usefixtures("measuring")
@pytest.mark.django_db(transaction=True)
def test_calls_of_a_gateway_by_result(connection_to: Connection, remote: Upstream) -> None:
    gateway = gateway_for(connection_to)
    gateway.list_page()
    remote.fail_next("GET", FaultSpec(status=401, body="{}"))
    with pytest.raises(GatewayError):
        gateway.list_page()
    calls = {"profile": "openai", "method": "GET"}
    name = "assistants_gateway_call_duration_seconds_count"
    assert value(name, result="ok", **calls) == 1
    assert value(name, result="unauthorized", **calls) == 1


@pytest.mark.usefixtures("measuring")
@pytest.mark.django_db(transaction=True)
def test_outcomes_that_were_committed(
    cast: Cast, connection_to: Connection, published: Make
) -> None:
    assistant = published(connection_to)
    wanted = live_definition(assistant).replace(instructions="Be kind.")
    publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert value("assistants_outcomes_total", kind="edit", status="applied") == 1
    live = assistant.live
    with transaction.atomic():
        add_outcome(revision=live, status=Outcome.Status.UNCONFIRMED)
        transaction.set_rollback(True)
    assert value("assistants_outcomes_total", kind=live.kind, status="unconfirmed") == 0


@pytest.mark.usefixtures("measuring")
@pytest.mark.django_db(transaction=True)
def test_assistants_in_doubt(connection_to: Connection, published: Make) -> None:
    assistant = published(connection_to)
    assert value("assistants_in_doubt") == 0
    Assistant.objects.filter(pk=assistant.pk).update(doubt_look_at=timezone.now())
    assert value("assistants_in_doubt") == 1


@pytest.mark.usefixtures("measuring")
def test_no_name_of_a_tenant_or_a_person_is_a_label(cast: Cast) -> None:
    for path in ("/w/main/", "/w/elsewhere/", "/w/main/team/", "/accounts/invitation/to-ken/"):
        cast.client("admin").get(path, {"q": "Zebra"})
    text = scrape().content.decode()
    for word in ("elsewhere", "ada@example.com", "Ada", "to-ken", "Zebra", '"main"'):
        assert word not in text, word

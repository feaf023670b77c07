"""What OpenTelemetry gets: spans of requests and calls, without addresses, texts and names."""

import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.conf import settings as product
from django.test import Client
from opentelemetry import trace
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from admin_ui.monitoring.tracing import SENT, NameTheTrace, instrument, without_data
from assistants.models import Connection
from tests.commands.test_serve import PATIENCE, Serve, answer, port, serve
from tests.conftest import Cast
from tests.upstream import Upstream

__all__ = ["port", "serve"]
TEXT = "Zebra crossings"


@pytest.fixture
def spans(settings: Any) -> Iterator[InMemorySpanExporter]:
    settings.MIDDLEWARE = [*product.MIDDLEWARE]
    kept = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(without_data(kept)))
    instrument(provider)
    yield kept
    DjangoInstrumentor().uninstrument()
    HTTPXClientInstrumentor().uninstrument()


def words(found: tuple[ReadableSpan, ...]) -> str:
    return "\n".join(span.to_json() for span in found)


@pytest.mark.django_db(transaction=True)
def test_a_request_and_its_call(
    cast: Cast, connection_to: Connection, remote: Upstream, spans: InMemorySpanExporter
) -> None:
    client = cast.client("admin")
    client.post(f"/w/main/connections/{connection_to.pk}/test/", {"instructions": TEXT})
    found = spans.get_finished_spans()
    (request,) = (span for span in found if span.kind == SpanKind.SERVER)
    calls = [span for span in found if span.kind == SpanKind.CLIENT]
    assert request.name == "POST w/<slug:ws>/connections/<int:pk>/test/"
    assert request.attributes
    assert request.attributes["http.route"] == "w/<slug:ws>/connections/<int:pk>/test/"
    assert calls
    for call in calls:
        assert call.context
        assert request.context
        assert call.context.trace_id == request.context.trace_id
        assert call.attributes
        assert call.attributes["server.address"] == "127.0.0.1"
    for span in found:
        assert set(span.attributes or {}) <= SENT | {"server.address"}
        assert not span.events
    for word in (TEXT, "sk-secret", "ada@example.com", "main/", "/v1"):
        assert word not in words(found), word
    assert any("traceparent" in sent for sent in remote.headers)


@pytest.mark.django_db
def test_what_is_searched_for_and_a_link_stay_here(
    cast: Cast, spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_arguments: object) -> None:
        raise RuntimeError(TEXT)

    cast.client("admin").get("/w/main/search/", {"q": TEXT})
    Client().get("/accounts/invitation/to-ken/")
    monkeypatch.setattr("assistants.views.overview.home.home_of", fail)
    client = cast.client("admin")
    client.raise_request_exception = False
    assert client.get("/w/main/").status_code == 500
    found = spans.get_finished_spans()
    assert len(found) == 3
    for word in (TEXT, "Zebra", "to-ken", "ada@example.com"):
        assert word not in words(found), word


def test_a_log_record_names_its_trace() -> None:
    record = logging.makeLogRecord({"msg": "x"})
    assert NameTheTrace().filter(record)
    assert not hasattr(record, "otel_trace_id")
    with TracerProvider().get_tracer("x").start_as_current_span("x") as span:
        NameTheTrace().filter(record)
    assert record.otel_trace_id == trace.format_trace_id(span.get_span_context().trace_id)


class Collector(BaseHTTPRequestHandler):
    """Takes spans over OTLP, as a collector does."""

    taken: list[ExportTraceServiceRequest]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        assert self.path == "/v1/traces"
        if self.headers.get("Content-Encoding") == "gzip":
            import gzip

            body = gzip.decompress(body)
        self.taken.append(ExportTraceServiceRequest.FromString(body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.mark.slow
def test_the_workers_of_a_server_send_spans(serve: Serve, port: int) -> None:
    Collector.taken = []
    with HTTPServer(("127.0.0.1", 0), Collector) as collector:
        threading.Thread(target=collector.serve_forever, daemon=True).start()
        process = serve(
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{collector.server_port}",
            OTEL_BSP_SCHEDULE_DELAY="100",
            METRICS_TOKEN="scrape-me-0123456789",
            LOG_FORMAT="json",
            WEB_WORKERS="2",
            PYTHONWARNINGS="ignore",
        )
        assert answer(port, "/accounts/login/").status_code == 200
        assert answer(port, "/metrics").status_code == 401
        process.terminate()
        _out, err = process.communicate(timeout=PATIENCE)
        collector.shutdown()
    sent = [
        (resource, span)
        for request in Collector.taken
        for resource in request.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    assert [span.name for _, span in sent] == ["GET accounts/login/"], err
    names = {a.key: a.value.string_value for a in sent[0][0].resource.attributes}
    assert names["service.name"] == "assistants-admin"

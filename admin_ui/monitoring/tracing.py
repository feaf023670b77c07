"""Traces for OpenTelemetry: requests, and the calls that they make, without what was sent."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

from admin_ui.monitoring.extras import needed_by

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import TracerProvider

SETTING = "OTEL_EXPORTER_OTLP_ENDPOINT"
SENT = frozenset(
    {
        "error.type",
        "http.method",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "http.status_code",
    }
)
"""The attributes that leave this machine. Addresses are not among them: they hold what people
search for, and links that give access."""


def instrument(provider: "TracerProvider | None" = None) -> None:
    """Trace each request and each call over the network from now on.

    Before the middleware is loaded. Spans go to `provider`, else to that of `export_spans`. Exits
    with one sentence when a package is missing.
    """
    with needed_by(SETTING):
        import opentelemetry.exporter.otlp.proto.http
        import opentelemetry.sdk  # noqa: F401
        from opentelemetry.instrumentation.django import DjangoInstrumentor
        from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    # Below the first, which answers /metrics: OpenTelemetry refuses hosts that it does not know.
    DjangoInstrumentor().instrument(tracer_provider=provider, middleware_position=1)
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)


def export_spans() -> None:
    """Send the spans of this process to the setting's endpoint; once in each, after it has forked.

    The thread that sends them does not survive a fork.
    """
    if not settings.OTLP_ENDPOINT:
        return
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "assistants-admin"}))
    endpoint = f"{settings.OTLP_ENDPOINT.rstrip('/')}/v1/traces"
    provider.add_span_processor(BatchSpanProcessor(without_data(OTLPSpanExporter(endpoint))))
    trace.set_tracer_provider(provider)


def without_data(exporter: Any) -> Any:
    """Return an exporter that passes spans on to `exporter` with the attributes in `SENT` only."""
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

    class Without(SpanExporter):
        def export(self, spans: "Sequence[ReadableSpan]") -> SpanExportResult:
            result: SpanExportResult = exporter.export([_bare(span) for span in spans])
            return result

        def shutdown(self) -> None:
            exporter.shutdown()

    return Without()


def _bare(span: "ReadableSpan") -> "ReadableSpan":
    """Return the span without events, which quote exceptions, and with few attributes."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Status

    found = span.attributes or {}
    attributes = {name: value for name, value in found.items() if name in SENT}
    if host := urlsplit(str(found.get("http.url") or found.get("url.full") or "")).hostname:
        attributes["server.address"] = host
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=attributes,
        kind=span.kind,
        instrumentation_scope=span.instrumentation_scope,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
    )


class NameTheTrace(logging.Filter):
    """Add the ID of the running trace to log records, as `otel_trace_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            from opentelemetry import trace
        except ModuleNotFoundError:  # `instrument` says so
            return True
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            record.otel_trace_id = f"{context.trace_id:032x}"
        return True

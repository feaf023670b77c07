"""The numbers of `/metrics`: counted in each process, added up by the process that is asked.

`prometheus_client` is imported on first use, because it decides then whether processes share.
"""

import atexit
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable
from functools import cache
from typing import TYPE_CHECKING

from django import get_version
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from admin_ui import __version__

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which prometheus_client, and child processes, find the shared folder."""
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
CALL_BUCKETS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60)

READINGS: list[Callable[[], "Iterable[Metric]"]] = []
"""Functions that read further numbers when somebody asks; applications add theirs."""
SAMPLES: list[Callable[[], None]] = []
"""Functions that set the gauges of their process, called each second."""


class Metrics:
    """The counters of this process."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = CollectorRegistry()
        self.requests = Counter(
            "assistants_requests",
            "Requests answered, by route, method and class of the status.",
            ("route", "method", "status"),
            registry=self.registry,
        )
        self.request_seconds = Histogram(
            "assistants_request_duration_seconds",
            "Seconds until a request was answered.",
            ("route", "method"),
            buckets=REQUEST_BUCKETS,
            registry=self.registry,
        )
        self.calls = Histogram(
            "assistants_gateway_call_duration_seconds",
            "Seconds of each call to a remote, by profile, method and result.",
            ("profile", "method", "result"),
            buckets=CALL_BUCKETS,
            registry=self.registry,
        )
        self.outcomes = Counter(
            "assistants_outcomes",
            "Outcomes of changes that this server recorded, by kind and status.",
            ("kind", "status"),
            registry=self.registry,
        )
        self.connections = Gauge(
            "assistants_open_connections",
            "Connections that the web server holds open.",
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self.places = Gauge(
            "assistants_places_taken",
            "Places taken in the web processes: threads that call a gateway, or write.",
            ("use",),
            registry=self.registry,
            multiprocess_mode="livesum",
        )

    def count_request(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        """Count an answered request. Labels come from the code, never from what was sent."""
        route = route_of(request)
        method = request.method if request.method in METHODS else "other"
        self.requests.labels(route, method, f"{response.status_code // 100}xx").inc()
        self.request_seconds.labels(route, method).observe(seconds)


@cache
def metrics() -> Metrics:
    """Return the counters of this process, made on first use."""
    return Metrics()


def sample(*, open_connections: int, writing: int) -> None:
    """Set what changes without a request. The loop of each web process calls this each second.

    `writing` is how many threads have a place to write to the database.
    """
    if settings.METRICS_TOKEN:
        metrics().connections.set(open_connections)
        metrics().places.labels("writing").set(writing)
        for set_gauges in SAMPLES:
            set_gauges()


def route_of(request: HttpRequest) -> str:
    """Return the name of the request's route, or its pattern if it has no name."""
    match = request.resolver_match
    if match is not None:
        return match.view_name if match.url_name else match.route
    return "static" if request.path.startswith(settings.STATIC_URL) else "unknown"


def share_between_processes() -> None:
    """Let this process and its children add to the same numbers.

    For the web server, before the first number is counted. The folder with the numbers is removed
    when this process ends.
    """
    folder = tempfile.mkdtemp(prefix="assistants-admin-metrics-")
    os.environ[DIRECTORY] = folder
    atexit.register(_remove, folder, os.getpid())


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def forget_process(pid: int) -> None:
    """Leave the open connections of a process that has ended out of the sums."""
    if DIRECTORY in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]


def exposition() -> bytes:
    """Return all numbers in Prometheus' text format."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    shared = metrics().registry
    if DIRECTORY in os.environ:
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    return generate_latest(shared) + generate_latest(_readings())


def _readings() -> "CollectorRegistry":
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import GaugeMetricFamily
    from prometheus_client.registry import Collector

    class Readings(Collector):
        def collect(self) -> "Iterable[Metric]":
            yield versions()
            yield GaugeMetricFamily(
                "assistants_database_bytes", "Bytes of the database.", value=database_bytes()
            )
            for read in READINGS:
                yield from read()

    registry = CollectorRegistry()
    registry.register(Readings())
    return registry


def versions() -> "Metric":
    """Return the versions of the product and of what it runs on, as labels."""
    from prometheus_client.metrics_core import GaugeMetricFamily

    labels = {
        "version": __version__,
        "python": platform.python_version(),
        "django": get_version(),
        "database": connection.vendor,
    }
    family = GaugeMetricFamily(
        "assistants_build_info", "Versions, as labels.", labels=tuple(labels)
    )
    family.add_metric(list(labels.values()), 1)
    return family


def database_bytes() -> int:
    """Return the size of the database."""
    if connection.vendor == "sqlite":
        query = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    else:
        query = "SELECT pg_database_size(current_database())"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])

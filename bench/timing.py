"""Measuring one call: processor time, queries, bytes, and calls to the registry as the gateway."""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.http.response import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext

from assistants.registry.wsgi import application_for as registry_for

Call = Callable[[], HttpResponseBase]


@dataclass(frozen=True)
class Sample:
    """What a call cost. Times are milliseconds of processor time, gateway calls not included."""

    times: Sequence[float]
    queries: int
    size: int
    calls: int

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def spread(self) -> tuple[float, float]:
        """The tenth and the ninetieth percentile."""
        ordered = sorted(self.times)
        last = len(ordered) - 1
        return ordered[round(last * 0.1)], ordered[round(last * 0.9)]


def processor_seconds() -> float:
    """Processor time of this process and of the one that PostgreSQL runs for our connection."""
    return time.process_time() + database_seconds()


def database_seconds() -> float:
    """Processor time of PostgreSQL for our connection; 0 for SQLite, which is in our process.

    The database has to run on this machine.
    """
    if connection.vendor != "postgresql":
        return 0.0
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    without_other_processes(pid)
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


@cache
def without_other_processes(_pid: int) -> None:
    """Let PostgreSQL share out no query of this connection: we could not count that time."""
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")


@dataclass
class Tally:
    """How often the calls since `reset` asked the registry, and the seconds that took."""

    calls: int = 0
    seconds: float = 0.0

    def reset(self) -> None:
        self.calls, self.seconds = 0, 0.0


gateway = Tally()


def application_for(workspace_id: int) -> Callable[..., Iterable[bytes]]:
    """Return the registry with the tally in front; REGISTRY_APPLICATION names this function."""
    registry = registry_for(workspace_id)

    def counted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start = processor_seconds()
        try:
            return registry(environ, start_response)
        finally:
            gateway.calls += 1
            gateway.seconds += processor_seconds() - start

    return counted


def milliseconds(call: Call) -> float:
    """Processor time of one call, less what the gateway (here: the registry) took of it."""
    gateway.reset()
    start = processor_seconds()
    call()
    return (processor_seconds() - start - gateway.seconds) * 1000


def side_by_side(
    *calls: Call, runs: int, warm: int = 3, before: Callable[[], object] | None = None
) -> list[Sample]:
    """Measure `calls` in turns, so that whatever else the machine does hits all of them alike.

    `before` makes ready for the first of them, unmeasured, each time.
    """
    prepare: list[Callable[[], object]] = [before or nothing, *(nothing for _ in calls[1:])]
    samples: list[Sample] = []
    for ready, call in zip(prepare, calls, strict=True):
        for _ in range(warm):
            ready()
            call()
        ready()
        gateway.reset()
        with CaptureQueriesContext(connection) as queries:
            response = call()
        if response.status_code >= 400:
            raise RuntimeError(f"answered {response.status_code}: {content(response)[:300]!r}")
        samples.append(Sample([], len(queries), len(content(response)), gateway.calls))
    times: list[list[float]] = [[] for _ in calls]
    gc.collect()
    for _ in range(runs):
        for taken, ready, call in zip(times, prepare, calls, strict=True):
            ready()
            taken.append(milliseconds(call))
    return [
        Sample(taken, sample.queries, sample.size, sample.calls)
        for taken, sample in zip(times, samples, strict=True)
    ]


def content(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        return response.getvalue()
    return response.content if isinstance(response, HttpResponse) else b""


def nothing() -> None:
    pass

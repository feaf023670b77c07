"""Measuring one call: processor time, queries, bytes, gateway calls."""

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.http.response import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.test.utils import CaptureQueriesContext

from bench import gateway

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


def milliseconds(call: Call) -> float:
    """Processor time of one call, less what the gateway (here: the registry) took of it."""
    gateway.reset()
    start = time.process_time()
    call()
    return (time.process_time() - start - gateway.seconds) * 1000


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

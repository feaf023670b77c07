"""SIGKILL at every step of every way of writing, and of settling what that leaves."""

import argparse
import time
from collections.abc import Iterable
from functools import partial

from bench.soak.stage import Report, places
from tests.crash.paths import PATHS, SETTLING
from tests.crash.runs import Run, Tally, every_step, killed_at
from tests.crash.workers import ERRANDS, killed_worker

HEADINGS = ("killed at every step of", "remote", "runs", "applied", "not delivered", "never begun")


def run(options: argparse.Namespace) -> bool:
    report = Report((*HEADINGS, "seconds"))
    with places() as here:
        for path in (path for path in PATHS + SETTLING if options.only in path.name):
            for place in here:
                add(report, path.name, place.name, runs=every_step(partial(killed_at, path, place)))
        for errand in (errand for errand in ERRANDS if options.only in errand.name):
            for place in here if errand.on_registry else here[:1]:
                add(
                    report,
                    errand.name,
                    place.name,
                    runs=every_step(partial(killed_worker, errand, place)),
                )
    return report.shown()


def add(report: Report, *labels: str, runs: Iterable[Run]) -> None:
    """Put what came of `runs` into the report, as one row."""
    start = time.perf_counter()
    tally = Tally()
    for each in runs:
        tally.add(each, ", ".join(labels))
    counts = [tally.outcomes.pop(name, 0) for name in ("applied", "not_delivered", "never begun")]
    for taken in ("taken over", "undisturbed"):  # of a task worker: what it leaves is done
        counts[0] += tally.outcomes.pop(taken, 0)
    other = [f"{count} ended as {name}" for name, count in tally.outcomes.items()]
    seconds = f"{time.perf_counter() - start:.1f}"
    report.row(*labels, tally.runs, *counts, seconds, losses=tally.losses + other)

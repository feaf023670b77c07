"""What checking a whole connection costs: `python -m bench.sync` (ARGS: --help)."""

import argparse
import logging
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.data import own_database

if TYPE_CHECKING:  # needs settings, which `own_database` makes first
    from assistants.models import Connection

HEADINGS = ("assistants", "sync", "gateway calls", "seconds", "peak memory", "rows written", "")
WRITE = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "assistants_assistant"')
CHANGED, GONE = 100, 10
ROOM = 24
"""Megabytes by which the peak may exceed that of a tenth of the assistants."""


@dataclass(frozen=True)
class Cost:
    """What one sync took; `calls` as the remote counted them, `peak` in megabytes."""

    calls: int
    seconds: float
    peak: float
    rows: int
    counts: dict[str, int]


def rows(assistants: int) -> Iterator[tuple[str, ...]]:
    """Yield the lines below `HEADINGS`: a first sync, one of nothing new, one of some changes.

    Each is done over a loopback remote, for a tenth of `assistants` (at least 200) and for all of
    them. Needs a database (`own_database`). The last cell is "met" or "MISSED".
    """
    from django.db import connection

    from bench import report

    if connection.vendor == "sqlite":  # its view of its own file grows with that, and is not ours
        connection.cursor().execute("PRAGMA mmap_size=0")
        connection.cursor().execute("PRAGMA cache_size=-2000")
    small: dict[str, Cost] = {}
    for count in (assistants // 10, assistants):
        for name, cost, most_calls, most_rows in _three_syncs(count):
            before = small.setdefault(name, cost)
            met = (
                cost.calls <= most_calls
                and cost.rows <= most_rows
                and cost.peak <= before.peak + ROOM
                and not cost.counts["failed"]
            )
            yield (
                f"{count:,}",
                name,
                f"{cost.calls:,} (≤ {most_calls:,})",
                f"{cost.seconds:.1f} s",
                f"{cost.peak:.0f} MB",
                f"{cost.rows:,} (≤ {most_rows:,})",
                report.verdict(met),
            )


def _three_syncs(count: int) -> Iterator[tuple[str, Cost, int, int]]:
    pages = -(-count // 100)
    most = pages + 1 + pages // 10  # what a slow machine does not finish in a step is listed again
    with _remote(count) as (pipe, url):
        connection = _connect(f"sync-{count}", url)
        logging.getLogger("assistants.gateway").setLevel(logging.ERROR)  # a 404 is no news here
        yield "first", _measured(connection, pipe), most, 3 * count
        yield "nothing new", _measured(connection, pipe), most, 0
        pipe.send("change")
        pipe.recv()
        # Each that differs is read on its own, and one that is gone asks for the list too. A page
        # with more of them than a step may read is listed again.
        calls = most + CHANGED + 2 * GONE + CHANGED // 20
        name = f"{CHANGED} changed, {GONE} gone"
        yield name, _measured(connection, pipe), calls, 4 * (CHANGED + GONE)


def _measured(connection: "Connection", pipe: Pipe) -> Cost:
    from django.db import connection as database
    from django.test import override_settings

    from assistants.services.syncing.jobs import sync

    written = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal written
        written += bool(WRITE.match(sql))
        return execute(sql, params, many, context)

    pipe.send("count")
    before = pipe.recv()
    Path("/proc/self/clear_refs").write_text("5")  # lets the peak begin anew
    started = time.perf_counter()
    with override_settings(GATEWAY_PRIVATE_HOSTS=["127.0.0.1"]), database.execute_wrapper(count):
        counts = sync(connections=[connection])
    seconds = time.perf_counter() - started
    status = Path("/proc/self/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
    pipe.send("count")
    return Cost(pipe.recv() - before, seconds, peak, written, counts)


def _connect(slug: str, url: str) -> "Connection":
    from assistants.gateway import Endpoint
    from assistants.models import Connection
    from assistants.services.connections.saving import write_connection
    from assistants.services.setup.first_start import create_workspace_with_registry

    return write_connection(
        Connection(workspace=create_workspace_with_registry(slug=slug, name=slug)),
        name="Loopback",
        endpoint=Endpoint(profile="openai", base_url=url, credentials={"api_key": "sk-bench"}),
        is_default=False,
    )


@contextmanager
def _remote(count: int) -> Iterator[tuple[Pipe, str]]:
    """Run a remote with `count` assistants in a process of its own, so that memory is ours."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(count, theirs), daemon=True)
    process.start()
    try:
        yield ours, ours.recv()
    finally:
        ours.send("stop")
        process.join(10)


def _serve(count: int, pipe: Pipe) -> None:
    from tests.upstream import start

    upstream, server = start()
    for number in range(count):
        upstream.add(name=f"Assistant {number}", instructions=f"You are number {number}. " * 100)
    pipe.send(upstream.url)
    while (word := pipe.recv()) != "stop":
        if word == "change":
            ids = list(upstream.assistants)
            for remote_id in ids[:: len(ids) // CHANGED][:CHANGED]:
                upstream.assistants[remote_id]["instructions"] = "Changed outside."
            for remote_id in ids[1 :: len(ids) // GONE][:GONE]:
                del upstream.assistants[remote_id]
        pipe.send(len(upstream.requests))
    server.shutdown()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.sync", description=__doc__)
    parser.add_argument("--assistants", type=int, default=10_000, metavar="N")
    parser.add_argument(
        "--database",
        default="",
        metavar="URL",
        help='a PostgreSQL database to drop and make anew, with "bench" in its name;'
        " a temporary SQLite file unless given",
    )
    return parser.parse_args()


def main() -> int:
    options = arguments()
    with own_database(options.database):
        from django.core.management import call_command
        from django.db import connection

        from bench import report

        call_command("migrate", verbosity=0)
        found: Sequence[tuple[str, ...]] = list(rows(options.assistants))
        print(f"\n{connection.display_name}\n\n{report.table(HEADINGS, found)}")
    return 0 if all(row[-1] == "met" for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())

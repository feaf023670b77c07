"""Measures what the pages cost beside bare Django views: `make bench`, `make bench ARGS=--help`."""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bench.data import SLUG, fill, own_database

if TYPE_CHECKING:  # these need settings, which `own_database` makes first
    from bench.pages import Visitor
    from bench.report import Row


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=", description=__doc__)
    parser.add_argument("--assistants", type=int, default=10_000, metavar="N")
    parser.add_argument("--revisions", type=int, default=100_000, metavar="N")
    parser.add_argument("--runs", type=int, default=30, metavar="N", help="of each page")
    parser.add_argument("--requests", type=int, default=800, metavar="N", help="to the server")
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
        from bench import pages, report, searches

        started = time.perf_counter()
        seconds = fill(assistants=options.assistants, revisions=options.revisions, big=True)
        rows = [
            report.Row(
                f"seed {options.assistants:,} assistants, {options.revisions:,} revisions",
                f"{seconds:.0f} s",
                goal="≤ 120 s",
                met=seconds <= 120,
            )
        ]
        visitor = pages.Visitor(options.runs)
        for part in (
            pages.lists,
            searches.searches,
            pages.editors,
            pages.comparing,
            pages.publishing,
        ):
            rows += part(visitor)
        rows += served(visitor, options.requests)
        from django.db import connection

        print(f"\n{connection.display_name} on {os.cpu_count()} cores; processor time, median")
        print("of the runs with the tenth and ninetieth percentile in brackets.\n")
        print(f"{report.results(rows)}\n\n{time.perf_counter() - started:.0f} s in all.")
    return 1 if any(row.met is False for row in rows) else 0


def served(visitor: "Visitor", requests: int) -> Iterator["Row"]:
    """The real server, and one with the bare views only."""
    from bench import serving
    from bench.report import Row

    cookies = {name: morsel.value for name, morsel in visitor.client.cookies.items()}
    assistant = visitor.long_history
    addresses = (
        ("list", f"/w/{SLUG}/assistants/", f"/assistants/{visitor.workspace.pk}/", 80),
        (
            "editor",
            f"/w/{SLUG}/assistants/{assistant.pk}/edit/",
            f"/detail/{assistant.remote_id}/",
            None,
        ),
    )
    with (
        serving.running("admin_ui.settings") as here,
        serving.running("bench.bare_settings", first_page=addresses[0][2]) as bare,
    ):
        yield Row(
            "start to first page",
            f"{here.seconds:.1f} s",
            bare=f"{bare.seconds:.1f} s",
            goal="≤ 3 s",
            met=here.seconds <= 3,
        )
        for name, path, plain, goal in addresses:
            rates = [
                serving.requests_per_second(address, cookies, requests=requests)
                for address in (here.address + path, bare.address + plain)
            ]
            yield Row(
                f"{name} at 16 connections",
                f"{rates[0]:.0f} requests/s",
                bare=f"{rates[1]:.0f} requests/s",
                ratio=f"{rates[1] / rates[0]:.1f}×",
                goal=f"≥ {goal}/s" if goal else "",
                met=rates[0] >= goal if goal else None,
            )
        memory, beside = (serving.worker_memory(server.pid) for server in (here, bare))
        yield Row(
            "memory of the workers (PSS)",
            f"{memory:.0f} MB",
            bare=f"{beside:.0f} MB",
            goal="≤ 200 MB",
            met=memory <= 200,
        )
        size = serving.first_visit(here.address, addresses[0][1], cookies)
        yield Row(
            "first visit, compressed",
            "list and static files",
            size=f"{size:,}",
            goal="≤ 100 KB",
            met=size <= 100_000,
        )


if __name__ == "__main__":
    sys.exit(main())

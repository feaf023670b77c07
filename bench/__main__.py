"""Measures what the pages cost beside bare Django views: `make bench`, `make bench ARGS=--help`."""

import argparse
import os
import sys
import time

from bench.data import fill, own_database

SCALE = 10
"""How many times the seeded rows there are with --scale."""
SHORT, LONG = 100, 100_000
"""Revisions of the assistants whose history is copied until it has as many."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench ARGS=", description=__doc__)
    parser.add_argument("--assistants", type=int, default=10_000, metavar="N", help="to seed")
    parser.add_argument("--revisions", type=int, default=100_000, metavar="N", help="to seed")
    parser.add_argument(
        "--scale",
        action="store_true",
        help=f"copy what is seeded in SQL until there is {SCALE} times as much,"
        f" and one history until it has {LONG:,} revisions",
    )
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
        from bench import change_requests, notices, pages, people, report, rows, scale

        started = time.perf_counter()
        seconds = fill(assistants=options.assistants, revisions=options.revisions)
        done = scale.enlarge(
            times=SCALE if options.scale else 1, short=SHORT, long=LONG if options.scale else 0
        )
        done = f"{done} {people.fill_people()} {notices.fill_notices()}"
        done = f"{done} {change_requests.fill_requests()}"
        scale.settle()
        found = [
            report.Row(
                f"seed {options.assistants:,} assistants, {options.revisions:,} revisions",
                f"{seconds:.0f} s",
                goal="≤ 120 s",
                met=seconds <= 120,
            )
        ]
        print(f"{done} Filled in {time.perf_counter() - started:.0f} s.", flush=True)
        visitor = pages.Visitor(options.runs, options.requests)
        for part in rows.PARTS:
            found += part(visitor)
        from django.db import connection

        print(f"\n{connection.display_name} on {os.cpu_count()} cores; processor time, that of the")
        print("database included: median of the runs, tenth and ninetieth percentile in brackets.")
        print(f"{done}\n\n{report.results(found)}\n")
        print(f"{time.perf_counter() - started:.0f} s in all.")
    return 1 if any(row.met is False for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Breaks off, cuts and races every way of writing, and prints what came of it: `make soak`.

One table for each part. The exit code is 1 when anything was lost.
"""

import argparse
import os
import subprocess
import sys
import time

from bench.data import own_database

PARTS = (
    "kills",
    "moments",
    "database",
    "pages",
    "gateway",
    "races",
    "servers",
    "writers",
    "hanging",
)
"""Modules beside this one, each with a database of its own."""

COMMANDS = {
    "faults": ["-m", "tests.faults", "-q"],
    "sync": ["-m", "bench.sync"],
}
"""Programs with a table of their own; where they take the database from, see `command`."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak ARGS=", description=__doc__)
    names = ", ".join((*PARTS, *COMMANDS))
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {names}; all unless given")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of random moments")
    parser.add_argument("--moments", type=int, default=200, metavar="N", help="random kills")
    parser.add_argument("--only", default="", metavar="TEXT", help="kills whose names hold this")
    parser.add_argument("--rounds", type=int, default=20, metavar="N", help="kills of the server")
    parser.add_argument("--clients", type=int, default=8, metavar="N")
    parser.add_argument("--publishes", type=int, default=50, metavar="N", help="of each client")
    parser.add_argument("--editors", type=int, default=50, metavar="N", help="of a hanging gateway")
    parser.add_argument("--publishers", type=int, default=16, metavar="N", help="of the same")
    parser.add_argument("--silence", type=float, default=60, metavar="SECONDS", help="it lasts")
    parser.add_argument("--assistants", type=int, default=5, metavar="N", help="they share")
    parser.add_argument(
        "--database",
        default="",
        metavar="URL",
        help='a PostgreSQL database to drop and make anew, with "bench" in its name;'
        " a temporary SQLite file unless given",
    )
    options = parser.parse_args()
    if unknown := set(options.parts) - {*PARTS, *COMMANDS}:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    options.seed = options.seed or int(time.time())
    return options


def main() -> int:
    options = arguments()
    os.environ.update(GATEWAY_PRIVATE_HOSTS="127.0.0.1", LOG_LEVEL="CRITICAL")
    lost = 0
    for part in options.parts or (*PARTS, *COMMANDS):
        # A database for each: what one part leaves behind would slow the next one down.
        start = time.perf_counter()
        if part in COMMANDS:
            failed = command(part, options.database)
        elif pid := os.fork():
            failed = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 0
        else:
            os._exit(run(part, options))
        lost += failed
        print(f"{part}: {time.perf_counter() - start:.0f} s\n", flush=True)
    return 1 if lost else 0


def command(part: str, url: str) -> bool:
    """Run a program of COMMANDS on the same kind of database; returns whether it failed."""
    print(f"{part} on {'PostgreSQL' if url else 'SQLite'}", flush=True)
    arguments = COMMANDS[part] + (["--database", url] if part == "sync" and url else [])
    environment = {**os.environ, **({"DATABASE_URL": url} if url else {})}
    return subprocess.call([sys.executable, *arguments], env=environment) != 0


def run(part: str, options: argparse.Namespace) -> int:
    """Run one part on a database of its own; returns the exit code."""
    from importlib import import_module

    with own_database(options.database, "bench.soak.settings"):
        from django.db import connection

        print(f"{part} on {connection.display_name}, seed {options.seed}", flush=True)
        good = import_module(f"bench.soak.{part}").run(options)
    sys.stdout.flush()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

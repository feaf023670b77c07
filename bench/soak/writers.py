"""Several people publish the same assistants at once, through two servers on one database."""

import argparse
import random
import statistics
import threading
import time
from collections import defaultdict
from contextlib import ExitStack

from django.db import connection

from admin_ui.accounts.permissions import Role
from assistants.models import Assistant
from bench import serving
from bench.soak.people import Person, browser
from bench.soak.shared import broken_promises, published
from bench.soak.stage import Report, cookies_of, member, places

HEADINGS = ("assistant", "remote", "accepted", "looked at again", "versions", "median", "longest")
DEADLINE = 600
"""Seconds within which everybody must be through."""


class Tally:
    """What the people met, by assistant; shared by their threads."""

    def __init__(self) -> None:
        self.seconds: dict[int, list[float]] = defaultdict(list)
        self.looks: dict[int, int] = defaultdict(int)
        self.failures: list[str] = []


def run(options: argparse.Namespace) -> bool:
    report = Report(HEADINGS)
    tally = Tally()
    with places(lease=60) as here, ExitStack() as stack:
        spots = [here[number % len(here)] for number in range(options.assistants)]
        rows = [published(spot, options.clients) for spot in spots]
        workspace = here[0].author.workspace
        writers = [
            member(workspace, f"Client {number}", Role.PUBLISHER)
            for number in range(options.clients)
        ]
        connection.close()
        servers = [stack.enter_context(serving.running("bench.soak.settings")) for _ in range(2)]
        people = [
            Person(number, browser(servers[number % 2].address, cookies_of(writer)))
            for number, writer in enumerate(writers)
        ]
        threads = [
            threading.Thread(target=work, args=(person, rows, options, tally), daemon=True)
            for person in people
        ]
        for thread in threads:
            thread.start()
        end = time.monotonic() + DEADLINE
        for thread in threads:
            thread.join(max(0.0, end - time.monotonic()))
        late = sum(thread.is_alive() for thread in threads)
        for row, spot in zip(rows, spots, strict=True):
            fresh = Assistant.objects.select_related("connection", "live").get(pk=row.pk)
            losses = list(broken_promises(fresh, spot, people))
            times = sorted(tally.seconds[row.pk]) or [0.0]
            report.row(
                fresh.name,
                spot.name,
                len(tally.seconds[row.pk]),
                tally.looks[row.pk],
                fresh.live_version,
                f"{statistics.median(times):.2f} s",
                f"{times[-1]:.2f} s",
                losses=losses,
            )
    accepted = sum(len(person.accepted) for person in people)
    losses = tally.failures + [f"{late} clients were not through in time"] * bool(late)
    expected = options.clients * options.publishes
    report.row("all", f"of {expected}", accepted, *[""] * 4, losses=losses)
    return report.shown() and accepted == expected


def work(person: Person, rows: list[Assistant], options: argparse.Namespace, tally: Tally) -> None:
    chance = random.Random(f"{options.seed} {person.number}")
    for turn in range(options.publishes):
        row = chance.choice(rows)
        start = time.perf_counter()
        try:
            looks = person.write(row.pk, f"{person.number}.{turn}")
        except Exception as error:
            tally.failures.append(f"client {person.number}, {row}: {error!r}")
            continue
        tally.seconds[row.pk].append(time.perf_counter() - start)
        tally.looks[row.pk] += looks

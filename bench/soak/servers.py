"""The whole server is killed under the hands of people who publish, again and again."""

import argparse
import json
import os
import random
import signal
import threading
import time
from io import StringIO

import httpx
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from admin_ui.accounts.permissions import Role
from assistants.models import Assistant
from bench import serving
from bench.soak.people import Person, Unexpected, browser
from bench.soak.shared import broken_promises, published
from bench.soak.stage import Report, cookies_of, member, places

HEADINGS = ("round", "killed after", "promised", "left pending", "settled as")
WRITERS = 6
ASSISTANTS = 4


def run(options: argparse.Namespace) -> bool:
    report = Report(HEADINGS)
    chance = random.Random(options.seed)
    with places(lease=60) as here:
        spots = [here[number % len(here)] for number in range(ASSISTANTS)]
        rows = [published(spot, WRITERS) for spot in spots]
        workspace = here[0].author.workspace
        cookies = [
            cookies_of(member(workspace, f"Client {number}", Role.PUBLISHER))
            for number in range(WRITERS)
        ]
        people = [Person(number, httpx.Client()) for number in range(WRITERS)]
        for turn in range(options.rounds):
            seconds = chance.uniform(0.3, 2.0)
            before = sum(len(person.accepted) for person in people)
            losses = killed(people, cookies, rows, seconds=seconds, turn=turn, chance=chance)
            pending = Assistant.objects.filter(slot__isnull=False).count()
            settled = settle()
            for row, spot in zip(rows, spots, strict=True):
                fresh = Assistant.objects.select_related("connection", "live").get(pk=row.pk)
                broken = broken_promises(fresh, spot, people)
                losses += (f"round {turn}, {row}: {what}" for what in broken)
            promised = sum(len(person.accepted) for person in people) - before
            report.row(turn + 1, f"{seconds:.1f} s", promised, pending, settled, losses=losses)
    return report.shown()


def killed(
    people: list[Person],
    cookies: list[dict[str, str]],
    rows: list[Assistant],
    *,
    seconds: float,
    turn: int,
    chance: random.Random,
) -> list[str]:
    """Let everybody publish through a new server, and kill all of it after so many seconds.

    Returns what nobody should have seen.
    """
    connection.close()
    process, server = serving.start("bench.soak.settings")
    failures: list[str] = []
    threads = []
    for person, own in zip(people, cookies, strict=True):
        person.client = browser(server.address, own)
        random_rows = random.Random(chance.random())
        arguments = (person, rows, random_rows, turn, failures)
        threads.append(threading.Thread(target=write_on, args=arguments))
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for thread in threads:
        thread.join()
    time.sleep(0.2)  # what the gateway has in hand is carried out all the same
    return failures


def write_on(
    person: Person, rows: list[Assistant], chance: random.Random, turn: int, failures: list[str]
) -> None:
    """Publish until the server is gone."""
    with person.client:
        for number in range(10_000):
            try:
                person.write(chance.choice(rows).pk, f"{person.number}.{turn}.{number}")
            except httpx.TransportError:
                return
            except Unexpected as error:
                failures.append(f"client {person.number}: {error}")
                return


def settle() -> str:
    """Do what the documentation says to do after a crash; returns what it printed."""
    out = StringIO()
    with override_settings(LATE_LANDING_SECONDS=0):  # the gateway has nothing in hand any more
        call_command("settle", now=True, stdout=out)
    counts = json.loads(out.getvalue())
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)

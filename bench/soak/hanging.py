"""A gateway accepts and never answers: what those see who did not ask it, and how it recovers."""

import argparse
import random
import re
import statistics
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from html import unescape

import httpx
from django.db import connection
from django.test import override_settings

from admin_ui.accounts.permissions import Role
from assistants.models import Assistant
from assistants.services.remote.settle import settle_all
from bench import forms, serving
from bench.data import SLUG
from bench.soak.people import Person, browser
from bench.soak.shared import broken_promises, published
from bench.soak.stage import Report, cookies_of, member, places

HEADINGS = ("somebody else's", "usual", "while it hangs", "within 2×", "longest", "afterwards")
PAGES = {
    "list": f"/w/{SLUG}/assistants/",
    "home": f"/w/{SLUG}/",
    "an editor on the registry": "",
    "/healthz": "/healthz",
}
MOST = 2.0
"""How many times its usual time a page may take."""
CHECKED = "Checked with the gateway just now"
"""What a page says once the gateway has answered its check."""
ASSISTANTS = 4
USUAL = 6.0
"""Seconds in which the usual times are taken."""
POLL = 30.0
"""Seconds between two questions of an open page who else is there."""
PAUSE = 3.0
"""Seconds after which a publisher who was told to try again does so."""
LONGEST = 600.0
"""Seconds within which everything must be published once the gateway answers again."""


@dataclass
class Open:
    """Editors that are open in browsers and ask what such pages ask, until the end."""

    begin: threading.Event = field(default_factory=threading.Event)
    end: threading.Event = field(default_factory=threading.Event)
    held: int = 0
    failed: int = 0
    checked: list[float] = field(default_factory=list)
    """When a check found what the gateway holds (`time.monotonic`)."""
    seconds: list[float] = field(default_factory=list)
    """How long each check took."""
    unexpected: list[str] = field(default_factory=list)

    def start(self, clients: list[httpx.Client], rows: list[Assistant]) -> list[threading.Thread]:
        """Open an editor in each browser; what it asks behind itself waits for `begin`."""
        threads = []
        for number, client in enumerate(clients):
            page = root(rows[number % len(rows)])
            text = client.get(f"{page}edit/").raise_for_status().text
            thread = threading.Thread(target=self._live, args=(client, page, text), daemon=True)
            threads.append(thread)
            thread.start()
        return threads

    def _live(self, client: httpx.Client, page: str, text: str) -> None:
        check = address_of_check(text)
        fields = forms.Fields()
        fields.feed(text)
        known = dict(fields.values)
        here = {name: known[name] for name in ("tab", "base", "csrfmiddlewaretoken")}
        self.begin.wait()
        ask_at, poll_at = time.monotonic(), time.monotonic() + random.uniform(0, POLL)
        while not self.end.wait(max(min(ask_at, poll_at) - time.monotonic(), 0.0)):
            now = time.monotonic()
            if ask_at <= now:
                seconds, check = self._ask(client, check)
                ask_at = now + seconds
            else:
                poll_at = now + POLL
                self._expect(client.post(f"{page}here/", data=here), (200, 204))

    def _ask(self, client: httpx.Client, check: str) -> tuple[float, str]:
        """Ask as the page does; returns after how many seconds it asks again, and where."""
        start = time.monotonic()
        answer = client.get(check)
        self.seconds.append(time.monotonic() - start)
        self._expect(answer, (200,))
        again = re.search(r'hx-trigger="load delay:(\d+)s', answer.text)
        if again:
            self.held += 1
            return float(again[1]), address_of_check(answer.text)
        if CHECKED in answer.text:
            self.checked.append(time.monotonic())
        else:
            self.failed += 1
        return LONGEST, check

    def _expect(self, answer: httpx.Response, statuses: tuple[int, ...]) -> None:
        if answer.status_code not in statuses:
            self.unexpected.append(f"{answer.url.path} answered {answer.status_code}")


def run(options: argparse.Namespace) -> bool:
    report = Report(HEADINGS)
    with places(lease=60) as (spot, registry), ExitStack() as stack:
        assert spot.upstream is not None
        rows = [published(spot, options.publishers) for _ in range(ASSISTANTS)]
        pages = PAGES | {"an editor on the registry": f"{root(published(registry, 1))}edit/"}
        workspace = spot.author.workspace

        def cookies(name: str, count: int, role: str) -> list[dict[str, str]]:
            people = (member(workspace, f"{name} {number}", role) for number in range(count))
            return [cookies_of(person) for person in people]

        publishers = cookies("Client", options.publishers, Role.PUBLISHER)
        editors = cookies("Editor", options.editors, Role.EDITOR)
        somebody = cookies("Somebody", 1, Role.EDITOR)[0]
        connection.close()
        address = stack.enter_context(serving.running("bench.soak.settings")).address

        def enter(own: dict[str, str]) -> httpx.Client:
            return stack.enter_context(browser(address, own))

        people = [Person(number, enter(own), pause=PAUSE) for number, own in enumerate(publishers)]
        client, open_pages = enter(somebody), Open()
        times = [timed(client, pages, seconds=USUAL)]
        threads = open_pages.start([enter(own) for own in editors], rows)
        spot.upstream.silent = True
        for number, person in enumerate(people):
            arguments = (person, rows[number % ASSISTANTS], open_pages.unexpected)
            threads.append(threading.Thread(target=publish, args=arguments, daemon=True))
            threads[-1].start()
        open_pages.begin.set()
        times.append(timed(client, pages, seconds=options.silence))
        spot.upstream.silent = False
        back = time.monotonic()
        times.append(timed(client, pages, seconds=USUAL))
        for thread in threads[options.editors :]:
            thread.join(max(back + LONGEST - time.monotonic(), 0.0))
        seconds = time.monotonic() - back
        while not open_pages.checked and time.monotonic() < back + LONGEST:
            time.sleep(0.1)
        open_pages.end.set()
        for thread in threads[: options.editors]:
            thread.join()
        losses = list(open_pages.unexpected)
        with override_settings(LATE_LANDING_SECONDS=0):  # what it swallowed never arrives
            settle_all(now=True)
        for row in rows:
            fresh = Assistant.objects.select_related("connection", "live").get(pk=row.pk)
            losses += broken_promises(fresh, spot, people)
    for name in pages:
        add(report, name, *(found[name] for found in times))
    done = sum(len(person.accepted) for person in people)
    if done != len(people):
        losses.append(f"{len(people) - done} publishers did not get through")
    report.losses += losses
    shown = report.shown()
    first = min(open_pages.checked, default=back + LONGEST) - back
    print(
        f"Of {len(open_pages.seconds)} checks {open_pages.held} were held back and"
        f" {open_pages.failed} failed; the slowest took {max(open_pages.seconds):.1f} s.\n"
        f"Publishers were told {sum(person.refused for person in people)} times to try again.\n"
        f"After the gateway answered again, a check went through in {first:.0f} s and all"
        f" {done} publishes in {seconds:.0f} s.",
        flush=True,
    )
    return shown


def address_of_check(text: str) -> str:
    """Return the address that a page, or its check, asks next."""
    return unescape(re.findall(r'hx-get="([^"]*/check/[^"]*)"', text)[0])


def root(assistant: Assistant) -> str:
    return f"/w/{SLUG}/assistants/{assistant.pk}/"


def publish(person: Person, row: Assistant, unexpected: list[str]) -> None:
    """Write until it is published, however often the button has to be pressed."""
    try:
        person.write(row.pk, f"{person.number}.0.0")
    except Exception as error:
        unexpected.append(f"client {person.number}: {error!r}")


def timed(client: httpx.Client, pages: dict[str, str], *, seconds: float) -> dict[str, list[float]]:
    """Fetch one page after the other for so many seconds; returns how long each took."""
    found: dict[str, list[float]] = {name: [] for name in pages}
    for path in pages.values():
        client.get(path).raise_for_status()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, path in pages.items():
            start = time.monotonic()
            client.get(path).raise_for_status()
            found[name].append((time.monotonic() - start) * 1000)
        time.sleep(0.1)
    return found


def add(
    report: Report, name: str, usual: list[float], hanging: list[float], after: list[float]
) -> None:
    """Add the times of a page, in milliseconds, and whether they stayed within the limit."""
    medians = [statistics.median(times) for times in (usual, hanging, after)]
    ratio = medians[1] / medians[0]
    within = sum(time <= MOST * medians[0] for time in hanging) / len(hanging)
    report.row(
        name,
        f"{medians[0]:.0f} ms",
        f"{medians[1]:.0f} ms ({ratio:.1f}×)",
        f"{within:.0%}",
        f"{max(hanging):.0f} ms",
        f"{medians[2]:.0f} ms",
        losses=[] if ratio <= MOST else [f"{name} took {ratio:.1f} times as long"],
    )

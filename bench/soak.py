"""Eight people publish at once, through two servers on one database: `make soak`."""

import argparse
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field

import httpx

from bench import forms
from bench.data import SLUG, call_command_json, fill, own_database

HEADINGS = ("database", "writers on", "published", "stopped", "failed", "median", "longest", "")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class Tally:
    """What became of the attempts; shared by the writers of one case."""

    seconds: list[float] = field(default_factory=list)
    stopped: int = 0
    """Answered with a conflict or "busy": the text is kept, somebody else was first."""
    failures: list[str] = field(default_factory=list)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make soak ARGS=", description=__doc__)
    parser.add_argument("--writers", type=int, default=8, metavar="N")
    parser.add_argument("--rounds", type=int, default=10, metavar="N", help="publishes of each")
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
        from bench import report, serving

        fill(assistants=options.writers, revisions=options.writers, big=False)
        from django.db import connection

        name = connection.display_name
        people = signed_in(options.writers)
        rows, met = [], True
        with (
            serving.running("admin_ui.settings") as first,
            serving.running("admin_ui.settings") as second,
        ):
            for case, same in (("one assistant each", False), ("all the same one", True)):
                tally = run(
                    people, [first.address, second.address], same=same, rounds=options.rounds
                )
                good = not tally.failures and (same or not tally.stopped)
                met = met and good
                rows.append((name, case, *described(tally), report.verdict(good)))
        problems = call_command_json("verify_history")
    print(f"\n{report.table(HEADINGS, rows)}\n\nverify_history: {problems}")
    return 0 if met else 1


def signed_in(count: int) -> list[dict[str, str]]:
    """Make publishers and sign them in; returns the cookies of each."""
    from django.test import Client

    from admin_ui.accounts.models import Member, Workspace
    from admin_ui.accounts.permissions import Role
    from admin_ui.accounts.services import save_account

    cookies = []
    for number in range(count):
        user, _ = save_account(email=f"writer{number}@example.org", name=f"Writer {number}")
        Member.objects.create(
            workspace=Workspace.objects.get(slug=SLUG), user=user, role=Role.PUBLISHER
        )
        client = Client()
        client.force_login(user)
        cookies.append({name: morsel.value for name, morsel in client.cookies.items()})
    return cookies


def run(people: list[dict[str, str]], addresses: list[str], *, same: bool, rounds: int) -> Tally:
    """Let every person publish `rounds` changes, all at once; every other one on each server."""
    from assistants.models import Assistant

    keys = list(Assistant.objects.order_by("pk").values_list("pk", flat=True)[: len(people)])
    tally = Tally()
    threads = [
        threading.Thread(
            target=writer,
            args=(
                addresses[number % 2],
                cookies,
                keys[0 if same else number],
                number,
                rounds,
                tally,
            ),
        )
        for number, cookies in enumerate(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tally


def writer(
    address: str, cookies: dict[str, str], assistant: int, number: int, rounds: int, tally: Tally
) -> None:
    with httpx.Client(base_url=address, cookies=cookies, timeout=60, trust_env=False) as client:
        page = f"/w/{SLUG}/assistants/{assistant}"
        for turn in range(rounds):
            start = time.perf_counter()
            try:
                status = publish(client, page, f"Writer {number}, turn {turn}")
            except Exception as error:
                tally.failures.append(repr(error))
                continue
            if status == 303:
                tally.seconds.append(time.perf_counter() - start)
            elif status == 409:
                tally.stopped += 1
                discard(client, page)
            else:
                tally.failures.append(f"answered {status}")


def publish(client: httpx.Client, page: str, mark: str) -> int:
    """Edit, review and publish; returns the status of the last step that was reached."""
    edit = client.get(f"{page}/edit/").raise_for_status().text
    body = forms.filled(edit, description=mark, action="review")
    drafted = client.post(f"{page}/edit/", content=body, headers=FORM)
    if drafted.status_code != 303:
        return drafted.status_code
    review = client.get(f"{page}/review/").raise_for_status().text
    body = forms.filled(review, note=mark)
    return client.post(f"{page}/review/", content=body, headers=FORM).status_code


def discard(client: httpx.Client, page: str) -> None:
    review = client.get(f"{page}/review/").text
    client.post(f"{page}/discard/", content=forms.filled(review), headers=FORM)


def described(tally: Tally) -> tuple[str, ...]:
    for failure in sorted(set(tally.failures)):
        print(f"failed: {failure}", file=sys.stderr)
    times = sorted(tally.seconds) or [0.0]
    return (
        str(len(tally.seconds)),
        str(tally.stopped),
        str(len(tally.failures)),
        f"{statistics.median(times):.2f} s",
        f"{times[-1]:.2f} s",
    )


if __name__ == "__main__":
    sys.exit(main())

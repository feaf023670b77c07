"""Two processes that do something with the same assistant at the same moment, round after round."""

import argparse
import time

from admin_ui.accounts.permissions import Role
from bench.soak.stage import Report, member, places
from tests.crash.races import RACES
from tests.crash.races import run as run_race


def run(options: argparse.Namespace) -> bool:
    report = Report(("at the same moment", "remote", "rounds", "seconds"))
    with places() as here:
        colleague = member(here[0].author.workspace, "Pia", Role.PUBLISHER)
        for race in RACES:
            for place in here:
                start = time.perf_counter()
                losses = [
                    f"{race.name} on the {place.name}, round {turn}: {what}"
                    for turn in range(options.rounds)
                    for what in run_race(race, place, colleague)
                ]
                seconds = f"{time.perf_counter() - start:.1f}"
                report.row(race.name, place.name, options.rounds, seconds, losses=losses)
    return report.shown()

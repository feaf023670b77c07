"""SIGKILL at random moments."""

import argparse
import random
from itertools import islice

from bench.soak.kills import HEADINGS, add
from bench.soak.stage import Report, places
from tests.crash.paths import PATHS
from tests.crash.runs import random_moments


def run(options: argparse.Namespace) -> bool:
    report = Report(("killed at random moments of", *HEADINGS[1:], "seconds"))
    chance = random.Random(options.seed)
    with places() as here:
        share = -(-options.moments // (len(PATHS) * len(here)))
        for path in PATHS:
            for place in here:
                runs = islice(random_moments(path, place, chance), share)
                add(report, path.name, place.name, runs=runs)
    return report.shown()

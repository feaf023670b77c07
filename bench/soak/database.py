"""The database goes away at every statement and commit, for a moment, for good, or the session."""

import argparse

from django.db import connection

from bench.soak.kills import HEADINGS, add
from bench.soak.stage import Report, places
from tests.crash.cuts import DATABASE, SESSION, every_cut
from tests.crash.paths import PATHS


def run(_options: argparse.Namespace) -> bool:
    report = Report(("database cut at every step of", "how", *HEADINGS[1:], "seconds"))
    cuts = DATABASE if connection.vendor == "sqlite" else (*DATABASE, SESSION)
    with places() as here:
        for path in PATHS:
            for cut in cuts:
                for place in here:
                    runs = every_cut(path, place, cut)
                    add(report, path.name, cut.name, place.name, runs=runs)
    return report.shown()

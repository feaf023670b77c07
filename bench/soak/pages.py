"""The database goes away at every step of a request, from the session to the last statement."""

import argparse

from django.db import connection

from bench.soak.kills import HEADINGS, add
from bench.soak.stage import Report, places
from tests.crash.cuts import DATABASE, SESSION
from tests.crash.pages import PAGES, every_cut


def run(_options: argparse.Namespace) -> bool:
    report = Report(("database cut at every step of", "how", *HEADINGS[1:], "seconds"))
    cuts = DATABASE if connection.vendor == "sqlite" else (*DATABASE, SESSION)
    with places() as here:
        for page in PAGES:
            for cut in cuts:
                for place in here:
                    runs = every_cut(page, place, cut)
                    add(report, f"the page {page.name}", cut.name, place.name, runs=runs)
    return report.shown()

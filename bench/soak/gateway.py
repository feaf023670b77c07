"""The gateway refuses, hangs up or falls silent at every call, once or from then on."""

import argparse

from bench.soak.kills import HEADINGS, add
from bench.soak.stage import Report, places
from tests.crash.cuts import GATEWAY, every_cut
from tests.crash.paths import PATHS


def run(_options: argparse.Namespace) -> bool:
    report = Report(("gateway cut at every call of", "how", *HEADINGS[1:], "seconds"))
    with places() as here:
        for path in PATHS:
            for cut in GATEWAY:
                add(report, path.name, cut.name, here[0].name, runs=every_cut(path, here[0], cut))
    return report.shown()

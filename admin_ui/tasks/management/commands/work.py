"""`manage.py work`: see `help`."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from admin_ui.installation.fitness import refuse_unfit
from admin_ui.tasks.enqueue import STOPPING
from admin_ui.tasks.status import report, sentences
from admin_ui.tasks.worker import work


class Command(BaseCommand):
    help = (
        "Run queued and recurring tasks until stopped; start as many as you want, on any machine."
        " On SIGTERM or Ctrl+C it takes no further task and lets the running ones end, for up to 25"
        " seconds. If it is killed, another one takes over its tasks. Exit code 1 when a task had"
        " to be broken off, else 0."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--status", action="store_true", help="Print workers, queue and failures, then exit."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unfit(connection)
        if options["status"]:
            for sentence in sentences(report()):
                self.stdout.write(sentence)
            return
        signal.signal(signal.SIGINT, lambda *_: STOPPING.set())
        work()

"""`manage.py sync`: see `help`."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.models import QuerySet

from admin_ui.accounts.models import Workspace
from admin_ui.audit.budgets import report_due_repeats
from admin_ui.display.times import precise
from admin_ui.installation.fitness import refuse_unfit
from assistants.models import Connection, Job
from assistants.services.syncing.jobs import sync


class Command(BaseCommand):
    help = (
        "Compare every assistant with its gateway, bring in new ones and record what changed"
        " outside. Prints JSON counts: connections, seen, added, changed, missing, failed, calls"
        " (to gateways), waiting. Safe to repeat, to run twice at once, and to run beside the web"
        " processes: runs share the work by leases. After each call to a gateway it pauses about"
        " as long as the call took. When a gateway asks it to wait (Retry-After), it waits up to"
        " 15 minutes in all; the next run continues from there. Exit code 1 when something failed,"
        " a gateway still asks to wait, or the workspace is unknown, else 0."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("workspace", nargs="?", help="Only this workspace (its slug).")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unfit(connection)
        report_due_repeats()
        slug = options["workspace"]
        connections = Connection.objects.select_related("workspace").order_by("pk")
        connections = connections.filter(archived_at=None, workspace__archived_at=None)
        if slug:
            if not Workspace.objects.filter(slug=slug).exists():
                raise CommandError(f"There is no workspace {slug!r}.")
            connections = connections.filter(workspace__slug=slug)
        counts = sync(connections=connections)
        self.stdout.write(json.dumps(counts))
        self._explain(connections)
        if counts["failed"] or counts["waiting"]:
            raise SystemExit(1)

    def _explain(self, connections: QuerySet[Connection]) -> None:
        waiting = Job.objects.filter(
            connection__in=connections, status=Job.Status.RUNNING, not_before__isnull=False
        )
        for job in waiting.select_related("connection"):
            until = precise(job.not_before) if job.not_before else ""
            self.stderr.write(
                f"{job.connection}: the gateway asked to wait until {until}."
                " The next run continues from there."
            )

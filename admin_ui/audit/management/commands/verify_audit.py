from typing import Any

from django.core.management.base import BaseCommand, CommandError

from admin_ui.audit.models import AuditEvent
from admin_ui.audit.verify import faults


class Command(BaseCommand):
    help = (
        "Check the digests of all security events, to find any that was changed or is missing. "
        "Exit codes: 0 no fault found; 1 faults found and listed; 2 wrong usage."
    )

    def handle(self, **_options: Any) -> None:
        found = list(faults())
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{AuditEvent.objects.count()} events, unchanged.")

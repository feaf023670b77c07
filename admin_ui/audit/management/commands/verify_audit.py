from typing import Any

from django.core.management.base import BaseCommand, CommandError

from admin_ui.audit.models import AuditEvent
from admin_ui.audit.verify import faults


class Command(BaseCommand):
    help = (
        "Check the digests of all security events: each chain must be whole and unchanged. "
        "Exit codes: 0 all is well; 1 something was changed, and is named; 2 wrong usage."
    )

    def handle(self, **_options: Any) -> None:
        found = list(faults())
        if found:
            raise CommandError("\n".join(found))
        self.stdout.write(f"{AuditEvent.objects.count()} events, unchanged.")

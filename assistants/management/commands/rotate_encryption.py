from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assistants.services.connections.rotation import rotate_encryption


class Command(BaseCommand):
    help = (
        "Encrypt all stored credentials with the newest key, the first of ENCRYPTION_KEYS. Every "
        "server must have both keys before this runs; afterwards the old key can go. Safe to "
        "repeat, and beside running servers. "
        "Exit codes: 0 all use the newest key; 1 some connections cannot be read with these keys, "
        "and are named; 2 wrong usage."
    )

    def handle(self, **_options: Any) -> None:
        done = rotate_encryption()
        self.stdout.write(
            f"{done.connections} connections and {done.forms} kept forms now use the newest key."
        )
        if done.unreadable:
            raise CommandError(
                "These connections cannot be read with the keys given: "
                f"{', '.join(done.unreadable)}. Bring back the key they were encrypted with, or "
                "enter their credentials again."
            )

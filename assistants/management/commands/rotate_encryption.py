from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assistants.services.connections.rotation import rotate_encryption


class Command(BaseCommand):
    help = (
        "Encrypt all stored credentials with the newest key, the first of ENCRYPTION_KEYS. Give "
        "every server both keys before you run this, and remove the old key afterwards. Safe to "
        "repeat, and to run beside the web processes. "
        "Exit codes: 0 all use the newest key; 1 these keys cannot decrypt some connections, "
        "which are listed; 2 wrong usage."
    )

    def handle(self, **_options: Any) -> None:
        done = rotate_encryption()
        self.stdout.write(
            f"{done.connections} connections and {done.forms} kept forms now use the newest key."
        )
        if done.unreadable:
            raise CommandError(
                "The configured keys cannot decrypt the credentials of these connections: "
                f"{', '.join(done.unreadable)}. Restore the key that encrypted them, or "
                "enter the credentials again."
            )

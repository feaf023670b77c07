from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assistants.services.connections.rotation import rotate_encryption


class Command(BaseCommand):
    help = (
        "Encrypt all stored credentials and second factors with the newest key, the first of "
        "ENCRYPTION_KEYS. Give every server both keys before you run this, and remove the old key "
        "afterwards. Safe to repeat, and to run beside the web processes. "
        "Exit codes: 0 all use the newest key; 1 these keys cannot decrypt some "
        "connections, webhooks or second factors, which are listed; 2 wrong usage."
    )

    def handle(self, **_options: Any) -> None:
        done = rotate_encryption()
        self.stdout.write(
            f"{done.webhooks} webhooks, {done.connections} connections, {done.forms} kept forms and"
            f" {done.factors} second factors now use the newest key."
        )
        if done.unreadable:
            raise CommandError(
                "The configured keys cannot decrypt the credentials of these connections and "
                f"webhooks and the second factors of these people: {', '.join(done.unreadable)}. "
                "Restore the key that encrypted them, or enter the credentials again and reset "
                "the factors."
            )

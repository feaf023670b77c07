import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from admin_ui.accounts.models import User
from admin_ui.accounts.services import owner_link
from admin_ui.folders import FROM_WHEEL
from admin_ui.installation.existence import remember
from admin_ui.installation.fitness import Unfit, require_fit
from admin_ui.installation.upkeep import refresh_statistics
from admin_ui.monitoring.metrics import share_between_processes
from admin_ui.serving import server
from assistants.models import Connection
from assistants.services.connections.environment import setting_problem
from assistants.services.connections.rotation import KeyState, key_state
from assistants.services.errors import Invalid
from assistants.services.setup.first_start import bootstrap

SHORTEST_SECRET_KEY = 50
"""Characters; Django's `check --deploy` asks for as many."""
START_LOCK = 7_237_411
"""Any number that nothing else in the database uses as an advisory lock."""


class Command(BaseCommand):
    """Everything a start needs in one process, because each start of Django costs half a second."""

    help = "Bring the database up to date, then serve the dashboard until stopped."
    requires_system_checks = ()

    def handle(self, *_args: object, **_options: object) -> None:
        try:
            listener = server.listen(settings.HOST, settings.PORT)
        except server.CannotListen as error:
            raise CommandError(str(error)) from error
        if settings.METRICS_TOKEN:
            share_between_processes()
        try:
            with one_start_at_a_time():
                require_fit(connection)
                migrate()
                remember(connection)
                refresh_statistics()
                if FROM_WHEEL:
                    call_command("collectstatic", interactive=False, verbosity=0)
                self.check_secret_key()
                bootstrap()
            link, keys = owner_link(), key_state(Connection.objects.all())
        except Invalid as error:
            reasons = " ".join(map(setting_problem, error.problems))
            raise CommandError(f"The GATEWAY_ settings do not work. {reasons}") from error
        except Unfit as error:
            raise CommandError(str(error)) from error
        except (DatabaseError, OSError) as error:
            reason = str(error).strip().splitlines()[0]
            raise CommandError(
                f"Cannot use the database: {reason}."
                " Check DATABASE_URL, and that DATA_DIR exists and is writable."
            ) from error
        server.serve(listener, when_ready=lambda: self.announce(link, keys))

    def check_secret_key(self) -> None:
        """Refuse a short SECRET_KEY for a new installation on https, and warn an existing one."""
        length = len(settings.SECRET_KEY)
        if not settings.HTTPS or length >= SHORTEST_SECRET_KEY:
            return
        found = f"SECRET_KEY has {length} characters; with https it needs {SHORTEST_SECRET_KEY}."
        if not User.objects.exclude(last_login=None).exists():  # nobody has signed in yet
            raise CommandError(
                f"{found} Leave it unset: the server makes one and keeps it in {settings.DATA_DIR}."
            )
        self.stderr.write(
            f"{found} A later release will not start with it. A new key signs everybody out, and"
            " links that were sent stop working."
        )

    def announce(self, link: str | None, keys: KeyState) -> None:
        self.stdout.write(f"Assistants Admin is ready at {settings.SITE_URL}")
        if FROM_WHEEL:
            self.stdout.write(f"Its data is in {settings.DATA_DIR.absolute()}")
        if keys.old:
            self.stdout.write(
                f"{keys.old} stored credentials still use an older encryption key. Once every "
                "server has the new key, run manage.py rotate_encryption"
            )
        if keys.unreadable:
            self.stdout.write(
                "No key in ENCRYPTION_KEYS decrypts the credentials of these connections: "
                f"{', '.join(keys.unreadable)}."
            )
        if link:
            self.stdout.write(f"Create the owner account (this link works once): {link}")
        self.stdout.write("Stop with Ctrl+C.")
        self.stdout.flush()


@contextmanager
def one_start_at_a_time() -> Iterator[None]:
    """Make other processes that start on the same database wait for this one."""
    if connection.vendor != "postgresql":
        with (settings.DATA_DIR / "start.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [START_LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [START_LOCK])


def migrate() -> None:
    """Apply what is missing; looking first saves the signals of a migration with nothing to do."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)

"""What a database holds: whether it has data, its migrations, and whether its chains are whole."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.db.utils import load_backend

from admin_ui.audit.verify import faults as audit_faults
from admin_ui.installation.release import misfit, release_of
from assistants import triggers
from assistants.models import Assistant
from assistants.services.ledger.verify import verify_each
from assistants.services.trust.histories import parts_to_verify

FILLED_BY_MIGRATE = {
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "installation_release",
}
"""Tables that have rows before anybody has used the database."""


class NotDone(Exception):
    """A database was not copied, restored or moved; the text says why and what to do."""


@contextmanager
def as_default(database: dict[str, Any]) -> Iterator[Any]:
    """Let `django.db.connection`, and so every model, use another database for a while.

    `database` is an entry of the setting DATABASES. Yields the connection, and closes it at the
    end. For commands only: one thread.
    """
    before = connections[DEFAULT_DB_ALIAS]
    complete = connections.configure_settings({DEFAULT_DB_ALIAS: database})[DEFAULT_DB_ALIAS]
    other = load_backend(complete["ENGINE"]).DatabaseWrapper(complete, DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = other
    ContentType.objects.clear_cache()
    try:
        yield other
    finally:
        other.close()
        connections[DEFAULT_DB_ALIAS] = before
        ContentType.objects.clear_cache()


def stored_models() -> list[type[Model]]:
    """Return every model that has a table of its own, in the order of the applications."""
    every = apps.get_models(include_auto_created=True)
    return [one for one in every if one._meta.managed and not one._meta.proxy]


def has_data(connection: Any) -> bool:
    """Return whether anybody has used the database: a table holds more than `migrate` writes."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor)) - FILLED_BY_MIGRATE
        for table in sorted(there):
            cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                return True
    return False


def require_known(applied: Iterable[tuple[str, str]]) -> None:
    """Raise `NotDone` when there is no migration in `applied`, or one that this code lacks."""
    rows = set(applied)
    if not rows:
        raise NotDone("This is not a database of the dashboard: it lists no migrations.")
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    old = {key for one in known.values() for key in one.replaces}
    unknown = sorted(".".join(key) for key in rows - known.keys() - old)
    if unknown:
        raise NotDone(
            "The database is from a newer release than this one, which does not have the migrations"
            f" {', '.join(unknown)}. Install that release, then try again."
        )


def is_migrated(connection: Any) -> bool:
    """Return whether the database has every migration of this code."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def bring_up_to_date() -> None:
    """Migrate the default database, and make sure that its history is append-only.

    It may be empty where `serve` refuses that, since it is being filled. Raises `NotDone` for a
    database of a newer release.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    if reason := misfit(release_of(connection)):
        raise NotDone(reason)
    call_command(migrate.Command(), interactive=False, verbosity=0)
    if triggers.missing(connection):
        triggers.install(connection)


def chain_faults() -> Iterator[str]:
    """Yield a sentence for each fault in the history and in the security events."""
    for part in parts_to_verify(Assistant.objects.order_by("pk").iterator(chunk_size=200)):
        for _assistant, faults in verify_each(part):
            yield from faults
    yield from audit_faults()

"""Whether this code and this database belong together: what a start and a check ask."""

from functools import cache
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.management.base import CommandError
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from admin_ui.installation.existence import loss
from admin_ui.installation.release import misfit, release_of


class Unfit(Exception):
    """This code must not run on this database; the text says why and what to do."""


def require_fit(connection: Any) -> None:
    """Raises `Unfit` when the database vanished, or is too new for this code."""
    reason = loss(connection) or misfit(release_of(connection))
    if reason:
        raise Unfit(reason)


def refuse_unfit(connection: Any) -> None:
    """Let a command end with a sentence. Raises `CommandError` where `require_fit` raises."""
    try:
        require_fit(connection)
    except Unfit as error:
        raise CommandError(str(error)) from error


def missing_migrations(connection: Any) -> list[str]:
    """Return the newest migrations of this code that the database lacks, as `app.name`."""
    applied = MigrationRecorder(connection).applied_migrations().keys()
    return [f"{app}.{name}" for app, name in _newest_migrations() if (app, name) not in applied]


@cache
def _newest_migrations() -> list[tuple[str, str]]:
    return sorted(MigrationLoader(None, ignore_no_migrations=True).graph.leaf_nodes())


@register(Tags.database)
def check_fitness(*, databases: Any = None, **_kwargs: Any) -> list[CheckMessage]:
    """Report a database that vanished or is too new (run by `check --database default`)."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            require_fit(connections[alias])
        except Unfit as error:
            found.append(Error(str(error), id="installation.E001"))
        except DatabaseError:
            continue
    return found

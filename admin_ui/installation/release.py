"""Which release this code is, and which releases may run on a database.

Decision 34 says how releases are counted. The database holds what the newest code said of itself,
because older code has neither its migrations nor this file.
"""

from typing import Any

from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from admin_ui import __version__
from admin_ui.installation.models import Release

VERSION = __version__
SERIES = ("0.1",)
"""Every release so far without its last number, oldest first. Releases of one series differ in no
migration."""
INCOMPATIBLE: dict[str, str] = {}
"""Migrations, as `app.name`, that code without them cannot run with, and why."""


def note_release(using: str) -> None:
    """Write into the database `using` which code may run on it. Code older than the last leaves
    that as it is, but for marks of migrations that are applied no longer."""
    connection = connections[using]
    row = Release.objects.using(using).first() or Release()
    if len(SERIES) >= row.number:
        oldest = SERIES[-2:][0]
        row.number, row.version = len(SERIES), VERSION
        row.oldest_number, row.oldest_version = SERIES.index(oldest) + 1, oldest
    applied = {".".join(key) for key in MigrationRecorder(connection).applied_migrations()}
    marks = {**row.incompatible, **INCOMPATIBLE}
    row.incompatible = {name: why for name, why in marks.items() if name in applied}
    row.save(using=using)


def release_of(connection: Any) -> Release | None:
    """Return what the database says of itself; None when no code has written it yet."""
    if Release._meta.db_table not in connection.introspection.table_names():
        return None
    return Release.objects.using(connection.alias).first()


def misfit(row: Release | None) -> str | None:
    """Return why this code cannot run on a database with `row`, as sentences, or None."""
    if row is None:
        return None
    advice = f"Install {row.version}, or restore a backup that this release made."
    if len(SERIES) < row.oldest_number:
        return (
            f"This is release {VERSION}. Release {row.version} has migrated the database, and"
            f" it needs {row.oldest_version} or newer. {advice}"
        )
    unknown = sorted(row.incompatible.keys() - INCOMPATIBLE.keys())
    if unknown:
        reasons = "; ".join(f"{name} ({row.incompatible[name]})" for name in unknown)
        return f"Release {VERSION} cannot run with these migrations: {reasons}. {advice}"
    return None

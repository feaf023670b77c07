"""The database says which code may run on it, and code refuses one that is too new."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from admin_ui.installation import release
from admin_ui.installation.fitness import Unfit, check_fitness, require_fit
from admin_ui.installation.models import Release
from admin_ui.installation.release import misfit, note_release
from assistants import triggers

pytestmark = pytest.mark.django_db


def row(**fields: Any) -> Release:
    newer = {"number": 3, "version": "0.3.2", "oldest_number": 2, "oldest_version": "0.2"}
    return Release(**{**newer, **fields})


def write(row: Release) -> None:
    """Let the database say this of itself."""
    Release.objects.all().delete()
    row.save()


@pytest.fixture
def _second(monkeypatch: pytest.MonkeyPatch) -> None:
    """This code is release 0.2.1, the second."""
    monkeypatch.setattr(release, "VERSION", "0.2.1")
    monkeypatch.setattr(release, "SERIES", ("0.1", "0.2"))


def test_the_version_belongs_to_the_last_series() -> None:
    assert release.VERSION.rpartition(".")[0] == release.SERIES[-1]


@pytest.mark.usefixtures("_second")
def test_a_database_that_is_one_release_newer_will_do() -> None:
    assert misfit(row()) is None
    assert misfit(None) is None, "no code has said anything yet"
    assert misfit(Release()) is None


@pytest.mark.usefixtures("_second")
def test_a_database_that_is_two_releases_newer_will_not() -> None:
    said = misfit(row(number=4, version="0.4.0", oldest_number=3, oldest_version="0.3"))
    assert said == (
        "This is release 0.2.1. Release 0.4.0 has migrated the database, and it needs 0.3 or newer."
        " Install 0.4.0, or restore a backup that this release made."
    )


@pytest.mark.usefixtures("_second")
def test_a_migration_that_is_marked_is_refused_by_code_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marks = {"assistants.0012_x": "drafts moved to another table"}
    said = misfit(row(incompatible=marks)) or ""
    assert "assistants.0012_x (drafts moved to another table)" in said
    assert "Install 0.3.2" in said
    monkeypatch.setattr(release, "INCOMPATIBLE", marks)
    assert misfit(row(incompatible=marks)) is None, "code that has it knows of it"


@pytest.mark.usefixtures("_second")
def test_newer_code_notes_itself_and_older_code_leaves_that(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Release.objects.all().delete()
    call_command("migrate", verbosity=0)
    noted = Release.objects.get()
    assert (noted.number, noted.version, noted.oldest_number, noted.oldest_version) == (
        *(2, "0.2.1"),
        *(1, "0.1"),
    )
    write(row())
    note_release("default")
    assert Release.objects.values_list("number", "version", "oldest_version").get() == (
        *(3, "0.3.2"),
        "0.2",
    )


def test_a_mark_ends_with_its_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    MigrationRecorder(connection).record_applied("assistants", "0012_x")
    monkeypatch.setattr(release, "INCOMPATIBLE", {"assistants.0013_y": "not applied yet"})
    write(row(incompatible={"assistants.0012_x": "x", "assistants.0014_z": "gone"}))
    note_release("default")
    assert Release.objects.get().incompatible == {"assistants.0012_x": "x"}


def test_starts_commands_and_checks_refuse() -> None:
    write(row(oldest_number=99, oldest_version="9.8"))
    with pytest.raises(Unfit, match=r"needs 9\.8 or newer"):
        require_fit(connection)
    with pytest.raises(CommandError, match=r"needs 9\.8 or newer"):
        call_command("migrate", verbosity=0)
    (error,) = check_fitness(databases=["default"])
    assert "needs 9.8 or newer" in error.msg
    assert check_fitness(databases=None) == []


def test_migrate_installs_the_triggers_that_its_checks_would_miss() -> None:
    triggers.remove(connection)
    call_command("migrate", verbosity=0, skip_checks=False)
    assert triggers.missing(connection) == []

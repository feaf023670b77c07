"""A backup comes back whole, or the database stays as it is."""

import shutil
import sqlite3
import stat
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from admin_ui.accounts.models import Workspace
from admin_ui.databases import postgres_tools
from admin_ui.databases.contents import as_default, is_migrated
from admin_ui.databases.sqlite_files import sqlite_file
from admin_ui.databases.writing_backups import write_backup
from assistants import triggers
from assistants.models import Revision
from tests.databases.conftest import of_file

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def run(*args: str) -> str:
    out = StringIO()
    call_command("restore_backup", *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def refusal(*args: str) -> str:
    with pytest.raises(CommandError) as told:
        run(*args)
    return str(told.value)


@pytest.fixture
def copy(database: Any, workspace: Workspace, tmp_path: Path) -> Path:
    """A backup of the workspace; since then it has another name."""
    made = write_backup(database, str(tmp_path / "copy"), keep=1)
    Workspace.objects.update(name="Renamed since")
    return made


def test_into_an_empty_place(database: Any, copy: Path, tmp_path: Path) -> None:
    if database.vendor == "sqlite":
        database.close()
        sqlite_file(database).unlink()
    else:
        with database.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    assert "History and security events are unchanged" in run(str(copy))
    assert Workspace.objects.get().name == "Main"
    assert is_migrated(connections["default"])
    assert triggers.missing(connections["default"]) == []


def test_the_earlier_file_stays_beside_it(
    sqlite: Any, workspace: Workspace, tmp_path: Path
) -> None:
    copy = write_backup(sqlite, str(tmp_path / "copy"), keep=1)
    Workspace.objects.update(name="Renamed since")
    assert "holds data already" in refusal(str(copy))
    assert Workspace.objects.get().name == "Renamed since"
    printed = run(str(copy), "--replace")
    database = sqlite_file(sqlite)
    (aside,) = database.parent.glob(f"{database.name}.before-*")
    assert str(aside) in printed
    assert stat.S_IMODE(database.stat().st_mode) == stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert Workspace.objects.get().name == "Main"
    with as_default(of_file(aside)):
        assert Workspace.objects.get().name == "Renamed since"


def test_what_is_no_backup_changes_nothing(database: Any, copy: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("Dear diary")
    assert "is no backup" in refusal(str(wrong), "--replace")
    assert "no such file" in refusal(str(tmp_path / "nothing"), "--replace")
    whole = copy.read_bytes()
    wrong.write_bytes(whole[: len(whole) * 2 // 3])
    assert refusal(str(wrong), "--replace")
    other = {"sqlite": postgres_tools.POSTGRES_MAGIC, "postgresql": b"SQLite format 3\0"}
    wrong.write_bytes(other[database.vendor])
    assert "Restore it there" in refusal(str(wrong), "--replace")
    assert Workspace.objects.get().name == "Renamed since"


def test_another_database_is_no_backup(sqlite: Any, workspace: Workspace, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE diary (day)")
    assert "not a database of the dashboard" in refusal(str(tmp_path / "other"), "--replace")
    assert "is the database itself" in refusal(str(sqlite_file(sqlite)), "--replace")
    assert Workspace.objects.exists()


def test_a_backup_of_a_newer_release_is_refused(
    database: Any, workspace: Workspace, tmp_path: Path
) -> None:
    with database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('assistants', '0999_later', '2030-01-01 00:00:00')"
        )
    newer = write_backup(database, str(tmp_path / "newer"), keep=1)
    told = refusal(str(newer), "--replace")
    assert "newer release" in told
    assert "assistants.0999_later" in told
    assert Workspace.objects.exists()


@pytest.fixture
def older_digests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rows get digests of the first format, as those of an older release have."""
    monkeypatch.setattr("assistants.services.ledger.record.NEWEST_FORMAT", None)


def test_a_backup_of_an_older_release_is_migrated(
    database: Any, older_digests: None, filled: None, tmp_path: Path
) -> None:
    Workspace.objects.update(name="Before")
    triggers.remove(database)  # as `migrate` does before it goes back
    MigrationExecutor(database).migrate([("assistants", "0007_doubt")])
    older = write_backup(database, str(tmp_path / "older"), keep=1)
    MigrationExecutor(database).migrate([("assistants", "0008_brought_in_together")])
    assert "unchanged since the backup" in run(str(older), "--replace")
    assert is_migrated(connections["default"])
    assert triggers.missing(connections["default"]) == []
    assert Workspace.objects.filter(name="Before").exists()


def test_an_altered_history_is_named(database: Any, filled: None, tmp_path: Path) -> None:
    triggers.remove(database)
    Revision.objects.filter(number=1).update(note="altered")
    copy = write_backup(database, str(tmp_path / "copy"), keep=1)
    told = refusal(str(copy), "--replace")
    assert "Restored, but its digests show changes" in told
    assert "its content is not what was written" in told


def test_a_database_in_use_is_not_replaced(
    sqlite: Any, workspace: Workspace, tmp_path: Path
) -> None:
    copy = write_backup(sqlite, str(tmp_path / "copy"), keep=1)
    folder = sqlite_file(sqlite).parent
    with closing(sqlite3.connect(sqlite_file(sqlite))) as server:
        server.execute("SELECT 1 FROM accounts_user").fetchall()
        assert "Another process uses" in refusal(str(copy), "--replace")
    assert not [path for path in folder.iterdir() if path.name.startswith(".restoring")]
    run(str(copy), "--replace")


def test_a_postgresql_database_in_use_is_not_replaced(
    on_postgres: Any, workspace: Workspace, tmp_path: Path
) -> None:
    copy = write_backup(on_postgres, str(tmp_path / "copy"), keep=1)
    server = on_postgres.copy()
    server.ensure_connection()
    try:
        assert "1 other connections use the database" in refusal(str(copy), "--replace")
    finally:
        server.close()
    assert Workspace.objects.exists()


@pytest.mark.parametrize("written", [0, 20_000])
def test_a_failed_load_on_postgresql_undoes_all(
    on_postgres: Any,
    workspace: Workspace,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: int,
) -> None:
    """`pg_restore` fails after so many bytes."""
    copy = write_backup(on_postgres, str(tmp_path / "copy"), keep=1)
    real = shutil.which("pg_restore")
    (tmp_path / "pg_restore").write_text(
        f'#!/bin/sh\ncase "$*" in *no-owner*) {real} "$@" | head -c {written}; exit 1;; esac\n'
        f'exec {real} "$@"\n'
    )
    (tmp_path / "pg_restore").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{postgres_tools.os.environ['PATH']}")
    assert "Nothing was restored" in refusal(str(copy), "--replace")
    assert Workspace.objects.get().name == "Main"


def test_a_damaged_database_is_put_aside(sqlite: Any, workspace: Workspace, tmp_path: Path) -> None:
    copy = write_backup(sqlite, str(tmp_path / "copy"), keep=1)
    sqlite.close()
    database = sqlite_file(sqlite)
    database.write_bytes(b"SQLite format 3\0" + bytes(90_000))
    assert "holds data already" in refusal(str(copy))
    run(str(copy), "--replace")
    assert Workspace.objects.get().name == "Main"
    assert len(list(database.parent.glob(f"{database.name}.before-*"))) == 1

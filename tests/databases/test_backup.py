"""A backup every night, while people write: complete, private, and never instead of a good one."""

import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from admin_ui.accounts.models import Workspace
from admin_ui.databases import postgres_tools, writing_backups
from admin_ui.databases.contents import NotDone
from admin_ui.databases.restoring import restore_database
from admin_ui.databases.sqlite_files import check_sqlite, copy_sqlite, sqlite_file
from admin_ui.databases.writing_backups import UNFINISHED, write_backup
from tests.crash.runs import ended
from tests.databases.conftest import everything

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def run(*args: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(*args, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_it_works_every_night_and_keeps_the_last(
    database: Any, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, nights = tmp_path / "nights", iter(range(10, 20))
    moment = writing_backups.timezone.now()
    monkeypatch.setattr(
        writing_backups.timezone,
        "now",
        lambda: moment.replace(year=2026, month=1, day=next(nights)),
    )
    printed = [run("backup", f"{folder}/", "--keep", "2")[0].strip() for _ in range(3)]
    assert names(folder) == [Path(one).name for one in printed[1:]]
    (folder / "assistants-by-hand.txt").touch()
    run("backup", str(folder), "--keep", "1")
    assert len(names(folder)) == 2, "another file stays"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_is_replaced_and_private(
    database: Any, workspace: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "copies" / "nightly"
    file.parent.mkdir()
    file.write_text("the night before")
    file.chmod(0o644)
    _out, err = run("backup", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert names(file.parent) == ["nightly"]
    assert "the setting SECRET_KEY" in err or "secret_key" in err
    assert django_settings.SECRET_KEY not in err
    assert django_settings.ENCRYPTION_KEYS[0] not in err
    run("backup", str(file))


def test_nobody_else_can_read_it_at_any_moment(
    database: Any, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[int] = set()
    fill = writing_backups._fill

    def look(connection: Any, draft: Path) -> None:
        seen.update(stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob(f"{UNFINISHED}*"))
        fill(connection, draft)
        seen.update(stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob(f"{UNFINISHED}*"))

    monkeypatch.setattr(writing_backups, "_fill", look)
    old = os.umask(0)
    try:
        write_backup(database, str(tmp_path / "copy"), keep=1)
    finally:
        os.umask(old)
    assert seen == {0o600}


def test_it_is_consistent_while_another_process_writes(
    sqlite: Any, workspace: Workspace, tmp_path: Path
) -> None:
    """Each transaction adds to two tables; a copy never holds one half."""
    path, stop = sqlite_file(sqlite), threading.Event()
    with closing(sqlite3.connect(path)) as first:
        first.executescript("CREATE TABLE a (n); CREATE TABLE b (n);")

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=20)) as writer:
            while not stop.is_set():
                with writer:
                    writer.execute("INSERT INTO a VALUES (randomblob(5000))")
                    writer.execute("INSERT INTO b VALUES (1)")

    writing = threading.Thread(target=write)
    writing.start()
    try:
        sizes = []
        for _ in range(5):
            copy = write_backup(sqlite, str(tmp_path / "copy"), keep=1)
            with closing(sqlite3.connect(copy)) as reader:
                counts = [reader.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in "ab"]
            assert counts[0] == counts[1]
            sizes.append(counts[0])
    finally:
        stop.set()
        writing.join()
    assert sizes[-1] > sizes[0]


def test_the_newest_changes_are_in_it(sqlite: Any, workspace: Workspace, tmp_path: Path) -> None:
    """They are in the write-ahead log only."""
    Workspace.objects.update(name="Newest")
    copy = write_backup(sqlite, str(tmp_path / "copy"), keep=1)
    with closing(sqlite3.connect(copy)) as reader:
        assert reader.execute("SELECT name FROM accounts_workspace").fetchall() == [("Newest",)]


def test_killed_in_the_middle_it_leaves_the_last_one_and_no_rubbish(
    sqlite: Any, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "nights"
    folder.mkdir()
    good = write_backup(sqlite, str(folder), keep=5)
    sqlite.close()

    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:5000])
        os.kill(os.getpid(), signal.SIGKILL)

    pid = os.fork()
    if not pid:
        writing_backups.copy_sqlite = half  # type: ignore[assignment]
        write_backup(sqlite, str(folder), keep=5)
        os._exit(0)
    assert ended(pid) == -signal.SIGKILL
    assert len(names(folder)) == 2
    check_sqlite(good)
    write_backup(sqlite, str(folder / "copy"), keep=5)
    assert names(folder) == [good.name, "copy"]


def test_a_full_disk_leaves_the_last_one(
    database: Any, workspace: Workspace, tmp_path: Path
) -> None:
    """The process may write 100 kB to a file, and no more."""
    file = tmp_path / "nights" / "copy"
    file.parent.mkdir()
    write_backup(database, str(file), keep=1)
    before = file.read_bytes()
    Workspace.objects.create(slug="big", name="Big")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, limits[1]))
    try:
        with pytest.raises(NotDone) as told:
            write_backup(database, str(file), keep=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(told.value)
    assert file.read_bytes() == before
    assert names(file.parent) == ["copy"]


def test_a_damaged_copy_does_not_replace_a_good_one(
    sqlite: Any, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = write_backup(sqlite, str(tmp_path / "copy"), keep=1)
    before = good.read_bytes()

    def spoilt(source: Path, target: Path) -> None:
        copy_sqlite(source, target)
        whole = bytearray(target.read_bytes())
        whole[8192:40_000] = bytes(40_000 - 8192)
        target.write_bytes(whole)

    monkeypatch.setattr(writing_backups, "copy_sqlite", spoilt)
    with pytest.raises(NotDone, match="The database is damaged"):
        write_backup(sqlite, str(good), keep=1)
    assert good.read_bytes() == before


def test_what_cannot_be_backed_up_is_refused(
    sqlite: Any, workspace: Workspace, tmp_path: Path
) -> None:
    path = sqlite_file(sqlite)
    for wrong in (path, f"{path}-wal"):
        with pytest.raises(CommandError, match="the database itself"):
            run("backup", str(wrong))
    with pytest.raises(CommandError, match="no such file or directory"):
        run("backup", str(tmp_path / "nowhere" / "copy"))
    for wrong in ("0", "-1", "many"):
        with pytest.raises(CommandError, match="1 or more"):
            run("backup", str(tmp_path), f"--keep={wrong}")
    sqlite.close()
    path.unlink()
    with pytest.raises(CommandError, match="There is no database file"):
        run("backup", str(tmp_path / "copy"))
    path.touch()  # as the settings do
    with pytest.raises(CommandError, match="nothing to back up"):
        run("backup", str(tmp_path / "copy"))


def test_without_its_programs_postgresql_says_what_to_install(
    on_postgres: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setenv("PATH", str(tmp_path))
        with pytest.raises(CommandError, match="apt-get install postgresql-client"):
            run("backup", str(tmp_path / "copy"))
    (tmp_path / "pg_dump").write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6'\n")
    (tmp_path / "pg_dump").chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(CommandError, match="pg_dump is version 9, and the server is PostgreSQL"):
        run("backup", str(tmp_path / "copy"))
    assert names(tmp_path) == ["pg_dump"]


def test_no_password_among_the_arguments(on_postgres: Any) -> None:
    on_postgres.settings_dict["PASSWORD"] = "hush"
    arguments, environment = postgres_tools.tool_arguments(on_postgres)
    assert "hush" not in " ".join(arguments)
    assert environment["PGPASSWORD"] == "hush"


def test_the_commands_of_django_refuse(db: None, tmp_path: Path) -> None:
    for command in (["dumpdata"], ["loaddata", str(tmp_path / "all.json")]):
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            check=False,
            cwd=django_settings.BASE_DIR,
            env={**os.environ, "DATA_DIR": str(tmp_path), "DATABASE_URL": "sqlite:///:memory:"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("CommandError: Nothing was")
        assert "move_database" in done.stderr


def test_all_of_it_comes_back(database: Any, filled: None, tmp_path: Path) -> None:
    before = everything()
    copy = write_backup(database, str(tmp_path / "copy"), keep=1)
    Workspace.objects.create(slug="later", name="Later")
    with pytest.raises(NotDone, match="holds data already"):
        restore_database(copy, replace=False)
    assert Workspace.objects.filter(slug="later").exists()
    _aside, faults = restore_database(copy, replace=True)
    assert faults == []
    assert everything() == before

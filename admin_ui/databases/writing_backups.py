"""Writing a backup: complete, checked and private before it gets its name."""

import fcntl
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from admin_ui.databases.contents import NotDone
from admin_ui.databases.postgres_tools import check_dump, dump
from admin_ui.databases.sqlite_files import check_sqlite, copy_sqlite, sqlite_file
from admin_ui.durable import write_out

UNFINISHED = ".assistants-backup-"
"""How the name of a file begins while it is written."""
ENDINGS = {"sqlite": ".sqlite3", "postgresql": ".dump"}
_DATED = re.compile(r"assistants-\d{4}-\d\d-\d\d-\d{6}(\.sqlite3|\.dump)")


def write_backup(connection: Any, where: str, *, keep: int) -> Path:
    """Back up the database while others use it, and return the file.

    In a folder, the file gets the time as its name, and the newest `keep` such files stay. A file
    is replaced at once when the new one is complete. Raises `NotDone`; then earlier files are as
    they were.
    """
    path = Path(where)
    is_folder = path.is_dir() or where.endswith(os.sep)
    ending = ENDINGS[connection.vendor]
    try:
        if is_folder:
            path.mkdir(mode=0o700, exist_ok=True)
            path /= f"assistants-{timezone.now():%Y-%m-%d-%H%M%S}{ending}"
        elif _is_in_use(connection, path):
            raise NotDone(f"{path} is the database itself. Name another file.")
        with _unfinished(path.parent) as draft:
            _fill(connection, draft)
            draft.replace(path)
            write_out(path.parent)
        if is_folder:
            _remove_old(path.parent, ending, keep)
    except OSError as error:
        raise NotDone(f"Cannot write {path}: {(error.strerror or str(error)).lower()}.") from error
    return path


def secrets_to_keep() -> list[str]:
    """Return where the keys are that a restored database needs, as words; never the keys."""
    found = []
    for name, value in (
        ("SECRET_KEY", settings.SECRET_KEY),
        ("ENCRYPTION_KEYS", ",".join(settings.ENCRYPTION_KEYS)),
        ("HISTORY_KEYS", ",".join(settings.HISTORY_KEYS)),
    ):
        file = settings.DATA_DIR / name.lower()
        with suppress(OSError):
            if file.read_text(encoding="utf-8").strip() == value:
                found.append(f"the file {file}")
                continue
        found.append(f"the setting {name}")
    return found


def _is_in_use(connection: Any, path: Path) -> bool:
    if connection.vendor != "sqlite":
        return False
    database = sqlite_file(connection)
    beside = {f"{database.name}{end}" for end in ("-wal", "-shm", "-journal")}
    if path.name in beside and path.parent.resolve() == database.parent.resolve():
        return True
    return path.exists() and path.samefile(database)


def _fill(connection: Any, draft: Path) -> None:
    """Write the database to `draft`, and read it again. Raises `NotDone`."""
    if connection.vendor == "sqlite":
        copy_sqlite(sqlite_file(connection), draft)
        applied = check_sqlite(draft)
    else:
        with draft.open("r+b") as file:
            dump(connection, file)
        applied = check_dump(draft)
    if not applied:
        raise NotDone(
            "There is nothing to back up: the database has no tables of the dashboard. Check"
            " DATA_DIR and DATABASE_URL."
        )
    with draft.open("r+b") as file:
        os.fsync(file.fileno())


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """Yield an empty file that only its owner may read; what is left of it is removed at the end.

    It is locked while it is written, so that the next run removes what a killed one left.
    """
    for left in folder.glob(f"{UNFINISHED}*"):
        with suppress(OSError), left.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()
    descriptor, name = tempfile.mkstemp(prefix=UNFINISHED, dir=folder)  # with mode 0600
    draft = Path(name)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield draft
    finally:
        for left in (
            draft,
            *(draft.with_name(f"{draft.name}-{end}") for end in ("wal", "shm", "journal")),
        ):
            left.unlink(missing_ok=True)
        os.close(descriptor)


def _remove_old(folder: Path, ending: str, keep: int) -> None:
    dated = [one for one in folder.iterdir() if _DATED.fullmatch(one.name) and one.suffix == ending]
    for old in sorted(dated)[:-keep]:
        old.unlink()

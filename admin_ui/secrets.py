"""Files that only their owner may read: generated secrets, and the database."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

OWNER_ONLY_MODE = 0o600
"""The mode of a file that only its owner may read."""


def writable_folder(path: Path) -> Path:
    """Return `path`, created if missing. Exits with one sentence when it is not writable."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(path, os.W_OK | os.X_OK):
            return path
        reason = "no permission to write there"
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
    sys.exit(f"Cannot use the data folder {path}: {reason}. Set DATA_DIR to a folder of your own.")


def marker_of(folder: Path) -> Path:
    """Return the file in a data folder that says that an installation exists there."""
    return folder / "installation"


def private_database(name: str, folder: Path) -> dict[str, str]:
    """Let only the owner read a SQLite database: its file, and those beside it.

    Creates the file if it is missing, unless `folder`, the data folder, says that an installation
    exists: then the database vanished. SQLite gives later files beside the database the same mode.
    Files of other users stay as they are. SQLite reports a missing folder.

    Returns options for the connection. With them SQLite never creates a file.
    """
    if ":memory:" in name or name.startswith("file:"):
        return {}
    if not marker_of(folder).exists():
        with suppress(OSError):
            os.close(os.open(name, os.O_RDWR | os.O_CREAT, OWNER_ONLY_MODE))
    for path in (name, f"{name}-wal", f"{name}-shm", f"{name}-journal"):
        with suppress(OSError):
            found = os.stat(path)
            if found.st_uid == os.geteuid() and found.st_mode & 0o077:
                os.chmod(path, OWNER_ONLY_MODE)
    return {"database": f"{Path(name).absolute().as_uri()}?mode=rw"}


def made_once(path: Path, make: Callable[[], str]) -> str:
    """Return the text of `path`; on the first run fill it from `make`, readable by its owner only.

    Safe when several processes start at once: the first to create the file wins. The file is
    linked into place complete, so nobody reads a half-written secret.
    """
    if not path.exists():
        writable_folder(path.parent)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY_MODE)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        return path.read_text(encoding="utf-8").strip()
    except PermissionError:
        sys.exit(f"Cannot read {path}: it belongs to another user. Give it to this one (chown).")

"""The setting DATABASES: how the dashboard connects to SQLite and to PostgreSQL."""

from pathlib import Path
from typing import Any

from admin_ui.secrets import private_database, writable_folder

POSTGRES_OPTIONS = "-c lock_timeout=15s -c jit=off"
"""A clear error is better than a page that waits forever for a lock. Compiling a statement takes
longer than any page may; PostgreSQL would do it for the few rows that it takes for many."""


def database_settings(address: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the parsed `address` with our options for its database.

    `folder` is the data folder. With SQLite it is created if missing, and so is the database
    file, unless the folder says that an installation exists. Exits with one sentence when the
    folder is not writable.
    """
    database = {**address, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    if database["ENGINE"].endswith("sqlite3"):
        writable_folder(folder)
        database["OPTIONS"] = {
            **private_database(database["NAME"], folder),
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
            " PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
            " PRAGMA journal_size_limit=16777216;",
        }
    else:
        database.setdefault("OPTIONS", {}).setdefault("options", POSTGRES_OPTIONS)
    return database


def at_file(database: dict[str, Any], path: Path) -> dict[str, Any]:
    """Return the settings of a SQLite `database` for the file `path`, which exists."""
    options = {**database["OPTIONS"], **private_database(str(path), path.parent)}
    return {**database, "NAME": str(path), "OPTIONS": options}

"""A database as the migrations make it: made once in a run, and copied wherever one is needed.

Applying all migrations takes five seconds of a processor, a copy next to none.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
FOLDER = "FOLDER_OF_TEST_RUN"
"""The environment variable that names a folder for all processes of this run."""


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="assistants-admin-tests-")


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    for made in run_folder().glob("*.url"):
        url = made.read_text()
        with server_of(url) as server:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name_of(url)))
    shutil.rmtree(run_folder())


def run_folder() -> Path:
    """Return the folder for what this run makes once; it is removed at the end of the run."""
    return Path(os.environ[FOLDER])


@contextmanager
def one_process() -> Iterator[None]:
    """Let other processes of this run wait."""
    with (run_folder() / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def put_migrated(data: Path) -> Path:
    """Put a migrated SQLite file into the data folder `data`, and return `data`.

    Call it where no first start is tested. A file that is there already stays.
    """
    data.mkdir(parents=True, exist_ok=True)
    if not (data / "db.sqlite3").exists():
        shutil.copy(migrated_file(), data / "db.sqlite3")
    return data


def migrated_file() -> Path:
    """Return the migrated SQLite file of this run. Copy it, and leave it as it is."""
    file = run_folder() / "db.sqlite3"
    with one_process():
        if not file.exists():
            draft = file.with_name("draft")
            _migrate(f"sqlite:///{draft}")
            draft.rename(file)
    return file


def migrated_template(url: str) -> str:
    """Return the name of a migrated PostgreSQL database beside that at `url`, a template."""
    run = run_folder().name.rpartition("-")[2]
    name = f"{urlsplit(url).path.lstrip('/')}_{run}"
    template = urlsplit(url)._replace(path=f"/{name}").geturl()
    made = run_folder() / f"{name}.url"
    with one_process():
        if not made.exists():
            with server_of(url) as server:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(name_of(template)))
                server.execute(sql.SQL("CREATE DATABASE {}").format(name_of(template)))
            made.write_text(template)
            _migrate(template)
    return name


def server_of(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Connect to the server of the database at `url`, to make and drop databases."""
    address = urlsplit(url)._replace(path="/postgres").geturl()
    return psycopg.connect(address, autocommit=True)


def name_of(url: str) -> sql.Identifier:
    return sql.Identifier(urlsplit(url).path.lstrip("/"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """Let the database of the tests be a copy."""
    test = connection.settings_dict["TEST"]
    if connection.vendor == "postgresql":
        test["TEMPLATE"] = migrated_template(os.environ["DATABASE_URL"])
        yield
        return
    file = Path(shutil.copy(migrated_file(), test["NAME"]))
    yield
    for made in file.parent.glob(f"{file.name}*"):
        made.unlink()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether the database is there already; PostgreSQL copies it on creation."""
    return connection.vendor == "sqlite"


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATA_DIR": str(run_folder() / "data"),
            "DATABASE_URL": url,
        },
        check=True,
    )

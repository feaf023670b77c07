"""Databases of their own: an SQLite file and a PostgreSQL database, whatever DATABASE_URL names."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.db.models import Model
from django.test.utils import override_settings
from environ import Env

from admin_ui.accounts.models import Workspace
from admin_ui.databases.connecting import database_settings
from admin_ui.databases.contents import as_default, stored_models
from assistants.models import Clearance, Revision
from assistants.services.approving.clearing import Pass, note_passed
from assistants.services.setup.first_start import create_workspace_with_registry
from tests.accounts.test_upgrade_rows import fill
from tests.conftest import Cast
from tests.migrated import migrated_template, put_migrated
from tests.pages.walk import prepare
from tests.services.conftest import Make, published
from tests.upstream import Upstream

__all__ = ["published"]
NO_SERVER = "postgres://postgres@127.0.0.1:5432/postgres"


@pytest.fixture
def own_databases(transactional_db: None) -> None:
    """For tests that do the same whatever DATABASE_URL names; `tests/chosen.py` looks for it."""


@pytest.fixture
def sqlite(own_databases: None, tmp_path: Path) -> Iterator[Any]:
    """A connection to an empty SQLite database, as the default one."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    path = put_migrated(data) / "db.sqlite3"
    with as_default(of_file(path)) as connection, override_settings(DATA_DIR=data):
        yield connection


def of_file(path: Path) -> dict[str, Any]:
    return database_settings(Env.db_url_config(f"sqlite:///{path}"), path.parent)


def postgres_url() -> str:
    """The address of a server on which databases may be created."""
    return os.environ.get("POSTGRES_URL") or os.environ.get("DATABASE_URL") or NO_SERVER


@pytest.fixture
def bare_postgres(own_databases: None) -> Iterator[dict[str, Any]]:
    """An entry of DATABASES that names a PostgreSQL database without tables."""
    with made_on_postgres(migrated=False) as entry:
        yield entry


@pytest.fixture
def postgres(own_databases: None) -> Iterator[dict[str, Any]]:
    """An entry of DATABASES that names a PostgreSQL database of this release without data."""
    with made_on_postgres(migrated=True) as entry:
        yield entry


@contextmanager
def made_on_postgres(*, migrated: bool) -> Iterator[dict[str, Any]]:
    address = database_settings(Env.db_url_config(postgres_url()), settings.DATA_DIR)
    name = f"assistants_backup_{os.getpid()}"
    where = {"host": address["HOST"], "port": address["PORT"] or 5432, "user": address["USER"]}
    login = {**where, "password": address["PASSWORD"] or None, "dbname": "postgres"}
    try:
        server = psycopg.connect(**login, autocommit=True)
    except psycopg.OperationalError as error:
        leave_out = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave_out(f"PostgreSQL does not answer at {address['HOST']}: {error}")
    with server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        template = migrated_template(postgres_url()) if migrated else "template1"
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield {**address, "NAME": name}
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def on_postgres(postgres: dict[str, Any]) -> Iterator[Any]:
    """A connection to an empty PostgreSQL database of this release, as the default one."""
    with as_default(postgres) as connection:
        yield connection


@pytest.fixture(params=["sqlite", "on_postgres"])
def database(own_databases: None, request: pytest.FixtureRequest) -> Any:
    """The same test on an own database of either kind."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def workspace(request: pytest.FixtureRequest) -> Workspace:
    """The workspace of the cast, in the own database rather than in that of the tests."""
    own = {"sqlite", "database", "on_postgres"} & set(request.fixturenames)
    request.getfixturevalue(own.pop())
    return create_workspace_with_registry(slug="main", name="Main")


@pytest.fixture
def filled(cast: Cast, connection_to: Any, remote: Upstream, published: Make) -> None:
    """Rows in every table, most of them as people make them."""
    prepare(cast, connection_to, remote, published)
    if not Clearance.objects.exists():  # one whose digest is right
        note_passed(Revision.objects.order_by("pk")[0], Pass(Clearance.Kind.NOT_NEEDED))
    first = {model: model._default_manager.first() for model in stored_models()}
    made = {model: row for model, row in first.items() if row}
    for model in first:
        fill(model, made)
    for model in stored_models():
        assert model._default_manager.exists(), model


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of the default database."""
    return {model._meta.db_table: rows_of(model) for model in stored_models()}


def rows_of(model: type[Model]) -> list[dict[str, Any]]:
    names = [field.attname for field in model._meta.local_concrete_fields]
    return [
        {
            name: bytes(value) if isinstance(value, memoryview) else value
            for name, value in row.items()
        }
        for row in model._default_manager.order_by("pk").values(*names)
    ]


def default() -> Any:
    return connections["default"]

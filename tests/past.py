"""The database of a test as earlier code left it: made once in a run, and copied into place.

Undoing later migrations and applying them again takes half a minute of a processor.
"""

import gc
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from tests.migrated import (
    migrated_file,
    migrated_template,
    name_of,
    one_process,
    run_folder,
    server_of,
)

Targets = list[tuple[str, str | None]]
"""The newest migration of some apps, or that an app has none, as Django's executor takes them."""


def migrate(targets: Targets) -> Any:
    """Migrate forwards or backwards; return the models that there are then."""
    _migrate(targets)
    there = [target for target in targets if target[1]]
    return MigrationExecutor(connection).loader.project_state(there).apps


def newest() -> Targets:
    """Return the newest migration of every app."""
    return list(MigrationExecutor(connection).loader.graph.leaf_nodes())


@contextmanager
def as_it_was(targets: Targets) -> Iterator[Any]:
    """Empty the database and undo what came after `targets`, until the block ends.

    Other apps keep all migrations but those that need a later one. Yields the models of then.
    """
    name = hashlib.sha256(repr(targets).encode()).hexdigest()[:12]
    try:
        with one_process():
            if not (_copy_of_sqlite if connection.vendor == "sqlite" else _copy_of_postgres)(name):
                _migrate(_ends(targets))
                _keep(name)
        there = [target for target in targets if target[1]]
        yield MigrationExecutor(connection).loader.project_state(there).apps
    finally:
        if connection.vendor == "sqlite":
            _put_file(migrated_file())
        else:
            _put_database(migrated_template(os.environ["DATABASE_URL"]))


def _migrate(targets: Targets) -> None:
    gc.disable()  # so many models are made on the way that looking for garbage takes a quarter
    try:
        MigrationExecutor(connection).migrate(targets)
    finally:
        gc.enable()


def _ends(targets: Targets) -> Targets:
    """Return the migrations that no other one needs, once those after `targets` are undone."""
    graph = MigrationExecutor(connection).loader.graph
    undone: set[Any] = set()
    for app, name in targets:
        later = graph.node_map[app, name].children if name else graph.root_nodes(app)
        for first in {getattr(node, "key", node) for node in later}:
            undone.update(graph.backwards_plan(first) if first[0] == app else ())
    kept = graph.nodes.keys() - undone
    return [key for key in kept if not {node.key for node in graph.node_map[key].children} & kept]


def _copy_of_sqlite(name: str) -> bool:
    """Put the kept file into place, or an empty one; return whether there was one."""
    kept = _kept_file(name)
    _put_file(kept if kept.exists() else None)
    return kept.exists()


def _copy_of_postgres(name: str) -> bool:
    """Do the same with databases."""
    kept = run_folder() / f"{name}.url"
    _put_database(urlsplit(kept.read_text()).path[1:] if kept.exists() else "template1")
    return kept.exists()


def _keep(name: str) -> None:
    """Keep a copy of what is in place for the rest of the run."""
    connection.close()
    if connection.vendor == "sqlite":
        draft = shutil.copy(connection.settings_dict["NAME"], _kept_file("draft"))
        draft.rename(_kept_file(name))
        return
    url = urlsplit(os.environ["DATABASE_URL"])
    kept = url._replace(path=f"{url.path}_{run_folder().name[-8:].lower()}_{name}").geturl()
    _create(kept, connection.settings_dict["NAME"])
    (run_folder() / f"{name}.url").write_text(kept)  # so it is dropped at the end of the run


def _kept_file(name: str) -> Path:
    return run_folder() / f"{name}.sqlite3"


def _put_file(kept: Path | None) -> None:
    """Put a copy of an SQLite file, or none, in place of the database of the tests.

    It is another file even to who still has the former one open.
    """
    connection.close()
    place = Path(connection.settings_dict["NAME"])
    for former in place.parent.glob(f"{place.name}*"):
        former.unlink()
    if kept is not None:
        shutil.copy(kept, place)


def _put_database(template: str) -> None:
    """Make the PostgreSQL database of the tests anew from another one."""
    connection.close()
    url = urlsplit(os.environ["DATABASE_URL"])
    _create(url._replace(path=f"/{connection.settings_dict['NAME']}").geturl(), template)


def _create(url: str, template: str) -> None:
    with server_of(url) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name_of(url)))
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(made.format(name_of(url), sql.Identifier(template)))

"""A database of our own with made-up assistants. The product's `data` folder is never touched."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

SLUG = "bench"
NEWCOMER = "newcomer@example.org"
"""Somebody who has not changed anything."""


@contextmanager
def own_database(url: str, settings: str = "bench.settings") -> Iterator[None]:
    """Point `settings` at a temporary SQLite database, or at `url`, and set Django up.

    A PostgreSQL database is dropped and made anew, so its name must contain "bench".
    """
    with tempfile.TemporaryDirectory(prefix="assistants-admin-bench-") as folder:
        if url:
            remake(url)
        os.environ.update(
            DATA_DIR=folder,
            DATABASE_URL=url or f"sqlite:///{folder}/db.sqlite3",
            DJANGO_SETTINGS_MODULE=settings,
            LOG_LEVEL=os.environ.get("LOG_LEVEL", "WARNING"),
        )
        import django

        django.setup()
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()


def remake(url: str) -> None:
    import psycopg
    from psycopg import sql

    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    if "bench" not in name:
        raise SystemExit(f'The database {name!r} would be dropped: name it with "bench" in it.')
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def fill(*, assistants: int, revisions: int) -> float:
    """Migrate, make two people, a workspace and a second connection, and seed the workspace.

    Returns the seconds seeding took.
    """
    from django.core.management import call_command

    from admin_ui.accounts.services import save_account
    from assistants.gateway import Endpoint
    from assistants.models import Connection
    from assistants.services.connections.saving import write_connection
    from assistants.services.setup.first_start import create_workspace_with_registry

    call_command("migrate", verbosity=0)
    save_account(email="owner@example.org", name="Olga Owner", is_owner=True)
    save_account(email=NEWCOMER, name="Ned Newcomer")
    workspace = create_workspace_with_registry(slug=SLUG, name="Bench")
    write_connection(
        Connection(workspace=workspace),
        name="Without assistants",
        endpoint=Endpoint("openai", "https://gateway.example.org/v1", {"api_key": "sk-bench"}),
        is_default=False,
    )
    start = time.perf_counter()
    added = call_command_json(
        "seed_demo", workspace=SLUG, assistants=assistants, revisions=revisions, big=True
    )
    if added != {"assistants": assistants, "revisions": revisions}:
        raise RuntimeError(f"seeding added {added}")
    return time.perf_counter() - start


def call_command_json(name: str, **options: object) -> object:
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    call_command(name, stdout=out, **options)
    return json.loads(out.getvalue())

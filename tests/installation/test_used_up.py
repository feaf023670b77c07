"""When PostgreSQL has no connections left, pages say so, and work again without a restart."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tests.installation.served import ROOT, Person, Place, own_database

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(
        settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
        reason="SQLite has no connections to use up",
    ),
]
MOST = 8
ROLE = sql.Identifier(f"assistants_plain_{os.getpid()}")


@pytest.fixture
def urls() -> Iterator[tuple[str, str]]:
    """A database that takes `MOST` connections: its address for us, and for a bound role."""
    with own_database("used_up") as own:
        parts = urlsplit(own)
        name = sql.Identifier(parts.path[1:])
        limit = sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}").format(name, sql.Literal(MOST))
        with psycopg.connect(own, autocommit=True) as server:
            server.execute(limit)
            is_super = server.execute("SHOW is_superuser").fetchone() == ("on",)
            if is_super:  # no limit binds it
                server.execute(sql.SQL("CREATE ROLE {} LOGIN").format(ROLE))
                server.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, ROLE))
        plain = f"{ROLE.as_string()[1:-1]}@{parts.hostname}:{parts.port or 5432}"
        yield own, parts._replace(netloc=plain).geturl() if is_super else own
    if is_super:
        with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as server:
            server.execute(sql.SQL("DROP ROLE {}").format(ROLE))


def test_pages_say_so_and_recover(tmp_path: Path, urls: tuple[str, str]) -> None:
    own, url = urls
    place = Place(ROOT, tmp_path / "data", url)
    with place.serving():
        place.add("Emil", "editor")
        emil = Person(place, "Emil")
        assert emil.autosave(1, instructions="Before").headers["X-Kept"] == "true"
        key = place.manage("create_api_key", "main", "--name=App").split()[-1]
        form = emil.form("/w/main/assistants/1/edit/")
        typed = {**form, "instructions": "Meanwhile", "action": "keep"}
        background = {"X-Background": "keep", "HX-Request": "true"}
        holders = use_up(own, place.url)
        for path in ("/accounts/login/", "/w/main/", "/w/main/assistants/1/edit/", "/healthz"):
            answer = emil.get(path)
            assert (answer.status_code, bool(answer.headers["Retry-After"])) == (503, True), path
        answer = emil.post("/w/main/assistants/1/edit/", typed, **background)
        assert (answer.status_code, answer.headers.get("X-Kept")) == (503, None)
        answer = emil.client.get("/v1/assistants", headers={"Authorization": f"Bearer {key}"})
        assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
        for holder in holders:
            holder.close()
        assert emil.get("/healthz").json() == {"status": "ok"}
        kept = emil.form("/w/main/assistants/1/edit/")
        assert kept["instructions"] == "Before", "nothing was said to be saved meanwhile"
        answer = emil.autosave(1, instructions="After")
        assert answer.headers["X-Kept"] == "true"
        assert emil.form("/w/main/assistants/1/edit/")["instructions"] == "After"
    place.manage("verify_history")


def use_up(own: str, url: str) -> list[psycopg.Connection]:
    """End the server's connections, and take all that there are."""
    with psycopg.connect(own, autocommit=True) as ender:
        ender.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    found: list[psycopg.Connection] = []
    while True:
        try:
            found.append(psycopg.connect(url))
        except psycopg.OperationalError:
            return found

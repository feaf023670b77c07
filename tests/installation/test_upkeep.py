"""SQLite's log shrinks after a long reader, and its statistics follow what is stored."""

import sqlite3
import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from admin_ui.accounts.models import User
from admin_ui.installation.upkeep import refresh_statistics, truncate_wal

MEGABYTE = 1024 * 1024
pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"),
        reason="PostgreSQL keeps its own log short",
    ),
]


@pytest.fixture
def wal() -> Path:
    """The log of a database on which 100 MB were written while somebody read."""
    path = connection.settings_dict["NAME"]
    reader = sqlite3.connect(path, isolation_level=None)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("CREATE TABLE wal_filling (page BLOB)")
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM wal_filling").fetchall()
        for _ in range(26):
            cursor.execute("INSERT INTO wal_filling VALUES (randomblob(4 * 1024 * 1024))")
            cursor.execute("DELETE FROM wal_filling")
        found = Path(f"{path}-wal")
        assert found.stat().st_size > 100 * MEGABYTE
        assert not truncate_wal(), "somebody reads"
        assert found.stat().st_size > 100 * MEGABYTE
        reader.close()
        yield found
        cursor.execute("DROP TABLE wal_filling")


def test_a_call_empties_it(wal: Path) -> None:
    assert truncate_wal()
    assert wal.stat().st_size == 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone()[0] == 20_000, "others wait as long as before"


def test_two_writes_shrink_it_without_a_call(wal: Path) -> None:
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute("INSERT INTO wal_filling VALUES (zeroblob(10))")
    assert wal.stat().st_size <= 16 * MEGABYTE


def test_a_call_does_not_wait_for_a_writer(wal: Path) -> None:
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    done = threading.Event()
    results: list[bool] = []

    def call() -> None:
        results.append(truncate_wal())
        connection.close()
        done.set()

    threading.Thread(target=call).start()
    assert done.wait(10), "usual writes wait for 20 seconds"
    assert results == [False]
    writer.execute("ROLLBACK")
    writer.close()


def entries_counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = 'accounts_user'"
        )
        return cursor.fetchone()[0] or 0


def number_from_one() -> None:
    """Let new users begin at key 1 again, however many the tests before this one have made."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = 'accounts_user'")


def people(count: int) -> None:
    there = User.objects.count()
    User.objects.bulk_create(User(email=f"{there + n}@example.org") for n in range(count))


def test_statistics_follow_a_table_that_has_grown() -> None:
    number_from_one()
    people(10)
    refresh_statistics()
    assert entries_counted() == 10
    people(200)
    refresh_statistics(User)
    assert entries_counted() == 10, "a little more changes no plan"
    people(1000)
    refresh_statistics(User)
    assert entries_counted() == 1210

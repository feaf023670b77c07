"""What `/healthz` says: ok, ok with warnings, or down with the reason and when to ask again."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import InternalError, OperationalError, connection
from django.test import Client
from psycopg.errors import ReadOnlySqlTransaction

from admin_ui.installation import health, warning
from admin_ui.installation.models import Release
from assistants import triggers
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nothing_is_known() -> Iterator[None]:
    health.LAST_CHECK.forget()
    yield
    health.LAST_CHECK.forget()


def ask() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/healthz")
    assert (answer.status_code == 503) == ("Retry-After" in answer)
    return answer.status_code, answer.json()


class Failing:
    """Lets statements that begin with `word` fail with an error of the database's library."""

    def __init__(self, word: str, error: type[Exception], cause: Exception) -> None:
        self.word, self.error, self.cause = word, error, cause

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(self.word):
            raise self.error("sk-secret") from self.cause
        return execute(sql, params, many, context)


def sqlite(code: int) -> Exception:
    cause = Exception()
    cause.sqlite_errorcode = code  # type: ignore[attr-defined]
    return cause


@pytest.mark.parametrize(
    ("error", "cause", "reason"),
    [
        (OperationalError, sqlite(13), "its disk is full"),
        (OperationalError, sqlite(8 | 1 << 8), "it is read-only"),
        (InternalError, ReadOnlySqlTransaction(), "it is read-only"),
        (OperationalError, sqlite(10), "the log says why"),
    ],
)
def test_it_says_why_nothing_can_be_written(
    error: type[Exception], cause: Exception, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with connection.execute_wrapper(Failing("INSERT", error, cause)):
        assert ask() == (503, {"status": f"cannot write to the database: {reason}"})
    assert "sk-secret" in caplog.text, "the log has the details"
    assert ask()[0] == 503, "it does not try on each request"
    health.LAST_CHECK.forget()
    assert ask() == (200, {"status": "ok"})


@pytest.fixture
def _read_only() -> Iterator[None]:
    """The database takes no writes, as a full quota or a standby would have it."""
    name = "default_transaction_read_only" if connection.vendor == "postgresql" else "query_only"
    set_to = ("SET {} = {}" if connection.vendor == "postgresql" else "PRAGMA {} = {}").format
    with connection.cursor() as cursor:
        cursor.execute(set_to(name, "on"))
        yield
        cursor.execute(set_to(name, "off"))


@pytest.mark.usefixtures("_read_only")
def test_a_read_only_database_is_named() -> None:
    reason = "cannot write to the database: it is read-only"
    assert ask() == (503, {"status": reason})


def test_a_page_that_cannot_write_asks_to_try_again(
    cast: Cast, request: pytest.FixtureRequest
) -> None:
    client = cast.client("admin")
    client.raise_request_exception = False
    request.getfixturevalue("_read_only")
    answer = client.post("/accounts/logout/")
    assert (answer.status_code, "Retry-After" in answer) == (503, True)


def test_it_writes_at_most_every_few_seconds() -> None:
    assert ask() == (200, {"status": "ok"})
    first = Release.objects.get().written_at
    assert first
    ask()
    assert Release.objects.get().written_at == first
    health.LAST_CHECK.forget()
    ask()
    assert Release.objects.get().written_at > first


def test_somebody_who_writes_for_a_moment_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_SECONDS", 0.0)
    with connection.execute_wrapper(Failing("INSERT", OperationalError, sqlite(5))):
        assert ask() == (200, {"status": "ok"})
        monkeypatch.setattr(health, "MOST_BUSY_SECONDS", 0.0)
        status, said = ask()
    assert status == 503
    assert "another program holds its lock" in said["status"]
    assert ask() == (200, {"status": "ok"})


def test_warnings_of_others_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warning, "WARNINGS", [])

    @warning.warns
    def no_worker() -> list[str]:
        return ["No worker runs."]

    @warning.warns
    def broken() -> list[str]:
        raise OperationalError

    assert ask() == (200, {"status": "ok", "warnings": ["No worker runs."]})


def test_it_warns_of_little_space(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LOW_SPACE_MEGABYTES", 1024**3)
    status, said = ask()
    assert status == 200
    expected = 1 if connection.vendor == "sqlite" else 0
    assert len(said.get("warnings", ())) == expected


def test_it_warns_of_a_newer_database(caplog: pytest.LogCaptureFixture) -> None:
    Release(number=99, oldest_number=1).save()
    assert ask() == (
        200,
        {
            "status": "ok",
            "warnings": ["A newer release has migrated the database: update this server."],
        },
    )
    Release.objects.update(oldest_number=99, oldest_version="9.8")
    health.LAST_CHECK.forget()
    status, said = ask()
    assert (status, said["status"]) == (
        503,
        "this release cannot run with the newer database: the log says why",
    )
    assert "needs 9.8 or newer" in caplog.text


def test_it_says_that_the_database_is_not_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "missing_migrations", lambda _connection: ["assistants.0099_x"])
    assert ask() == (503, {"status": "the database is not migrated: run migrate"})


def test_it_says_that_history_is_not_append_only(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    triggers.remove(connection)
    try:
        assert ask() == (503, {"status": "history is not append-only: run migrate"})
    finally:
        triggers.install(connection)

"""A workspace with some history, changed by SQL behind the triggers."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from assistants import triggers
from assistants.models import Assistant
from assistants.services.connections.client import registry_of
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.services.conftest import fresh, published  # noqa: F401

Grow = Callable[..., Assistant]


@pytest.fixture
def grow(cast: Cast, published: Any) -> Grow:  # noqa: F811
    """Publish an assistant, or let it grow by as many versions as asked for."""

    def make(assistant: Assistant | None = None, versions: int = 1) -> Assistant:
        if assistant is None:
            assistant = published(registry_of(cast.workspace), instructions="long " * 1000)
            versions -= 1
        for _each in range(versions):
            assistant = fresh(assistant)
            wanted = live_definition(assistant).replace(
                instructions=f"Version {assistant.last_number + 1}. " * 100
            )
            publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
        return fresh(assistant)

    return make


def verified(*args: str) -> list[str]:
    """Run `verify_history`; returns the problems, and checks that the exit code agrees."""
    out, code = StringIO(), 0
    try:
        call_command("verify_history", *args, stdout=out)
    except SystemExit as stopped:
        code = int(str(stopped.code))
    found: list[str] = json.loads(out.getvalue())["problems"]
    assert code == bool(found)
    return found


@contextmanager
def tampering() -> Iterator[Callable[..., None]]:
    """Give a way to run SQL without any trigger or foreign key."""
    is_postgresql = connection.vendor == "postgresql"
    triggers.remove(connection)
    with connection.cursor() as cursor:
        off = "SET session_replication_role = replica" if is_postgresql else FOREIGN_KEYS.format(0)
        cursor.execute(off)

        def run(statement: str, *values: Any) -> None:
            cursor.execute(statement, values)

        yield run
        cursor.execute(
            "RESET session_replication_role" if is_postgresql else FOREIGN_KEYS.format(1)
        )
    triggers.install(connection)


FOREIGN_KEYS = "PRAGMA foreign_keys = {}"

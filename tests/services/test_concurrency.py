"""Several writers at once, each on a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from assistants.models import Assistant, Connection, Revision
from assistants.services.connections.client import registry_of
from assistants.services.errors import Conflict
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WRITERS = 8


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def at_once(work: Callable[[int], Any], writers: int = WRITERS) -> list[Any]:
    """Run `work(0)` … `work(n-1)` in threads that start together; return results or exceptions."""
    barrier = Barrier(writers)

    def run(number: int) -> Any:
        try:
            barrier.wait(10)
            return work(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(writers) as pool:
        return list(pool.map(run, range(writers)))


def test_of_writers_with_the_same_base_exactly_one_goes_first(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)

    def write(number: int) -> str:
        wanted = live_definition(assistant).replace(instructions=f"Writer {number}")
        return publish(
            author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live
        ).status

    results = at_once(write)
    assert results.count("applied") == 1
    assert sum(isinstance(result, Conflict) for result in results) == WRITERS - 1
    after = fresh(assistant)
    assert after.slot is None
    held = remote.assistants[str(assistant.remote_id)]["instructions"]
    assert live_definition(after).value("instructions") == held
    assert Revision.objects.filter(assistant=assistant, kind="outside").count() == 0


@pytest.mark.parametrize("shared", [1, WRITERS])
def test_writers_who_look_again_all_get_through(cast: Cast, published: Make, shared: int) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    assistants = [published(registry, name=f"Assistant {number}") for number in range(shared)]

    def write(number: int) -> int:
        assistant, done = assistants[number % shared], 0
        while done < 3:
            current = fresh(assistant)
            wanted = live_definition(current).replace(instructions=f"{number} wrote {done}")
            try:
                publish(author=cast.publisher, assistant=current, wanted=wanted, base=current.live)
            except Conflict:
                continue
            done += 1
        return done

    assert at_once(write) == [3] * WRITERS
    edits = Revision.objects.filter(kind="edit")
    texts = {str(row.definition.value("instructions")) for row in edits}
    assert texts >= {f"{number} wrote {done}" for number in range(WRITERS) for done in range(3)}
    for assistant in assistants:
        after = fresh(assistant)
        assert after.slot is None
        assert list(verify(assistant=after)) == []
        versions = [
            outcome.version
            for row in after.revisions.order_by("number")
            for outcome in row.outcomes.filter(status="applied")
        ]
        assert versions == list(range(1, len(versions) + 1))

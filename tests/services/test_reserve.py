"""A write that gets no answer leaves time for finding out what it did."""

from collections.abc import Callable
from typing import Any

import pytest

from assistants.models import Assistant, Connection
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from tests.conftest import Cast
from tests.services.conftest import Make
from tests.upstream import FaultSpec, Upstream

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ACTS: dict[str, tuple[str, Callable[[Cast, Assistant], Any]]] = {
    "publish": (
        "POST",
        lambda cast, row: publish(
            author=cast.publisher,
            assistant=row,
            wanted=live_definition(row).replace(model="gpt-5.2"),
            base=row.live,
        ),
    ),
    "delete": ("DELETE", lambda cast, row: delete_assistant(author=cast.publisher, assistant=row)),
    "recreate": (
        "POST",
        lambda cast, row: recreate_assistant(author=cast.publisher, assistant=row),
    ),
}


@pytest.mark.parametrize("how", ACTS)
def test_what_a_hanging_write_did_is_read_before_the_time_is_up(
    cast: Cast,
    connection_to: Connection,
    published: Make,
    remote: Upstream,
    settings: Any,
    how: str,
) -> None:
    """The write may hang as long as it likes: a quarter of the deadline is left."""
    assistant = published(connection_to)
    if how == "recreate":
        delete_assistant(author=cast.publisher, assistant=assistant)
        assistant = Assistant.objects.select_related("connection", "live", "slot").get()
    settings.GATEWAY_READ_TIMEOUT = 60.0
    settings.GATEWAY_PUBLISH_DEADLINE = 8.0
    method, act = ACTS[how]
    remote.fail_next(method, FaultSpec(applied=True, hang=20.0))
    result = act(cast, assistant)
    assert (result.status, result.outcome.error) == ("applied", "")

"""Short ways to a published assistant, over a real loopback remote."""

from collections.abc import Callable
from typing import Any

import pytest

from assistants.definition import Definition
from assistants.models import Assistant, Connection
from assistants.services.editing.drafts import new_assistant
from assistants.services.publishing.publish import publish
from assistants.services.syncing import jobs
from tests.conftest import Cast

START: dict[str, Any] = {
    "name": "Support",
    "description": "Answers customers.",
    "model": "gpt-4o",
    "instructions": "Be kind.\nBe brief.",
    "tools": [{"type": "code_interpreter"}],
    "metadata": {"team": "support"},
    "temperature": 0.5,
}

Make = Callable[..., Assistant]


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


@pytest.fixture
def published(cast: Cast) -> Make:
    """Publish a new assistant on a connection, with fields other than the usual ones if given."""

    def make(connection: Connection, **fields: Any) -> Assistant:
        wanted = Definition.parse({**START, **fields})
        assistant = new_assistant(author=cast.publisher, connection=connection, definition=wanted)
        result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=None)
        assert result.status == "applied"
        return fresh(assistant)

    return make


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten assistants a page, so that a few of them make several pages."""
    monkeypatch.setattr(jobs, "LISTED_AT_ONCE", 10)

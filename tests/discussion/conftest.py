"""A change request of the editor about an assistant's instructions, and its rounds."""

from collections.abc import Callable

import pytest

from admin_ui.accounts.models import Member
from assistants.diff.following.anchors import LineRange
from assistants.models import Assistant, ChangeRequest, ThreadStep
from assistants.services.change_requests.submitting import submit
from assistants.services.change_requests.talking import begin_thread
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import draft_of, save_draft
from tests.conftest import Cast
from tests.services import conftest
from tests.services.conftest import Make

published = conftest.published
TEXT = "\n".join(
    [
        "# Refunds",
        "Refund every order within thirty days.",
        "Ask for the number of the order first.",
        "Be kind.",
        "# Tone",
        "Answer in the language of the customer.",
        "Be kind.",
    ]
)
"""The instructions of the first round."""
Suggest = Callable[..., ThreadStep]


@pytest.fixture
def assistant(cast: Cast, published: Make) -> Assistant:
    registry = registry_of(cast.workspace)
    assert registry
    return published(registry, instructions="# Refunds\nNone.")


def send_round(author: Member, assistant: Assistant, instructions: str) -> ChangeRequest:
    """Send a round with these instructions; the draft of the author says the same."""
    live = assistant.live
    assert live
    wanted = live.definition.replace(instructions=instructions)
    draft = save_draft(author=author, assistant=assistant, definition=wanted, base=live)
    return submit(author=author, assistant=assistant, seen=draft.known_digest, title="Thirty days")


@pytest.fixture
def request_of_emil(cast: Cast, assistant: Assistant) -> ChangeRequest:
    """Its author is the editor; the first round has `TEXT`."""
    return send_round(cast.editor, assistant, TEXT)


@pytest.fixture
def suggest(cast: Cast, request_of_emil: ChangeRequest) -> Suggest:
    """Suggest a replacement for lines of the first round, as the viewer if nobody else."""

    def act(first: int, last: int, replacement: str, author: Member | None = None) -> ThreadStep:
        return begin_thread(
            author=author or cast.viewer,
            request=request_of_emil,
            of=request_of_emil.rounds.get(number=1),
            field="instructions",
            lines=LineRange(first, last),
            text="",
            replacement=replacement,
        )

    return act


def draft_text(cast: Cast, assistant: Assistant) -> str:
    draft = draft_of(user=cast.editor.user, assistant=assistant)
    assert draft
    return str(draft.definition.value("instructions"))

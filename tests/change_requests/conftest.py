"""A workspace in which one publisher or admin must approve every change."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Role
from assistants.approval.rules import Policy, Rule
from assistants.definition import Definition
from assistants.models import Assistant, ChangeRequest, Connection
from assistants.services.approving.changing import set_policy
from assistants.services.change_requests.submitting import submit
from assistants.services.change_requests.timing import Timing
from assistants.services.editing.drafts import draft_of, save_draft
from assistants.services.editing.drafts import new_assistant as begin
from assistants.services.publishing.publish import publish
from tests.conftest import Cast
from tests.factories import make_member, make_user
from tests.services.conftest import START, fresh

ONE = Policy((Rule(1, role="publisher"),))
Clock = Callable[[timedelta], None]


@pytest.fixture
def registry(cast: Cast) -> Connection:
    return Connection.objects.get(workspace=cast.workspace, profile="registry")


@pytest.fixture
def live(cast: Cast, registry: Connection) -> Assistant:
    """An assistant that is live on the registry."""
    wanted = Definition.parse(START)
    assistant = begin(author=cast.publisher, connection=registry, definition=wanted)
    result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=None)
    assert result.status == "applied"
    return fresh(assistant)


@pytest.fixture
def needs_one(cast: Cast) -> None:
    set_policy(actor=cast.admin, policy=ONE)


@pytest.fixture
def second_publisher(cast: Cast) -> Member:
    user = make_user("paul@example.com", name="Paul")
    return make_member(cast.workspace, Role.PUBLISHER, user=user)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Move the clock of what is scheduled by some time."""
    begun, shift = timezone.now, [timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: begun() + shift[0])

    def move(by: timedelta) -> None:
        shift[0] += by

    return move


def draft(author: Member, assistant: Assistant, **fields: Any) -> str:
    """Save a draft that changes `fields` of what is live; returns its digest."""
    assistant = fresh(assistant)
    base = assistant.live
    old = base.definition if base else Definition.parse(START)
    wanted = old.replace(**fields)
    saved = save_draft(author=author, assistant=assistant, definition=wanted, base=base)
    return saved.known_digest


def submitted(
    author: Member,
    assistant: Assistant,
    *,
    when: str = "by_hand",
    timing: Timing | None = None,
    reviewers: tuple[int, ...] = (),
    **fields: Any,
) -> ChangeRequest:
    """Submit a draft that changes `fields`, the temperature unless given."""
    seen = draft(author, assistant, **(fields or {"temperature": 0.9}))
    return submit(
        author=author,
        assistant=assistant,
        seen=seen,
        title="Summer wording",
        note="Because of summer.",
        reviewers=reviewers,
        timing=timing or Timing(when),
    )


def wanted_by(author: Member, assistant: Assistant) -> Definition:
    found = draft_of(user=author.user, assistant=assistant)
    assert found is not None
    return found.definition

"""Nothing holds the documents of a store that no assistant uses, or is about to use."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.audit.models import AuditEvent
from assistants.approval.flow import Move
from assistants.approval.rules import Policy, Rule
from assistants.definition import Definition
from assistants.gateway import Endpoint
from assistants.models import (
    Assistant,
    ChangeRequest,
    Clearance,
    Connection,
    Schedule,
    StoreChange,
)
from assistants.models.text import Text
from assistants.services.approving.changing import set_policy
from assistants.services.change_requests.deciding import decide
from assistants.services.change_requests.publishing import bring_back_after, publish_request
from assistants.services.change_requests.submitting import submit
from assistants.services.change_requests.timing import Timing
from assistants.services.connections.saving import write_connection
from assistants.services.editing.drafts import new_assistant
from assistants.services.errors import Frozen, NeedsApproval
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from tests.change_requests.conftest import draft, submitted
from tests.conftest import Cast
from tests.documents.conftest import USES
from tests.documents.test_approvals import ACTS, by_freeze, by_policy, change
from tests.documents.test_pages import get, root
from tests.factories import make_member, make_workspace
from tests.services.conftest import START, Make, fresh
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)
LONG = {"code_interpreter": {"file_ids": [f"file-{number:0100d}" for number in range(12)]}}
"""Knowledge so long that a definition is stored without it."""


class Scene:
    """What the steps below need."""

    def __init__(self, cast: Cast, library: Connection, remote: Upstream, make: Make) -> None:
        self.cast, self.library, self.remote, self.make = cast, library, remote, make

    def request(self, **more: Any) -> ChangeRequest:
        return submitted(self.cast.editor, self.make(self.library), **{**USES, **more})

    def decided(self, move: Move) -> ChangeRequest:
        member, request = self.cast.publisher, self.request()
        return decide(member=member, request=request, move=move, seen=1, word="Because.")


def second_connection(workspace: Workspace, remote: Upstream) -> Connection:
    endpoint = Endpoint("openai", remote.url, {"api_key": "sk-other"}, {})
    row = Connection(workspace=workspace)
    return write_connection(row, name="Second", endpoint=endpoint, is_default=False)


def used(scene: Scene) -> None:
    scene.make(scene.library, **USES)


def used_over_another(scene: Scene) -> None:
    scene.make(second_connection(scene.cast.workspace, scene.remote), **USES)


def used_elsewhere(scene: Scene) -> None:
    workspace = make_workspace()
    author = make_member(workspace, Role.PUBLISHER)
    wanted = Definition.parse({**START, **USES})
    connection = second_connection(workspace, scene.remote)
    row = new_assistant(author=author, connection=connection, definition=wanted)
    publish(author=author, assistant=row, wanted=wanted, base=None)


def missing(scene: Scene) -> None:
    row = scene.make(scene.library, **USES)
    Assistant.objects.filter(pk=row.pk).update(state="missing")


def asked_for(scene: Scene) -> None:
    scene.request()


def asked_for_at_length(scene: Scene) -> None:
    scene.request(tool_resources={**USES["tool_resources"], **LONG})
    assert Text.objects.exists()


def asked_for_by_a_new_one(scene: Scene) -> None:
    author, wanted = scene.cast.editor, Definition.parse({**START, **USES})
    row = new_assistant(author=author, connection=scene.library, definition=wanted)
    submit(author=author, assistant=row, seen=wanted.digest, title="A new one")


def to_come_back(scene: Scene) -> ChangeRequest:
    """Leave a round that takes the store away, and brings it back in three hours."""
    row, author = scene.make(scene.library, **USES), scene.cast.editor
    live, hours = fresh(row).live, timedelta(hours=3)
    timing = Timing("by_hand", back_at=timezone.now() + hours, back_to=live, zone="UTC")
    return submitted(author, row, timing=timing, tools=[], tool_resources={})


def asked_for_at_the_end(scene: Scene) -> None:
    """The version that comes back is not the one that is live."""
    row, author = scene.make(scene.library, **USES), scene.cast.publisher
    first = fresh(row).live
    assert first is not None
    wanted = first.definition.replace(tools=[], tool_resources={})
    publish(author=author, assistant=row, wanted=wanted, base=first)
    hours = timedelta(hours=3)
    timing = Timing("by_hand", back_at=timezone.now() + hours, back_to=first, zone="UTC")
    submitted(scene.cast.editor, fresh(row), timing=timing)


def coming_back(scene: Scene) -> None:
    request = to_come_back(scene)
    publish_request(member=scene.cast.publisher, request=request, seen=1)


def in_doubt(scene: Scene) -> None:
    row = scene.make(scene.library)
    base = fresh(row).live
    scene.remote.fail_next("POST", FaultSpec(late=True, reset=True))
    wanted = Definition.parse({**START, **USES})
    result = publish(author=scene.cast.publisher, assistant=row, wanted=wanted, base=base)
    assert result.status == "unconfirmed"


def new_in_doubt(scene: Scene) -> None:
    wanted = Definition.parse({**START, **USES})
    author = scene.cast.publisher
    row = new_assistant(author=author, connection=scene.library, definition=wanted)
    scene.remote.fail_next("POST", FaultSpec(late=True, reset=True))
    publish(author=author, assistant=row, wanted=wanted, base=None)


CONCERNED: dict[str, Callable[[Scene], object]] = {
    "live": used,
    "over another connection": used_over_another,
    "in another workspace": used_elsewhere,
    "missing": missing,
    "asked for": asked_for,
    "asked for at length": asked_for_at_length,
    "asked for by a new one": asked_for_by_a_new_one,
    "changes requested": lambda scene: scene.decided(Move.REQUEST_CHANGES),
    "approved": lambda scene: scene.decided(Move.APPROVE),
    "asked for at the end": asked_for_at_the_end,
    "coming back": coming_back,
    "in doubt": in_doubt,
    "new and in doubt": new_in_doubt,
}


def rejected(scene: Scene) -> None:
    scene.decided(Move.REJECT)


def withdrawn(scene: Scene) -> None:
    decide(member=scene.cast.editor, request=scene.request(), move=Move.WITHDRAW, seen=1)


def drafted(scene: Scene) -> None:
    draft(scene.cast.editor, scene.make(scene.library), **USES)


def asked_for_before(scene: Scene) -> None:
    request = scene.request()
    submitted(scene.cast.editor, request.assistant, tools=[], tool_resources={}, temperature=0.9)


def deleted(scene: Scene) -> None:
    delete_assistant(author=scene.cast.publisher, assistant=scene.make(scene.library, **USES))


def brought_back_and_gone(scene: Scene) -> None:
    """What came back was replaced, and the round has nothing left to do."""
    request = to_come_back(scene)
    publish_request(member=scene.cast.publisher, request=request, seen=1)
    row = fresh(request.assistant)
    wanted = Definition.parse({**START, "name": "Without"})
    publish(author=scene.cast.publisher, assistant=row, wanted=wanted, base=row.live)


FREE: dict[str, Callable[[Scene], object]] = {
    "nobody": lambda _scene: None,
    "rejected": rejected,
    "withdrawn": withdrawn,
    "drafted": drafted,
    "an earlier round": asked_for_before,
    "deleted": deleted,
    "nothing comes back": brought_back_and_gone,
}


@pytest.fixture
def scene(cast: Cast, library: Connection, remote: Upstream, published: Make) -> Scene:
    return Scene(cast, library, remote, published)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", FREE)
@pytest.mark.parametrize("hold", [by_policy, by_freeze])
def test_a_publisher_fills_a_store_that_nobody_uses(
    scene: Scene, hold: Any, who: str, act: str
) -> None:
    FREE[who](scene)
    hold(scene.cast, [])
    assert change(act, scene.cast.publisher, scene.library).outcome.status == "applied"
    assert StoreChange.objects.get().override == ""
    assert not Clearance.objects.filter(kind="overridden").exists()
    assert not AuditEvent.objects.filter(kind="approval_overridden").exists()


@pytest.mark.parametrize("who", CONCERNED)
@pytest.mark.parametrize("hold", [by_policy, by_freeze])
def test_what_somebody_uses_or_will_use_is_held(scene: Scene, hold: Any, who: str) -> None:
    CONCERNED[who](scene)
    hold(scene.cast, [])
    with pytest.raises((NeedsApproval, Frozen)):
        change("add", scene.cast.publisher, scene.library)
    result = change("add", scene.cast.admin, scene.library, override="Prepared for Monday.")
    assert result.outcome.status == "applied"
    assert StoreChange.objects.get().override == "Prepared for Monday."
    assert AuditEvent.objects.filter(kind="approval_overridden").exists()


def test_the_policy_of_an_assistant_holds_what_it_asks_for(scene: Scene) -> None:
    request = scene.request()
    other = scene.make(scene.library, name="Other")
    rule = Policy((Rule(1, role="publisher", fields=frozenset({"tool_resources"})),))
    set_policy(actor=scene.cast.admin, policy=rule, assistant=other)
    change("add", scene.cast.publisher, scene.library)
    set_policy(actor=scene.cast.admin, policy=rule, assistant=request.assistant)
    with pytest.raises(NeedsApproval):
        change("remove", scene.cast.publisher, scene.library)


def test_what_has_come_back_is_used_again(scene: Scene) -> None:
    request = to_come_back(scene)
    by_policy(scene.cast, [])
    decide(member=scene.cast.publisher, request=request, move=Move.APPROVE, seen=1)
    publish_request(member=scene.cast.publisher, request=request, seen=1)
    with pytest.raises(NeedsApproval):
        change("add", scene.cast.publisher, scene.library)
    bring_back_after(member=scene.cast.publisher, schedule=Schedule.objects.get(is_return=True))
    with pytest.raises(NeedsApproval):
        change("add", scene.cast.publisher, scene.library)


@pytest.mark.parametrize("below", ["store/add/?id=vs_help", "store/add/?id=vs_help&file=file-faq"])
def test_pages_say_which_change_request_holds_a_store(scene: Scene, below: str) -> None:
    by_policy(scene.cast, [])
    client, address = scene.cast.client("publisher"), root(scene.library) + below
    assert "Ask an admin" not in get(client, address)
    request = scene.request()
    page = get(client, address)
    assert f"#{request.number} Summer wording asks to use this store." in page
    assert "Ask an admin, who can change them without approval: Ada." in page

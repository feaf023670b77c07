"""What is in doubt is settled by what can be known, late arrivals included."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from assistants.definition import Definition
from assistants.gateway import GatewayError
from assistants.models import Assistant, Connection, Outcome
from assistants.registry import store
from assistants.registry.auth import Caller
from assistants.registry.wsgi import application_for as registry_for
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import new_assistant
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import Author
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.slot import begin_change
from assistants.services.remote import journal
from assistants.services.remote.settle import check_remote, settle_all
from tests.conftest import Cast
from tests.services.conftest import START, Make
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)
DOWN = FaultSpec(status=503, body="down")


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def drafted(cast: Cast, connection: Connection) -> Assistant:
    wanted = Definition.parse(START)
    return new_assistant(author=cast.publisher, connection=connection, definition=wanted)


def create(cast: Cast, assistant: Assistant) -> str:
    wanted = Definition.parse(START)
    return publish(
        author=cast.publisher, assistant=fresh(assistant), wanted=wanted, base=None
    ).status


def left_pending(cast: Cast, assistant: Assistant, kind: str) -> None:
    """Leave what a process leaves that died between writing down a change and its outcome."""
    row = fresh(assistant)
    live = live_definition(row) if row.live_id else None
    wanted = live or Definition.parse(START)
    author = Author.of(cast.publisher.user)
    assert begin_change(
        assistant=row, kind=kind, wanted=wanted, live=live, author=author, drafter=None, note=""
    )


def statuses(assistant: Assistant) -> list[str]:
    return list(
        Outcome.objects.filter(assistant=assistant).order_by("pk").values_list("status", flat=True)
    )


def test_a_create_that_was_never_sent_is_not_delivered_once_it_can_no_longer_arrive(
    cast: Cast, connection_to: Connection, remote: Upstream, settings: Any
) -> None:
    assistant = drafted(cast, connection_to)
    left_pending(cast, assistant, "create")
    assert settle_all(now=True) == {"settled": 0, "open": 1, "failed": 0}
    settings.PUBLISH_LEASE_SECONDS = 0
    assert settle_all(now=True) == {"settled": 0, "open": 1, "failed": 0}
    settings.LATE_LANDING_SECONDS = 0
    assert settle_all() == {"settled": 1, "open": 0, "failed": 0}
    assert statuses(assistant) == ["unconfirmed", "not_delivered"]
    assert assistant.drafts.count() == 1
    assert create(cast, assistant) == "applied"
    assert len(remote.assistants) == 1


def test_a_create_that_turns_up_late_is_adopted_instead_of_made_again(
    cast: Cast, connection_to: Connection, remote: Upstream, settings: Any
) -> None:
    settings.PUBLISH_LEASE_SECONDS = 0
    settings.LATE_LANDING_SECONDS = 0
    assistant = drafted(cast, connection_to)
    left_pending(cast, assistant, "create")
    settle_all()
    landed = remote.add(**START)
    assert create(cast, assistant) == "unchanged"
    assert list(remote.assistants) == [landed["id"]]
    assert fresh(assistant).remote_id == landed["id"]
    assert statuses(assistant) == ["not_delivered", "applied"]


@pytest.mark.slow
def test_nothing_is_created_again_while_it_is_not_known_what_is_there(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    assistant = drafted(cast, connection_to)
    remote.fail_next("POST", FaultSpec(reset=True, applied=True))
    for _ in range(3):
        remote.fail_next("GET", DOWN)
    assert create(cast, assistant) == "unconfirmed"
    for _ in range(3):
        remote.fail_next("GET", DOWN)
    with pytest.raises(GatewayError):
        create(cast, assistant)
    assert len(remote.assistants) == 1
    for _ in range(3):
        remote.fail_next("GET", DOWN)
    assert check_remote(assistant=fresh(assistant)).found == "failed"
    assert check_remote(assistant=fresh(assistant)).found == "changed"
    assert fresh(assistant).state == "live"


def test_a_delete_in_doubt_is_ours_when_the_assistant_is_gone(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    remote.fail_next("DELETE", FaultSpec(reset=True, applied=True))
    read = json.dumps(remote.assistants[str(assistant.remote_id)])
    remote.fail_next("GET", FaultSpec(status=200, body=read))
    for _ in range(3):
        remote.fail_next("GET", DOWN)
    assert delete_assistant(author=cast.publisher, assistant=assistant).status == "unconfirmed"
    assert check_remote(assistant=fresh(assistant)).found == "gone"
    assert fresh(assistant).state == "deleted"
    assert statuses(assistant) == ["applied", "unconfirmed", "applied"]


def without_record(workspace_id: int) -> Callable[..., Iterable[bytes]]:
    """A registry whose database fails whenever its record is asked for."""
    registry = registry_for(workspace_id)

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].endswith("/changes"):
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"busy"]
        return registry(environ, start_response)

    return application


@pytest.mark.slow
def test_nothing_is_concluded_from_a_record_that_cannot_be_read(
    cast: Cast, published: Make, settings: Any
) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    assistant = published(registry)
    working = settings.REGISTRY_APPLICATION
    settings.REGISTRY_APPLICATION = "tests.services.test_doubt.without_record"
    caller = Caller(cast.workspace.pk, key_name="Support app", can_write=True, trace_id=None)
    store.modify(caller, str(assistant.remote_id), {"model": "gpt-5.2"}, if_match=None)
    assert check_remote(assistant=fresh(assistant)).found == "failed"
    settings.REGISTRY_APPLICATION = working
    assert check_remote(assistant=fresh(assistant)).found == "changed"
    newest = fresh(assistant).revisions.latest("number")
    assert (newest.kind, newest.author_name) == ("key", "API key Support app")
    settings.REGISTRY_APPLICATION = "tests.services.test_doubt.without_record"
    unsent = drafted(cast, registry)
    left_pending(cast, unsent, "create")
    assert settle_all(now=True) == {"settled": 0, "open": 0, "failed": 1}
    assert statuses(unsent) == []


def test_a_removal_by_key_is_recorded_though_somebody_is_publishing(
    cast: Cast, published: Make
) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    assistant = published(registry)
    left_pending(cast, assistant, "edit")
    caller = Caller(cast.workspace.pk, key_name="Support app", can_write=True, trace_id=None)
    store.store_deletion(caller, str(assistant.remote_id), if_match=None)
    journal.pull(workspace_id=cast.workspace.pk)
    assert fresh(assistant).state == "missing"
    newest = fresh(assistant).revisions.latest("number")
    assert (newest.kind, newest.author_name) == ("missing", "API key Support app")
    assert settle_all(now=True) == {"settled": 1, "open": 0, "failed": 0}
    assert fresh(assistant).slot is None

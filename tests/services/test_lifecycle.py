"""Creating, deleting and recreating, with every doubt settled by what the remote holds."""

import json
from typing import Any

import pytest

from assistants.definition import Definition
from assistants.models import Assistant, Connection, Outcome, Revision
from assistants.services.editing.drafts import new_assistant, save_draft
from assistants.services.editing.restore import restore_as_draft
from assistants.services.errors import NoTarget
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.remote.settle import check_remote, settle_all
from tests.conftest import Cast
from tests.services.conftest import START, Make
from tests.services.undelivered import take_slot
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def draft_only(cast: Cast, connection: Connection) -> Assistant:
    return new_assistant(
        author=cast.editor, connection=connection, definition=Definition.parse(START)
    )


def create(cast: Cast, assistant: Assistant) -> str:
    return publish(
        author=cast.publisher,
        assistant=assistant,
        wanted=Definition.parse(START),
        base=None,
        drafter=cast.editor.user,
    ).status


def test_a_draft_of_a_new_assistant_is_created_remotely_when_published(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    assistant = draft_only(cast, connection_to)
    assert (assistant.state, Revision.objects.count()) == ("draft", 0)
    assert create(cast, assistant) == "applied"
    assert remote.requests[-1] == ("POST", "/v1/assistants", START)
    after = fresh(assistant)
    assert (after.state, after.live_version, after.name) == ("live", 1, "Support")
    assert not after.drafts.exists()


@pytest.mark.parametrize(
    ("fault", "status", "made"),
    [
        (refused("No such model", param="model"), "rejected", 0),
        (FaultSpec(status=500, body="oops"), "unconfirmed", 0),
        (FaultSpec(reset=True, applied=True), "applied", 1),
        (FaultSpec(hang=4.0, applied=True), "applied", 1),
        (FaultSpec(status=200, body="", applied=True), "applied", 1),
    ],
)
def test_a_create_in_doubt_adopts_what_it_made(
    cast: Cast,
    connection_to: Connection,
    remote: Upstream,
    settings: Any,
    fault: FaultSpec,
    status: str,
    made: int,
) -> None:
    if fault.hang:
        settings.GATEWAY_READ_TIMEOUT = fault.hang / 2
    assistant = draft_only(cast, connection_to)
    remote.fail_next("POST", fault)
    assert create(cast, assistant) == status
    assert len(remote.assistants) == made
    after = fresh(assistant)
    assert after.state == ("live" if made else "draft")
    assert after.drafts.count() == 1 - made
    assert list(verify(assistant=after)) == []


def test_several_candidates_leave_a_create_unconfirmed(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    remote.add(**START)
    assistant = draft_only(cast, connection_to)
    remote.fail_next("POST", FaultSpec(reset=True, applied=True))
    assert create(cast, assistant) == "unconfirmed"
    remote.assistants.pop(next(iter(remote.assistants)))
    assert settle_all(now=True) == {"settled": 1, "open": 0, "failed": 0}
    assert fresh(assistant).state == "live"


def test_a_refused_create_can_be_tried_again(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    assistant = draft_only(cast, connection_to)
    remote.fail_next("POST", refused("No"))
    assert create(cast, assistant) == "rejected"
    assert create(cast, fresh(assistant)) == "applied"
    kinds = Revision.objects.filter(assistant=assistant).order_by("number")
    assert [row.kind for row in kinds] == ["create", "create"]


@pytest.mark.parametrize(
    ("fault", "status", "state"),
    [
        (None, "applied", "deleted"),
        (FaultSpec(status=500, body="oops"), "unconfirmed", "live"),
        (FaultSpec(reset=True, applied=True), "applied", "deleted"),
        (FaultSpec(status=404, body="{}", applied=True), "applied", "deleted"),
        (FaultSpec(status=403, body="{}"), "rejected", "live"),
        (FaultSpec(status=404, body="{}"), "not_delivered", "live"),
    ],
)
def test_delete_keeps_the_history(
    cast: Cast,
    connection_to: Connection,
    remote: Upstream,
    published: Make,
    fault: FaultSpec | None,
    status: str,
    state: str,
) -> None:
    assistant = published(connection_to)
    if fault:
        remote.fail_next("DELETE", fault)
    result = delete_assistant(author=cast.publisher, assistant=assistant, note="Not needed")
    assert (result.status, fresh(assistant).state) == (status, state)
    assert len(remote.assistants) == (state == "live")
    assert Revision.objects.filter(assistant=assistant).count() == 2
    assert list(verify(assistant=fresh(assistant))) == []


def test_recreate_brings_it_back_under_a_new_id(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    delete_assistant(author=cast.publisher, assistant=assistant)
    result = recreate_assistant(
        author=cast.publisher, assistant=fresh(assistant), note="Needed after all"
    )
    after = fresh(assistant)
    assert (result.status, after.state, after.live_version) == ("applied", "live", 2)
    assert after.remote_id != assistant.remote_id
    assert list(remote.assistants) == [after.remote_id]
    with pytest.raises(NoTarget):
        recreate_assistant(author=cast.publisher, assistant=after)


def test_restore_publishes_the_old_definition_as_a_new_revision(
    cast: Cast, connection_to: Connection, published: Make
) -> None:
    assistant = published(connection_to)
    first = assistant.live
    assert first
    wanted = Definition.parse({**START, "instructions": "Other", "model": "gpt-5.2"})
    publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=first)
    draft = restore_as_draft(author=cast.publisher, assistant=fresh(assistant), revision=first)
    result = publish(
        author=cast.publisher,
        assistant=fresh(assistant),
        wanted=draft.definition,
        base=draft.base,
        kind=draft.kind,
    )
    assert result.revision
    assert (result.status, result.revision.kind) == ("applied", "restore")
    assert fresh(assistant).live_version == 3
    assert result.revision.definition == first.definition


def test_a_revision_of_another_assistant_is_not_restored(
    cast: Cast, connection_to: Connection, published: Make
) -> None:
    assistant, other = published(connection_to), published(connection_to, name="Other")
    assert other.live
    with pytest.raises(NoTarget):
        restore_as_draft(author=cast.publisher, assistant=assistant, revision=other.live)
    assert not assistant.drafts.exists()


def test_a_process_killed_after_the_write_is_settled_by_reading(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make, settings: object
) -> None:
    assistant = published(connection_to)
    wanted = Definition.parse({**START, "instructions": "Landed"})
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    revision = take_slot(cast, assistant, wanted, Definition.parse(START))
    assert revision
    remote.assistants[str(assistant.remote_id)]["instructions"] = "Landed"
    assert check_remote(assistant=fresh(assistant)).found == "busy"
    assert settle_all() == {"settled": 0, "open": 0, "failed": 0}
    assert settle_all(now=True) == {"settled": 1, "open": 0, "failed": 0}
    assert Outcome.objects.get(revision=revision).status == "applied"
    assert not fresh(assistant).drafts.exists()


def test_check_records_an_outside_change_and_a_removal(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    assert check_remote(assistant=fresh(assistant)).found == "same"
    remote.assistants[str(assistant.remote_id)]["model"] = "gpt-5.2"
    assert check_remote(assistant=fresh(assistant)).found == "changed"
    assert (fresh(assistant).model, fresh(assistant).trouble) == ("gpt-5.2", "outside")
    remote.assistants.clear()
    assert check_remote(assistant=fresh(assistant)).found == "gone"
    assert fresh(assistant).state == "missing"


def test_a_create_answered_with_the_id_of_another_assistant_stays_unconfirmed(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    other = published(connection_to)
    assistant = draft_only(cast, connection_to)
    answer = {**START, "id": other.remote_id, "object": "assistant"}
    remote.fail_next("POST", FaultSpec(status=200, body=json.dumps(answer)))
    assert create(cast, assistant) == "unconfirmed"
    assert fresh(assistant).slot is None
    assert assistant.drafts.count() == 1
    assert fresh(other).live_version == 1

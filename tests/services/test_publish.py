"""The write path against a real loopback remote: what is sent, what is recorded, what is kept."""

from typing import Any

import pytest
from django.db import transaction

from admin_ui.accounts.permissions import NotAllowed
from assistants.definition import Definition
from assistants.gateway import GatewayError
from assistants.models import Assistant, Connection, Draft, Outcome, Revision
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import save_draft
from assistants.services.errors import Conflict, Invalid, Missing
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.publish import publish
from assistants.services.remote.closing import close
from assistants.services.remote.settle import settle_all
from tests.conftest import Cast
from tests.services.conftest import Make
from tests.services.undelivered import take_slot
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = pytest.mark.django_db(transaction=True)


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def change(assistant: Assistant, **fields: object) -> Definition:
    return live_definition(assistant).replace(**fields)


def test_a_publish_reads_once_and_sends_the_changed_fields_only(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    remote.requests.clear()
    result = publish(
        author=cast.publisher,
        assistant=assistant,
        wanted=change(assistant, instructions="Be kind.\nBe thorough."),
        base=assistant.live,
        note="Customers asked for detail",
        drafter=cast.editor.user,
    )
    path = f"/v1/assistants/{assistant.remote_id}"
    assert remote.requests == [
        ("GET", path, None),
        ("POST", path, {"instructions": "Be kind.\nBe thorough."}),
    ]
    assert result.status == "applied"
    revision, outcome = result.revision, result.outcome
    assert revision
    assert outcome
    assert (revision.author_name, revision.drafter_name) == ("Pia", "Emil")
    assert revision.note == "Customers asked for detail"
    assert (outcome.version, fresh(assistant).live_version) == (2, 2)
    assert remote.headers[-1]["x-portkey-trace-id"] == revision.trace_id
    assert list(verify(assistant=fresh(assistant))) == []


def test_the_registry_is_published_to_in_two_calls_and_agrees(cast: Cast, published: Make) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    assistant = published(registry)
    result = publish(
        author=cast.publisher,
        assistant=assistant,
        wanted=change(assistant, temperature=None, description="New"),
        base=assistant.live,
    )
    assert result.status == "applied"
    assert live_definition(fresh(assistant)).value("temperature") is None
    assert fresh(assistant).description == "New"


def test_nothing_changed_writes_and_sends_nothing(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    result = publish(
        author=cast.publisher,
        assistant=assistant,
        wanted=change(assistant, instructions="Be kind.\r\nBe brief."),
        base=assistant.live,
    )
    assert result.status == "unchanged"
    assert remote.count_of("POST") == 1
    assert Revision.objects.filter(assistant=assistant).count() == 1


def test_only_a_publisher_may_and_only_within_limits(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    wanted = change(assistant, name="n" * 257)
    with pytest.raises(NotAllowed):
        publish(author=cast.editor, assistant=assistant, wanted=wanted, base=assistant.live)
    with pytest.raises(Invalid) as caught:
        publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert [problem.code for problem in caught.value.problems] == ["string_above_max_length"]
    assert remote.count_of("POST") == 1


def test_a_field_that_is_over_its_limit_remotely_does_not_block_another(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    assert assistant.remote_id
    remote.assistants[assistant.remote_id]["name"] = "n" * 300
    with pytest.raises(Conflict):
        publish(
            author=cast.publisher,
            assistant=assistant,
            wanted=change(assistant, model="gpt-5.2"),
            base=assistant.live,
        )
    assistant = fresh(assistant)
    assert len(str(live_definition(assistant).value("name"))) == 300
    result = publish(
        author=cast.publisher,
        assistant=assistant,
        wanted=change(assistant, model="gpt-5.2"),
        base=assistant.live,
    )
    assert result.status == "applied"


def test_an_outside_change_is_recorded_and_stops_the_publish(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    wanted = change(assistant, instructions="Mine")
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    assert assistant.remote_id
    remote.assistants[assistant.remote_id]["instructions"] = "Theirs"
    with pytest.raises(Conflict) as caught:
        publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    entry = {field.field: field for field in caught.value.fields}["instructions"]
    assert (entry.base, entry.mine, entry.theirs) == ("Be kind.\nBe brief.", "Mine", "Theirs")
    assert entry.clash
    newest = Revision.objects.filter(assistant=assistant).latest("number")
    assert (newest.kind, newest.author_name) == ("outside", "Outside this dashboard")
    assert fresh(assistant).live_version == 2
    assert Draft.objects.filter(assistant=assistant).count() == 1
    assert remote.assistants[assistant.remote_id]["instructions"] == "Theirs"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "status", "remote_text", "drafts"),
    [
        (refused("No such model", param="model"), "rejected", "old", 1),
        (FaultSpec(status=401, body="{}"), "rejected", "old", 1),
        (FaultSpec(status=429, body="{}"), "not_delivered", "old", 1),
        (FaultSpec(status=500, body="oops"), "unconfirmed", "old", 1),
        (FaultSpec(status=502, body="<html>", applied=True), "applied", "new", 0),
        (FaultSpec(reset=True), "unconfirmed", "old", 1),
        (FaultSpec(reset=True, applied=True), "applied", "new", 0),
        (FaultSpec(hang=4.0), "unconfirmed", "old", 1),
        (FaultSpec(hang=4.0, applied=True), "applied", "new", 0),
        (FaultSpec(truncate=True, applied=True), "applied", "new", 0),
        (FaultSpec(status=200, body="<html>", content_type="text/html"), "unconfirmed", "old", 1),
        (FaultSpec(status=200, body='{"object":"list","data":[]}'), "unconfirmed", "old", 1),
        (FaultSpec(status=302, location="/v1/assistants"), "unconfirmed", "old", 1),
        (FaultSpec(status=408, body='{"error":{}}', applied=True), "applied", "new", 0),
    ],
)  # fmt: skip
def test_every_fault_ends_in_the_truth(
    cast: Cast,
    connection_to: Connection,
    remote: Upstream,
    published: Make,
    settings: Any,
    fault: FaultSpec,
    status: str,
    remote_text: str,
    drafts: int,
) -> None:
    if fault.hang:
        settings.GATEWAY_READ_TIMEOUT = fault.hang / 2
    assistant = published(connection_to, instructions="old")
    wanted = change(assistant, instructions="new")
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    remote.fail_next("POST", fault)
    result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert result.status == status
    assert remote.assistants[str(assistant.remote_id)]["instructions"] == remote_text
    assert Draft.objects.filter(assistant=assistant).count() == drafts
    after = fresh(assistant)
    assert after.slot is None
    assert live_definition(after).value("instructions") == remote_text
    assert after.live_version == (2 if status == "applied" else 1)
    assert remote.count_of("POST") == 2
    assert list(verify(assistant=after)) == []


def test_doubt_that_cannot_be_cleared_is_unconfirmed_and_settled_by_the_next_publish(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to, instructions="old")
    wanted = change(assistant, instructions="new")
    remote.fail_next("POST", FaultSpec(reset=True, applied=True))
    for _ in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="down"))
    # The first read of the publish must succeed: the faults for GET stand behind it.
    first, remote.faults = remote.faults[1:], remote.faults[:1]
    original = publish

    def read_back_fails() -> object:
        remote.faults.extend(first)
        return None

    remote.rewrite = lambda row: read_back_fails() or {}  # type: ignore[return-value,func-returns-value]
    result = original(
        author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live
    )
    remote.rewrite = None
    assert result.status == "unconfirmed"
    assert fresh(assistant).trouble == "unconfirmed"
    remote.faults.clear()
    newer = change(assistant, instructions="newer")
    with pytest.raises(Conflict):
        publish(author=cast.admin, assistant=assistant, wanted=newer, base=assistant.live)
    assert result.revision
    statuses = Outcome.objects.filter(revision=result.revision).order_by("pk")
    assert [row.status for row in statuses] == ["unconfirmed", "applied"]
    assert fresh(assistant).live_id == result.revision.pk
    assert Revision.objects.filter(assistant=assistant, kind="outside").count() == 0
    again = publish(author=cast.publisher, assistant=assistant, wanted=newer, base=assistant.live)
    assert again.status == "applied"


def test_doubt_about_a_write_that_did_not_land_is_settled_once_it_can_no_longer_land(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make, settings: Any
) -> None:
    assistant = published(connection_to, instructions="old")
    revision = take_slot(cast, assistant, change(assistant, instructions="new"))
    assert revision
    close(revision=revision, status="unconfirmed", error=None)
    assert settle_all(now=True) == {"settled": 0, "open": 1, "failed": 0}
    settings.LATE_LANDING_SECONDS = 0
    assert settle_all() == {"settled": 1, "open": 0, "failed": 0}
    statuses = Outcome.objects.filter(revision=revision).order_by("pk")
    assert [row.status for row in statuses] == ["unconfirmed", "not_delivered"]


def test_a_late_landing_is_credited_to_its_revision(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to, instructions="old")
    wanted = change(assistant, instructions="new")
    remote.fail_next("POST", FaultSpec(status=504, body="late"))
    result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert result.status == "unconfirmed"
    remote.assistants[str(assistant.remote_id)]["instructions"] = "new"
    again = publish(
        author=cast.publisher, assistant=fresh(assistant), wanted=wanted, base=assistant.live
    )
    assert again.status == "unchanged"
    assert result.revision
    assert fresh(assistant).live_id == result.revision.pk


def test_what_the_remote_stored_otherwise_is_named_with_both_values(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    remote.rewrite = lambda row: {"temperature": 1, "metadata": {"team": "support", "old": "x"}}
    wanted = change(assistant, temperature=1.7, instructions="New")
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert result.status == "applied"
    assert result.outcome
    assert result.outcome.differences == [
        {
            "field": "metadata",
            "sent": '{"team": "support"}',
            "stored": '{"team": "support", "old": "x"}',
        },
        {"field": "temperature", "sent": 1.7, "stored": 1},
    ]
    after = fresh(assistant)
    assert after.trouble == "differs"
    draft = Draft.objects.get(assistant=assistant)
    assert (draft.base_id, draft.definition.value("temperature")) == (after.live_id, 1.7)
    assert live_definition(after).value("temperature") == 1
    again = publish(
        author=cast.publisher,
        assistant=after,
        wanted=change(after, instructions="Newer"),
        base=after.live,
    )
    assert again.status == "applied"
    assert list(verify(assistant=fresh(assistant))) == []


def test_a_gateway_that_lacks_a_call_is_told_from_one_without_assistants(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    wanted = change(assistant, instructions="New")

    def tried() -> str:
        row = fresh(assistant)
        try:
            result = publish(author=cast.publisher, assistant=row, wanted=wanted, base=row.live)
        except GatewayError as error:
            return error.kind
        assert result.outcome
        return f"{result.status}: {result.outcome.error}"

    remote.not_allowed = frozenset({"GET one"})
    assert tried() == "cannot_read"
    connection_to.refresh_from_db()
    assert connection_to.trouble == "cannot_read"
    remote.not_allowed = frozenset({"POST one"})
    assert tried() == "not_delivered: cannot_write"
    connection_to.refresh_from_db()
    assert connection_to.trouble == "", "reading works again"
    remote.not_allowed = frozenset({"GET list"})
    remote.fail_next("GET", FaultSpec(status=404, body="{}"))
    assert tried() == "cannot_list", "without a list a 404 proves nothing"
    assert fresh(assistant).state == "live"
    assert tried() == "applied: "


def test_an_assistant_that_is_gone_is_told_from_an_endpoint_that_is(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    wanted = change(assistant, instructions="New")
    remote.gone = True
    with pytest.raises(GatewayError) as caught:
        publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert caught.value.kind == "endpoint_gone"
    assert fresh(assistant).state == "live"
    connection_to.refresh_from_db()
    assert connection_to.trouble == "endpoint_gone"
    remote.gone = False
    remote.assistants.clear()
    with pytest.raises(Missing):
        publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    assert fresh(assistant).state == "missing"
    assert Revision.objects.filter(assistant=assistant).latest("number").kind == "missing"


def test_a_publish_inside_a_transaction_is_refused(
    cast: Cast, connection_to: Connection, published: Make
) -> None:
    assistant = published(connection_to)
    with pytest.raises(RuntimeError), transaction.atomic():
        publish(
            author=cast.publisher,
            assistant=assistant,
            wanted=change(assistant, model="x"),
            base=assistant.live,
        )

"""Sending again what did not arrive, at a real loopback remote."""

import pytest

from admin_ui.accounts.permissions import NotAllowed
from assistants.definition import Definition
from assistants.gateway import GatewayError
from assistants.models import Assistant, Connection, Revision
from assistants.services.editing.drafts import draft_of, save_draft
from assistants.services.errors import Conflict, DraftMoved, InDoubt, Missing, NoTarget
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.resend import ARRIVED, ChangedSince, keep_as_draft
from tests.conftest import Cast
from tests.services.conftest import START, Make, fresh
from tests.services.test_concurrency import at_once
from tests.services.undelivered import again, held, in_doubt, statuses, tried
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked"),
]


@pytest.mark.parametrize("fault", [refused("Not now."), FaultSpec(status=429, body="{}")])
def test_what_did_not_arrive_is_sent_again_with_its_note_and_drafter(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream, fault: FaultSpec
) -> None:
    assistant = published(connection_to)
    revision = tried(cast, assistant, remote, fault, model="gpt-5.2")

    result = again(cast, assistant, revision)

    path = f"/v1/assistants/{assistant.remote_id}"
    assert remote.requests == [
        ("GET", path, None),
        ("GET", path, None),
        ("POST", path, {"model": "gpt-5.2"}),
    ]
    new = result.revision
    assert new
    assert (result.status, new.number, new.kind) == ("applied", revision.number + 1, "edit")
    assert (new.author_name, new.drafter_name, new.note) == ("Ada", "Emil", "For the fair")
    assert not fresh(assistant).drafts.exists()
    assert fresh(assistant).trouble == ""
    assert list(verify(assistant=fresh(assistant))) == []


def test_what_had_arrived_is_not_sent_again(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = in_doubt(cast, assistant, model="gpt-5.2")
    held(remote, assistant)["model"] = "gpt-5.2"

    result = again(cast, assistant, revision)

    assert (result.status, statuses(revision)) == (ARRIVED, ["unconfirmed", "applied"])
    assert remote.count_of("POST") == 1, "the one that created it"
    assert (fresh(assistant).live_version, fresh(assistant).trouble) == (2, "")


def test_doubt_is_settled_before_it_is_sent_again(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = in_doubt(cast, assistant, model="gpt-5.2")

    with pytest.raises(InDoubt):
        again(cast, assistant, revision)
    assert again(cast, assistant, revision, over_doubt=True).status == "applied"

    assert statuses(revision) == ["unconfirmed"]
    assert held(remote, assistant)["model"] == "gpt-5.2"


def test_a_moved_live_is_never_overwritten(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = tried(cast, assistant, remote, refused("No."), model="gpt-5.2")
    held(remote, assistant)["model"] = "theirs"

    with pytest.raises(Conflict):
        again(cast, assistant, revision)

    assert held(remote, assistant)["model"] == "theirs"
    assert remote.count_of("POST") == 0
    draft = keep_as_draft(author=cast.admin, assistant=fresh(assistant), revision=revision)
    assert (draft.base_id, draft.definition) == (revision.base_id, revision.definition)


def test_what_was_to_be_restored_is_kept_as_something_to_restore(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = tried(cast, assistant, remote, refused("No."), model="gpt-5.2")
    for kind, kept in (("restore", "restore"), ("recreate", "edit"), ("edit", "edit")):
        revision.kind = kind
        assert (
            keep_as_draft(author=cast.admin, assistant=fresh(assistant), revision=revision).kind
            == kept
        )


def test_a_draft_in_the_way_is_replaced_only_on_request(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = tried(cast, assistant, remote, refused("No."), model="gpt-5.2")
    mine = live_definition(fresh(assistant)).replace(name="Mine")
    save_draft(author=cast.admin, assistant=assistant, definition=mine, base=assistant.live)

    with pytest.raises(DraftMoved):
        keep_as_draft(author=cast.admin, assistant=assistant, revision=revision)
    kept = draft_of(user=cast.admin.user, assistant=assistant)
    assert kept
    assert kept.definition == mine

    keep_as_draft(author=cast.admin, assistant=assistant, revision=revision, replace=True)
    keep_as_draft(author=cast.admin, assistant=assistant, revision=revision)
    kept = draft_of(user=cast.admin.user, assistant=assistant)
    assert kept
    assert kept.definition == revision.definition


def test_what_was_typed_on_is_not_dropped_with_what_is_sent_again(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = tried(cast, assistant, remote, refused("No."), model="gpt-5.2")
    more = revision.definition.replace(instructions="And more")
    save_draft(author=cast.editor, assistant=assistant, definition=more, base=assistant.live)

    assert again(cast, assistant, revision).status == "applied"
    assert again(cast, assistant, revision).status == "unchanged"

    kept = draft_of(user=cast.editor.user, assistant=assistant)
    assert kept
    assert kept.definition.value("instructions") == "And more"


def test_what_was_stored_differently_is_sent_again_from_what_is_stored(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    remote.rewrite = lambda row: {"temperature": 1}
    nothing = FaultSpec(applied=True)
    revision = tried(cast, assistant, remote, nothing, temperature=1.7, model="gpt-5.2")
    assert fresh(assistant).trouble == "differs"
    remote.rewrite = None

    assert again(cast, assistant, revision).status == "applied"

    assert remote.requests[-1][2] == {"temperature": 1.7}
    assert fresh(assistant).trouble == ""
    assert not fresh(assistant).drafts.exists()


def test_a_gateway_that_cannot_be_asked_gets_nothing(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = tried(cast, assistant, remote, refused("No."), model="gpt-5.2")
    for _ in range(3):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))

    with pytest.raises(GatewayError):
        again(cast, assistant, revision)

    assert remote.count_of("POST") == 0


def test_a_change_of_what_is_gone_creates_nothing(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = tried(cast, assistant, remote, refused("No."), model="gpt-5.2")
    remote.assistants.clear()

    with pytest.raises(Missing):
        again(cast, assistant, revision)

    assert (remote.count_of("POST"), fresh(assistant).state) == (0, "missing")


def test_only_what_did_not_arrive_as_sent_can_be_sent_again(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant, other = published(connection_to), published(connection_to)
    assert assistant.live
    revision = tried(cast, assistant, remote, refused("No."), model="gpt-5.2")
    with pytest.raises(NoTarget):
        again(cast, assistant, assistant.live)
    with pytest.raises(NoTarget):
        again(cast, other, revision)
    with pytest.raises(NotAllowed):
        again(cast, assistant, revision, "editor")
    assert remote.requests == []


def deleted_in_vain(cast: Cast, assistant: Assistant, remote: Upstream) -> Revision:
    remote.fail_next("DELETE", FaultSpec(status=403, body="{}"))
    result = delete_assistant(author=cast.publisher, assistant=fresh(assistant), note="Not needed")
    assert (result.status, fresh(assistant).state) == ("rejected", "live")
    assert result.revision
    return result.revision


def test_a_delete_is_sent_again(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = deleted_in_vain(cast, assistant, remote)

    result = again(cast, assistant, revision)

    assert (result.status, fresh(assistant).state) == ("applied", "deleted")
    assert result.revision
    assert result.revision.note == "Not needed"
    assert remote.assistants == {}
    assert again(cast, assistant, revision).status == ARRIVED


def test_a_delete_takes_away_only_what_was_meant(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = deleted_in_vain(cast, assistant, remote)
    held(remote, assistant)["model"] = "theirs"

    with pytest.raises(ChangedSince):
        again(cast, assistant, revision)

    assert len(remote.assistants) == 1


def test_sending_again_many_times_at_once_arrives_once(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    revision = tried(cast, assistant, remote, refused("No."), model="gpt-5.2")
    results = at_once(lambda _: again(cast, assistant, revision).status, 4)
    assert sorted(results) == ["applied", "unchanged", "unchanged", "unchanged"]
    assert remote.count_of("POST") == 1
    assert fresh(assistant).live_version == 2
    assert list(verify(assistant=fresh(assistant))) == []


def test_a_recreate_is_sent_again(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    delete_assistant(author=cast.publisher, assistant=assistant)
    gone = fresh(assistant)
    remote.fail_next("POST", refused("Not now."))
    wanted = Definition.parse(START)
    result = publish(author=cast.publisher, assistant=gone, wanted=wanted, base=gone.live)
    assert result.status == "rejected"
    assert result.revision

    assert again(cast, assistant, result.revision).status == "applied"

    assert fresh(assistant).state == "live"
    assert Revision.objects.filter(assistant=assistant).latest("number").kind == "recreate"

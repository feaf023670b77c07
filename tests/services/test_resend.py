"""Sending again, claiming what a create made, accepting, looking: at a real loopback remote."""

from typing import Any

import pytest
from django.core.cache import cache

from admin_ui.accounts.permissions import NotAllowed
from assistants.definition import Definition
from assistants.gateway import GatewayError
from assistants.models import Acceptance, Assistant, Connection, Outcome, Revision
from assistants.services.editing.accept import accept_revision
from assistants.services.editing.drafts import draft_of, new_assistant, save_draft
from assistants.services.errors import Conflict, DraftMoved, InDoubt, Missing, NoTarget
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import Author
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.resend import ARRIVED, ChangedSince, keep_as_draft, resend
from assistants.services.publishing.slot import begin_change
from assistants.services.remote.claim import claim_created, possible
from assistants.services.remote.closing import SendResult, close
from assistants.services.remote.page_check import look
from assistants.services.remote.settle import check_remote
from tests.conftest import Cast
from tests.services.conftest import START, Make
from tests.services.test_concurrency import at_once
from tests.upstream import FaultSpec, Upstream, refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _nobody_has_looked() -> None:
    cache.clear()


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)


def held(remote: Upstream, assistant: Assistant) -> dict[str, Any]:
    return remote.assistants[str(fresh(assistant).remote_id)]


def tried(
    cast: Cast, assistant: Assistant, remote: Upstream, fault: FaultSpec, **fields: Any
) -> Revision:
    """Publish Emil's draft with these fields, which ends as `fault` makes it end."""
    row = fresh(assistant)
    wanted = live_definition(row).replace(**fields)
    save_draft(author=cast.editor, assistant=row, definition=wanted, base=row.live)
    remote.fail_next("POST", fault)
    result = publish(
        author=cast.publisher,
        assistant=row,
        wanted=wanted,
        base=row.live,
        note="For the fair",
        drafter=cast.editor.user,
    )
    assert result.revision
    assert result.status in ("rejected", "not_delivered", "applied")
    remote.requests.clear()
    return result.revision


def in_doubt(cast: Cast, assistant: Assistant, **fields: Any) -> Revision:
    """A change of Emil's that nobody knows whether it arrived."""
    row = fresh(assistant)
    live = live_definition(row)
    wanted = live.replace(**fields)
    save_draft(author=cast.editor, assistant=row, definition=wanted, base=row.live)
    revision = begin_change(
        assistant=row,
        kind="edit",
        wanted=wanted,
        live=live,
        author=Author.of(cast.publisher.user),
        drafter=cast.editor.user,
        note="",
    )
    assert revision
    close(revision=revision, status="unconfirmed", error=None)
    return revision


def again(
    cast: Cast,
    assistant: Assistant,
    revision: Revision,
    who: str = "admin",
    *,
    over_doubt: bool = False,
) -> SendResult:
    return resend(
        author=getattr(cast, who),
        assistant=fresh(assistant),
        revision=revision,
        over_doubt=over_doubt,
    )


def statuses(revision: Revision) -> list[str]:
    return [row.status for row in Outcome.objects.filter(revision=revision).order_by("pk")]


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


# Creates in doubt


def created_in_doubt(cast: Cast, connection: Connection, remote: Upstream) -> Assistant:
    """An assistant of Emil's: the gateway has made it, and another just like it is there too."""
    wanted = Definition.parse(START)
    assistant = new_assistant(author=cast.editor, connection=connection, definition=wanted)
    remote.add(**START)
    remote.fail_next("POST", FaultSpec(reset=True, applied=True))
    result = publish(
        author=cast.publisher,
        assistant=assistant,
        wanted=wanted,
        base=None,
        drafter=cast.editor.user,
    )
    assert result.status == "unconfirmed"
    remote.requests.clear()
    return fresh(assistant)


def test_a_person_says_which_one_a_create_has_made(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    assistant = created_in_doubt(cast, connection_to, remote)
    revision = Revision.objects.get(assistant=assistant)
    found = possible(assistant=assistant, revision=revision)
    assert [one.id for one in found] == list(reversed(remote.assistants))
    with pytest.raises(NotAllowed):
        claim_created(
            author=cast.editor, assistant=assistant, revision=revision, remote_id=found[0].id
        )
    with pytest.raises(NoTarget):
        claim_created(author=cast.admin, assistant=assistant, revision=revision, remote_id="asst_x")

    result = claim_created(
        author=cast.admin, assistant=assistant, revision=revision, remote_id=found[1].id
    )

    after = fresh(assistant)
    assert (result.status, after.state, after.remote_id) == ("applied", "live", found[1].id)
    assert (statuses(revision), after.trouble) == (["unconfirmed", "applied"], "")
    assert not after.drafts.exists()
    assert remote.count_of("POST") == 0
    with pytest.raises(NoTarget):
        claim_created(author=cast.admin, assistant=after, revision=revision, remote_id=found[0].id)
    assert list(verify(assistant=after)) == []


def test_creating_again_makes_a_second_one_only_when_the_gateway_can_be_asked(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    assistant = created_in_doubt(cast, connection_to, remote)
    revision = Revision.objects.get(assistant=assistant)
    for _ in range(9):
        remote.fail_next("GET", FaultSpec(status=503, body="{}"))
    with pytest.raises(GatewayError):
        again(cast, assistant, revision)
    assert (remote.count_of("POST"), len(remote.assistants)) == (0, 2)

    remote.faults.clear()
    with pytest.raises(InDoubt):
        again(cast, assistant, revision)
    result = again(cast, assistant, revision, over_doubt=True)

    assert (result.status, len(remote.assistants)) == ("applied", 3)
    assert result.revision
    assert (result.revision.kind, result.revision.drafter_name) == ("create", "Emil")
    assert fresh(assistant).state == "live"


def test_the_only_one_it_can_be_is_found_and_nothing_is_sent(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    assistant = created_in_doubt(cast, connection_to, remote)
    revision = Revision.objects.get(assistant=assistant)
    remote.assistants.pop(next(iter(remote.assistants)))

    assert again(cast, assistant, revision).status == ARRIVED

    assert remote.count_of("POST") == 0
    assert fresh(assistant).remote_id in remote.assistants


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


# Accepting


@pytest.fixture
def differing(cast: Cast, connection_to: Connection, published: Make, remote: Upstream) -> Revision:
    """Pia's own draft, of which the gateway stored the temperature otherwise."""
    assistant = published(connection_to)
    remote.rewrite = lambda row: {"temperature": 1}
    wanted = live_definition(assistant).replace(temperature=1.7)
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live)
    result = publish(author=cast.publisher, assistant=assistant, wanted=wanted, base=assistant.live)
    remote.rewrite = None
    assert result.revision
    assert fresh(assistant).trouble == "differs"
    return result.revision


def test_accepting_what_was_stored_is_recorded_once(cast: Cast, differing: Revision) -> None:
    assistant = differing.assistant
    with pytest.raises(NotAllowed):
        accept_revision(author=cast.editor, assistant=assistant, revision=differing)
    first = accept_revision(author=cast.publisher, assistant=assistant, revision=differing)
    again = accept_revision(author=cast.admin, assistant=assistant, revision=differing)
    assert first == again == Acceptance.objects.get()
    assert (first.name, first.user) == ("Pia", cast.publisher.user)
    assert fresh(assistant).trouble == ""
    assert not fresh(assistant).drafts.exists()
    assert live_definition(fresh(assistant)).value("temperature") == 1
    with pytest.raises(NoTarget):
        resend(author=cast.admin, assistant=fresh(assistant), revision=differing)


def test_accepting_many_times_at_once_is_recorded_once(cast: Cast, differing: Revision) -> None:
    assistant = differing.assistant
    people = (cast.publisher, cast.admin)
    results = at_once(
        lambda number: accept_revision(
            author=people[number % 2], assistant=assistant, revision=differing
        ),
        6,
    )
    assert set(results) == {Acceptance.objects.get()}


@pytest.mark.parametrize("who", ["publisher", "admin"])
def test_accepting_drops_no_draft_that_says_more_or_is_a_colleagues(
    cast: Cast, differing: Revision, who: str
) -> None:
    assistant = differing.assistant
    if who == "publisher":
        more = differing.definition.replace(name="And more")
        save_draft(author=cast.publisher, assistant=assistant, definition=more, base=differing)

    accept_revision(author=getattr(cast, who), assistant=assistant, revision=differing)

    assert draft_of(user=cast.publisher.user, assistant=assistant)


def test_accepting_leaves_other_trouble(cast: Cast, differing: Revision, remote: Upstream) -> None:
    assistant = differing.assistant
    tried(cast, assistant, remote, refused("No."), model="gpt-5.2")
    accept_revision(author=cast.admin, assistant=assistant, revision=differing)
    assert fresh(assistant).trouble == "rejected"


def test_an_outside_change_is_marked_as_seen(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    held(remote, assistant)["model"] = "theirs"
    check_remote(assistant=fresh(assistant))
    row = fresh(assistant)
    assert row.trouble == "outside"
    assert row.live
    assert assistant.live

    accept_revision(author=cast.publisher, assistant=row, revision=row.live)

    assert fresh(assistant).trouble == ""
    with pytest.raises(NoTarget):
        accept_revision(author=cast.publisher, assistant=row, revision=assistant.live)
    with pytest.raises(NoTarget):
        accept_revision(
            author=cast.publisher, assistant=published(connection_to), revision=row.live
        )


# Looking


def test_pages_that_are_opened_one_after_the_other_ask_once(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    remote.requests.clear()
    assert look(assistant=fresh(assistant)).found == "recent", "it was published just now"
    Assistant.objects.update(checked_at=None)
    assert [look(assistant=fresh(assistant)).found for _ in range(3)] == [
        "same",
        "recent",
        "recent",
    ]
    assert remote.count_of("GET") == 1


def test_a_gateway_that_fails_is_not_asked_by_every_page(
    cast: Cast, connection_to: Connection, published: Make, remote: Upstream
) -> None:
    assistant = published(connection_to)
    Assistant.objects.update(checked_at=None)
    remote.requests.clear()
    for _ in range(6):
        remote.fail_next("GET", FaultSpec(status=401, body="{}"))
    assert [look(assistant=fresh(assistant)).found for _ in range(3)] == [
        "failed",
        "recent",
        "recent",
    ]
    assert remote.count_of("GET") == 1


def test_whoever_looks_settles_what_is_in_doubt(
    cast: Cast, connection_to: Connection, published: Make, settings: Any
) -> None:
    assistant = published(connection_to)
    revision = in_doubt(cast, assistant, model="gpt-5.2")
    Assistant.objects.update(checked_at=None)
    look(assistant=fresh(assistant))
    assert statuses(revision) == ["unconfirmed"]
    settings.LATE_LANDING_SECONDS = 0
    cache.clear()
    look(assistant=fresh(assistant))
    assert statuses(revision) == ["unconfirmed", "not_delivered"]

"""What the write path keeps in reserve, and what it no longer does when somebody was quicker."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assistants.definition import Definition
from assistants.gateway import RemoteAssistant
from assistants.gateway.errors import Misconfigured
from assistants.models import Assistant, Connection, Draft, Revision
from assistants.services.editing.drafts import save_draft
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.remote.closing import fail, succeed
from assistants.services.remote.settle import check_remote
from assistants.services.syncing import mirror
from assistants.services.syncing.jobs import start
from tests.conftest import Cast
from tests.services.conftest import Make, fresh
from tests.services.test_in_doubt import LATE, edit
from tests.services.undelivered import statuses, take_slot
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)


def begun(cast: Cast, assistant: Assistant, **fields: object) -> tuple[Revision, Definition]:
    """Let a publisher take the slot, and stop there."""
    row = fresh(assistant)
    live = live_definition(row)
    wanted = live.replace(**fields)
    revision = take_slot(cast, row, wanted, live)
    assert revision
    return revision, wanted


def test_a_publisher_whose_lease_ran_out_does_not_settle_over_a_newer_live(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    revision, wanted = begun(cast, assistant, instructions="A")
    Assistant.objects.update(slot_until=timezone.now() - timedelta(seconds=1))
    assert edit(cast, assistant, "admin", over_doubt=True, instructions="B").status == "applied"
    answer = RemoteAssistant(str(assistant.remote_id), None, wanted, None, None)
    result = succeed(revision=revision, wanted=wanted, answer=answer, connection=connection_to)
    assert (result.status, statuses(revision)) == ("unconfirmed", ["unconfirmed"])
    assert live_definition(fresh(assistant)).value("instructions") == "B"
    assert list(verify(assistant=fresh(assistant))) == []


@pytest.mark.parametrize("act", ["publish", "delete"])
def test_nothing_begins_on_what_was_read_before_somebody_else_wrote(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make, act: str
) -> None:
    stale = published(connection_to)
    live = live_definition(stale)
    if act == "publish":
        assert edit(cast, stale, "admin", model="gpt-5.2").status == "applied"
    else:
        assert delete_assistant(author=cast.admin, assistant=fresh(stale)).status == "applied"
    before = Revision.objects.count()
    revision = take_slot(cast, stale, live.replace(instructions="A"), live)
    assert (revision, fresh(stale).slot, Revision.objects.count()) == (None, None, before)


def test_a_check_records_nothing_when_somebody_has_written_meanwhile(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    stale = published(connection_to)
    job = start(author=cast.publisher, connection=connection_to)
    assert edit(cast, stale, "admin", model="gpt-5.2").status == "applied"
    before = Revision.objects.count()
    mirror._find_again(job, stale)
    assert (Revision.objects.count(), job.changed) == (before, 0)


def test_a_draft_that_began_from_something_newer_is_not_moved_by_a_late_landing(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    remote.fail_next("POST", LATE)
    assert edit(cast, assistant, "publisher", instructions="A").status == "unconfirmed"
    Draft.objects.all().delete()
    newer = edit(cast, assistant, "admin", over_doubt=True, model="gpt-5.2").revision
    wanted = live_definition(fresh(assistant)).replace(instructions="C")
    save_draft(author=cast.publisher, assistant=assistant, definition=wanted, base=newer)
    remote.land()
    check_remote(assistant=fresh(assistant))
    draft = Draft.objects.get()
    assert (draft.base, draft.definition) == (newer, wanted)


def test_what_cannot_even_be_sent_is_refused(
    cast: Cast, connection_to: Connection, published: Make
) -> None:
    assistant = published(connection_to)
    revision, _ = begun(cast, assistant, instructions="A")
    result = fail(revision=revision, error=Misconfigured("odd"), connection=connection_to)
    assert (result.status, fresh(assistant).trouble) == ("rejected", "rejected")

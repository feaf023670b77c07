"""A write without a clear answer may still arrive: pages say so, and nobody is overwritten."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from assistants.models import Assistant, Connection, Draft, Revision
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import new_assistant, save_draft
from assistants.services.errors import Busy, InDoubt
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.verify import verify
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.remote.closing import SendResult
from assistants.services.remote.page_check import look
from assistants.services.remote.settle import check_remote, settle_all
from assistants.views.review import doubts
from tests.conftest import Cast
from tests.services.conftest import Make, fresh
from tests.services.undelivered import statuses, take_slot
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)

LATE = FaultSpec(status=504, body="upstream timed out", late=True)
"""The gateway gives up; what it handed on is carried out later (`Upstream.land`)."""


class Clock:
    """The clock of the machine, which the test puts where it wants it."""

    def __init__(self) -> None:
        self.offset = timedelta(0)
        self.real = timezone.now

    def now(self) -> datetime:
        return self.real() + self.offset

    def advance(self, **parts: float) -> None:
        self.offset += timedelta(**parts)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    cache.clear()
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


def edit(
    cast: Cast, assistant: Assistant, who: str, *, over_doubt: bool = False, **fields: object
) -> SendResult:
    author, assistant = getattr(cast, who), fresh(assistant)
    wanted = live_definition(assistant).replace(**fields)
    save_draft(author=author, assistant=assistant, definition=wanted, base=assistant.live)
    return publish(
        author=author,
        assistant=assistant,
        wanted=wanted,
        base=assistant.live,
        over_doubt=over_doubt,
    )


def left_in_doubt(cast: Cast, assistant: Assistant, remote: Upstream, **fields: object) -> Revision:
    remote.fail_next("POST", LATE)
    result = edit(cast, assistant, "publisher", **(fields or {"instructions": "A"}))
    assert result.status == "unconfirmed"
    assert result.revision
    return result.revision


@pytest.fixture
def first(cast: Cast, connection_to: Connection, published: Make, remote: Upstream) -> Revision:
    """A change of Pia's that may still arrive."""
    return left_in_doubt(cast, published(connection_to), remote)


def test_a_write_that_may_still_arrive_is_looked_for_until_it_does(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make, clock: Clock
) -> None:
    assistant = published(connection_to)
    revision = left_in_doubt(cast, assistant, remote)
    looks = []
    remote.requests.clear()
    for _ in range(900):
        clock.advance(seconds=1)
        settle_all()
        if remote.requests:
            looks.append(round((clock.now() - revision.created_at).total_seconds()))
            remote.requests.clear()
        if looks and looks[-1] >= 300:
            break
    assert [
        expected - 1 <= look <= expected + 1
        for look, expected in zip(looks, (5, 30, 120, 300), strict=True)
    ]
    assert statuses(revision) == ["unconfirmed"]
    remote.land()
    clock.advance(seconds=899 - looks[-1])
    settle_all()
    assert statuses(revision) == ["unconfirmed"], "it is not asked between two looks"
    clock.advance(seconds=2)
    assert settle_all() == {"settled": 1, "open": 0, "failed": 0}
    assert statuses(revision) == ["unconfirmed", "applied"]
    assert fresh(assistant).doubt_look_at is None


def test_after_its_time_it_was_not_delivered_and_arriving_even_later_is_credited(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make, clock: Clock
) -> None:
    assistant = published(connection_to)
    revision = left_in_doubt(cast, assistant, remote)
    address = f"/w/main/assistants/{assistant.pk}/history/"
    clock.advance(minutes=14, seconds=50)
    check_remote(assistant=fresh(assistant))
    page = cast.client("viewer").get(address).content.decode()
    assert "not certain" in page
    assert "Not delivered" not in page.partition("<tbody")[2]
    clock.advance(seconds=20)
    settle_all()
    assert statuses(revision) == ["unconfirmed", "not_delivered"]
    page = cast.client("viewer").get(address).content.decode()
    assert "Not delivered after 15 minutes" in page
    assert Draft.objects.get().definition.value("instructions") == "A", "the text is kept"
    remote.land()
    check_remote(assistant=fresh(assistant))
    assert statuses(revision) == ["unconfirmed", "not_delivered", "applied"]
    assert not Draft.objects.exists()
    assert list(verify(assistant=fresh(assistant))) == []


def test_a_number_that_changes_after_the_time_of_a_doubt_is_somebodys_own(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make, clock: Clock
) -> None:
    """Within it, the remote might have stored what was sent as another number."""
    assistant = published(connection_to)
    revision = left_in_doubt(cast, assistant, remote, temperature=0.9)
    clock.advance(minutes=16)
    settle_all()
    remote.assistants[str(assistant.remote_id)]["temperature"] = 0.7
    check_remote(assistant=fresh(assistant))
    assert statuses(revision) == ["unconfirmed", "not_delivered"]
    live = fresh(assistant).live
    assert live
    assert live.kind == "outside"


def test_nobody_publishes_over_doubt_without_saying_so(
    cast: Cast, remote: Upstream, first: Revision
) -> None:
    assistant = first.assistant
    before = Revision.objects.count()
    remote.requests.clear()
    with pytest.raises(InDoubt) as caught:
        edit(cast, assistant, "admin", instructions="B")
    assert caught.value.revisions == (first,)
    assert (Revision.objects.count(), remote.count_of("POST")) == (before, 0)
    assert fresh(assistant).slot is None
    assert edit(cast, assistant, "admin", over_doubt=True, instructions="B").status == "applied"
    remote.land()
    check_remote(assistant=fresh(assistant))
    after = fresh(assistant)
    assert (statuses(first), after.live_id) == (["unconfirmed", "applied"], first.pk)
    assert after.trouble == "arrived_late", "somebody has to know that B is gone"


def test_what_is_newer_keeps_its_state_when_an_older_doubt_is_over(
    cast: Cast, first: Revision, settings: Any
) -> None:
    assistant = first.assistant
    assert edit(cast, assistant, "admin", over_doubt=True, model="gpt-5.2").status == "applied"
    settings.LATE_LANDING_SECONDS = 0
    settle_all()
    assert statuses(first) == ["unconfirmed", "not_delivered"]
    assert (fresh(assistant).trouble, fresh(assistant).doubt_look_at) == ("", None)


def test_two_in_doubt_are_settled_each_in_its_time(
    cast: Cast, remote: Upstream, first: Revision, clock: Clock
) -> None:
    assistant = first.assistant
    clock.advance(minutes=10)
    remote.fail_next("POST", FaultSpec(reset=True))
    second = edit(cast, assistant, "admin", over_doubt=True, model="gpt-5.2").revision
    clock.advance(minutes=6)
    settle_all()
    assert (statuses(first), statuses(second)) == (
        ["unconfirmed", "not_delivered"],
        ["unconfirmed"],
    )
    assert fresh(assistant).trouble == "unconfirmed"
    clock.advance(minutes=10)
    settle_all()
    assert statuses(second) == ["unconfirmed", "not_delivered"]
    assert fresh(assistant).trouble == "not_delivered"


def test_a_create_in_doubt_is_not_made_again_unasked(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    wanted = live_definition(published(connection_to)).replace(name="New")
    assistant = new_assistant(author=cast.publisher, connection=connection_to, definition=wanted)
    remote.fail_next("POST", LATE)

    def create(**options: bool) -> str:
        row = fresh(assistant)
        return publish(
            author=cast.publisher, assistant=row, wanted=wanted, base=None, **options
        ).status

    assert create() == "unconfirmed"
    with pytest.raises(InDoubt):
        create()
    assert create(over_doubt=True) == "applied"


def test_a_remote_that_does_not_say_when_it_made_them_is_read_on(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    wanted = live_definition(published(connection_to)).replace(name="New")
    assistant = new_assistant(author=cast.publisher, connection=connection_to, definition=wanted)
    remote.fail_next("POST", LATE)
    for row in remote.assistants.values():
        row["created_at"] = None
    result = publish(author=cast.publisher, assistant=fresh(assistant), wanted=wanted, base=None)
    assert result.status == "unconfirmed"


def test_a_recreate_in_doubt_is_not_made_again_unasked(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    delete_assistant(author=cast.publisher, assistant=assistant)
    remote.fail_next("POST", LATE)
    assert (
        recreate_assistant(author=cast.publisher, assistant=fresh(assistant)).status
        == "unconfirmed"
    )
    with pytest.raises(InDoubt):
        recreate_assistant(author=cast.publisher, assistant=fresh(assistant))
    again = recreate_assistant(author=cast.publisher, assistant=fresh(assistant), over_doubt=True)
    assert again.status == "applied"


def test_what_is_gone_leaves_no_doubt(cast: Cast, first: Revision) -> None:
    assistant = first.assistant
    assert delete_assistant(author=cast.publisher, assistant=fresh(assistant)).status == "applied"
    assert statuses(first) == ["unconfirmed", "not_delivered"]
    assert (fresh(assistant).trouble, fresh(assistant).doubt_look_at) == ("", None)


def test_a_look_that_finds_nothing_in_doubt_is_the_last(
    cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> None:
    assistant = published(connection_to)
    assert delete_assistant(author=cast.publisher, assistant=assistant).status == "applied"
    Assistant.objects.update(doubt_look_at=timezone.now())
    assert check_remote(assistant=fresh(assistant)).found == "same"
    assert fresh(assistant).doubt_look_at is None


def test_the_registry_leaves_no_doubt(cast: Cast, published: Make, clock: Clock) -> None:
    """It runs in this process: what is not in its record was not written, and will not be."""
    registry = registry_of(cast.workspace)
    assert registry
    assistant = published(registry)
    live = live_definition(assistant)
    revision = take_slot(cast, assistant, live.replace(instructions="A"), live)
    clock.advance(minutes=2)
    check_remote(assistant=fresh(assistant))
    assert statuses(revision) == ["not_delivered"]


def test_review_says_that_an_earlier_change_may_still_arrive_and_asks(
    cast: Cast, first: Revision
) -> None:
    assistant = first.assistant
    wanted = live_definition(fresh(assistant)).replace(instructions="B")
    save_draft(
        author=cast.admin, assistant=assistant, definition=wanted, base=fresh(assistant).live
    )
    client, address = cast.client("admin"), f"/w/main/assistants/{assistant.pk}/review/"
    page = client.get(address).content.decode()
    assert "may still arrive until" in page
    assert "Publish anyway" in page
    assert f'name="over_doubt" value="{first.number}"' in page
    sent = {"reviewed": wanted.digest, "note": "Why not"}
    answer = client.post(address, sent)
    assert answer.status_code == 409
    assert "an earlier change may still arrive" in answer.content.decode()
    assert "Why not" in answer.content.decode()
    assert client.post(address, {**sent, "over_doubt": first.number + 1}).status_code == 409
    assert client.post(address, {**sent, "over_doubt": first.number}).status_code == 303
    assert live_definition(fresh(assistant)).value("instructions") == "B"


def test_recreating_and_sending_again_ask_as_well(
    cast: Cast, remote: Upstream, first: Revision
) -> None:
    assistant = first.assistant
    client, root = cast.client("admin"), f"/w/main/assistants/{assistant.pk}/"
    page = client.get(f"{root}history/{first.number}/send-again/").content.decode()
    assert f'name="over_doubt" value="{first.number}"' in page
    delete_assistant(author=cast.publisher, assistant=fresh(assistant))
    remote.fail_next("POST", LATE)
    second = recreate_assistant(author=cast.publisher, assistant=fresh(assistant)).revision
    assert second
    page = client.get(f"{root}recreate/").content.decode()
    assert f'name="over_doubt" value="{second.number}"' in page
    assert client.post(f"{root}recreate/", {}).status_code == 409
    assert client.post(f"{root}recreate/", {"over_doubt": second.number}).status_code == 303
    assert doubts.doubt_context(fresh(assistant))["over_doubt"] == str(second.number)


@pytest.mark.slow
def test_a_clock_put_back_an_hour_locks_nobody_out_and_claims_nothing(
    cast: Cast, connection_to: Connection, published: Make, clock: Clock, settings: Any
) -> None:
    settings.GATEWAY_PUBLISH_DEADLINE = 1.0  # how long one waits for the other
    assistant = published(connection_to)
    live = live_definition(assistant)
    take_slot(cast, assistant, live.replace(instructions="A"), live)
    with pytest.raises(Busy):
        edit(cast, assistant, "admin", model="gpt-5.2")
    Assistant.objects.update(checked_at=clock.now())
    clock.advance(hours=-1)
    page = cast.client("viewer").get(f"/w/main/assistants/{assistant.pk}/history/").content.decode()
    checked = page.partition('id="checked"')[2].partition("</span>")[0]
    assert "just now" not in checked
    assert settle_all() == {"settled": 0, "open": 1, "failed": 0}
    assert fresh(assistant).slot is None
    assert edit(cast, assistant, "admin", over_doubt=True, model="gpt-5.2").status == "applied"
    Assistant.objects.update(checked_at=clock.now() + timedelta(hours=1))
    assert look(assistant=fresh(assistant)).found == "same", "a check from the future is not recent"

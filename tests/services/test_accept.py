"""Accepting what the gateway stored differently, or what changed outside."""

import pytest

from admin_ui.accounts.permissions import NotAllowed
from assistants.models import Acceptance, Connection, Revision
from assistants.services.editing.accept import accept_revision
from assistants.services.editing.drafts import draft_of, save_draft
from assistants.services.errors import NoTarget
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from assistants.services.publishing.resend import resend
from assistants.services.remote.settle import check_remote
from tests.conftest import Cast
from tests.services.conftest import Make, fresh
from tests.services.test_concurrency import at_once
from tests.services.undelivered import held, tried
from tests.upstream import Upstream, refused

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked"),
]


@pytest.fixture
def differing(cast: Cast, connection_to: Connection, published: Make, remote: Upstream) -> Revision:
    """Pia's own draft, of which the gateway stored the temperature differently."""
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

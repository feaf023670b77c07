"""A create in doubt: a person says which assistant it made, or it is sent again."""

import pytest

from admin_ui.accounts.permissions import NotAllowed
from assistants.gateway import GatewayError
from assistants.models import Connection, Revision
from assistants.services.errors import InDoubt, NoTarget
from assistants.services.ledger.verify import verify
from assistants.services.publishing.resend import ARRIVED
from assistants.services.remote.claim import claim_created, possible
from tests.conftest import Cast
from tests.services.conftest import fresh
from tests.services.undelivered import again, created_in_doubt, statuses
from tests.upstream import FaultSpec, Upstream

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked"),
]


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

"""No verb takes a note over the limit, and sending again shortens one from before the limit."""

from typing import Any

import pytest

from admin_ui.accounts.models import Workspace
from assistants.definition import LIMITS
from assistants.models import Assistant, Connection, Revision
from assistants.services.errors import Invalid
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from assistants.services.publishing.resend import resend
from assistants.services.syncing.jobs import sync
from tests.conftest import Cast
from tests.pages.editing import address
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.upstream import Upstream

LONG = "y" * (LIMITS.note + 1)


@pytest.mark.django_db(transaction=True)
def test_no_verb_takes_a_note_that_is_too_long(
    connection_to: Connection, remote: Upstream, cast: Cast
) -> None:
    remote.add(id="asst_brought", name="Support", model="m")
    sync(connections=[connection_to])
    assistant = Assistant.objects.select_related("connection", "live", "slot").get()
    wanted = live_definition(assistant).replace(name="Other")
    calls, rows = len(remote.requests), Revision.objects.count()

    def refused(**arguments: Any) -> None:
        verb = arguments.pop("verb")
        with pytest.raises(Invalid) as caught:
            verb(author=cast.admin, note=LONG, **arguments)
        assert [(found.field, found.code) for found in caught.value.problems] == [
            ("note", "string_above_max_length")
        ]

    refused(verb=publish, assistant=assistant, wanted=wanted, base=assistant.live)
    refused(verb=delete_assistant, assistant=assistant)
    new = Assistant.objects.create(workspace=cast.workspace, connection=connection_to)
    refused(verb=publish, assistant=new, wanted=wanted, base=None)
    gone = make_assistant(cast.workspace, connection=connection_to)
    Assistant.objects.filter(pk=gone.pk).update(state=Assistant.State.DELETED)
    gone.refresh_from_db()
    refused(verb=recreate_assistant, assistant=gone)
    assert len(remote.requests) == calls
    assert Revision.objects.count() == rows + 1  # the one that `gone` was made with


def test_the_one_place_that_inserts_revisions_takes_none(workspace: Workspace) -> None:
    assistant = make_assistant(workspace)
    with pytest.raises(Invalid):
        change(assistant, note=LONG, name="Other")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["review", "delete"])
def test_a_long_note_is_shown_again_with_what_is_wrong(cast: Cast, page: str) -> None:
    assistant = make_assistant(cast.workspace)
    client = cast.client("admin")
    client.post(address(assistant, "edit"), {"name": "Other"})
    response = client.post(address(assistant, page), {"note": LONG})
    html = response.content.decode()
    assert response.status_code == 422
    assert "A note can have at most 5,000 characters; this one has 5,001." in html
    assert 'aria-describedby="help_note error_note" aria-invalid="true"' in html
    assert fields_of(response)["note"] == LONG
    assert Revision.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_sending_again_shortens_a_note_of_before(
    connection_to: Connection, remote: Upstream, cast: Cast
) -> None:
    made = remote.add(name="Support", model="m")
    sync(connections=[connection_to])
    assistant = Assistant.objects.select_related("connection", "live", "slot").get()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assistants.services.ledger.record.check_note", lambda _note: None)
        assistant = change(assistant, name="Other", note=LONG, status="not_delivered")
    revision = assistant.revisions.get(number=2)
    result = resend(author=cast.admin, assistant=assistant, revision=revision)
    assert result.status == "applied"
    assert remote.assistants[made["id"]]["name"] == "Other"
    assert result.revision is not None
    assert result.revision.note == "y" * 4_999 + "…"

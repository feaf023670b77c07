"""A workspace that asks for a note with every change gets one from its members, on every way."""

from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.models import Workspace
from admin_ui.accounts.permissions import NotAllowed
from admin_ui.accounts.workspaces.workspaces import set_note_rule
from admin_ui.audit.log.wording import details_told
from admin_ui.audit.models import AuditEvent, EventKind
from assistants.models import Assistant, Connection, Draft, Revision, StoreChange
from assistants.services.documents.changing import DocumentPlace, add_document
from assistants.services.errors import NoteRequired
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.delete import delete_assistant
from assistants.services.publishing.publish import publish
from assistants.services.publishing.recreate import recreate_assistant
from tests import factories
from tests.api.calls import by_role
from tests.conftest import Cast
from tests.pages.editing import address
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.services.conftest import fresh

pytestmark = pytest.mark.django_db(transaction=True)
SETTINGS = "/w/main/settings/"
HINT = "Why, and the number of the ticket"
MISSING = "Write a note: this workspace asks for one with every change."


@pytest.fixture
def asked(cast: Cast, live: Assistant) -> Cast:
    """Return the cast of a workspace that asks for notes since something is live."""
    set_note_rule(actor=cast.admin, requires_note=True, note_hint=HINT)
    for member in (cast.admin, cast.publisher):
        member.workspace.refresh_from_db()
    return cast


@pytest.mark.parametrize("note", ["", " \n\t"])
def test_no_verb_begins_without_a_note(
    asked: Cast, live: Assistant, connection_to: Connection, note: str
) -> None:
    live = fresh(live)
    wanted = live_definition(live).replace(name="Other")
    gone = make_assistant(asked.workspace)
    Assistant.objects.filter(pk=gone.pk).update(state=Assistant.State.DELETED)
    new = Assistant.objects.create(workspace=asked.workspace, connection=connection_to)
    rows = Revision.objects.count()

    def refused(verb: Any, **arguments: Any) -> None:
        with pytest.raises(NoteRequired):
            verb(author=asked.admin, note=note, **arguments)

    refused(publish, assistant=live, wanted=wanted, base=live.live)
    refused(publish, assistant=new, wanted=wanted, base=None)
    refused(delete_assistant, assistant=live)
    refused(recreate_assistant, assistant=fresh(gone))
    document = DocumentPlace(connection_to, "vs_1", "file-1", "", "")
    refused(add_document, document=document, confirmed="")
    assert Revision.objects.count() == rows
    assert not StoreChange.objects.exists()
    result = publish(
        author=asked.admin, assistant=live, wanted=wanted, base=live.live, note="Ticket 7"
    )
    assert result.status == "applied"
    delete_assistant(author=asked.admin, assistant=new)
    assert not Assistant.objects.filter(pk=new.pk).exists()


def test_the_way_back_needs_a_reason_too(cast: Cast, live: Assistant) -> None:
    change(live, by=cast.publisher.user, name="Second")
    page = f"/w/main/assistants/{live.pk}/previous/"
    assert fields_of(cast.client("publisher").get(page))["note"] == "Back to v1."
    set_note_rule(actor=cast.admin, requires_note=True, note_hint=HINT)
    client = cast.client("publisher")
    form = fields_of(client.get(page))
    assert form["note"] == ""
    refused = client.post(page, form)
    assert refused.status_code == 422
    assert MISSING in refused.content.decode()
    assert client.post(page, form | {"note": "Ticket 7"}).status_code == 303


def test_the_form_shows_the_hint_and_the_error_at_the_field(asked: Cast, live: Assistant) -> None:
    client = asked.client("publisher")
    client.post(address(live, "edit"), {"name": "Other"})
    page = client.get(address(live, "review"))
    html = page.content.decode()
    assert HINT in html
    assert "(optional)" not in html
    answer = client.post(address(live, "review"), {**fields_of(page), "note": "  "})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Nothing was sent, because the note is missing." in html
    assert html.count(MISSING) == 2  # on top, and at the field
    assert 'aria-invalid="true"' in html
    assert Draft.objects.get().definition.value("name") == "Other"
    answer = client.post(address(live, "review"), {**fields_of(answer), "note": "Ticket 7"})
    assert answer.status_code == 303


def test_a_change_without_a_note_is_sent_again_with_one_that_says_so(
    asked: Cast, live: Assistant
) -> None:
    change(live, status="not_delivered", name="Other")
    client = asked.client("publisher")
    path = f"/w/main/assistants/{live.pk}/history/2/send-again/"
    assert client.post(path, fields_of(client.get(path))).status_code == 303
    again = Revision.objects.latest("pk")
    assert (again.number, again.note) == (3, "Sends revision 2 again.")


def test_the_json_api_says_which_field_is_missing(asked: Cast) -> None:
    api = by_role(asked, "publisher")
    wanted = {"name": "Refunds", "model": "gpt-4o"}
    path = f"assistants/{api('POST', 'assistants', {'definition': wanted}).data['id']}"
    refused = api("POST", f"{path}/publish", {})
    assert refused.refusal == (422, "note_required", "note")
    assert refused.data["error"]["problems"][0]["code"] == "missing_required_parameter"
    assert api("POST", f"{path}/publish", {"note": "Ticket 7"}).data["version"] == 1
    assert by_role(asked, "admin")("DELETE", path).refusal == (422, "note_required", "note")


def test_keys_of_the_registry_need_none(asked: Cast, live: Assistant) -> None:
    _key, secret = factories.make_api_key(asked.workspace, can_write=True)
    answer = Client().post(
        f"/v1/assistants/{live.remote_id}",
        {"name": "By key"},
        content_type="application/json",
        headers={"authorization": f"Bearer {secret}", "openai-beta": "assistants=v2"},
    )
    assert answer.status_code == 200
    assert fresh(live).name == "By key"


@pytest.mark.parametrize(
    ("who", "status"),
    [("viewer", 403), ("editor", 403), ("publisher", 403), ("stranger", 404), ("admin", 303)],
)
def test_admins_set_the_rule(cast: Cast, who: str, status: int) -> None:
    sent = {"name": "Main", "requires_note": "on", "note_hint": f" {HINT} "}
    assert cast.client(who).post(SETTINGS, sent).status_code == status
    row = Workspace.objects.get(slug="main")
    done = status == 303
    assert (row.requires_note, row.note_hint) == ((True, HINT) if done else (False, ""))
    if done:
        assert fields_of(cast.client(who).get(SETTINGS))["requires_note"] == "on"
        cast.client(who).post(SETTINGS, {"name": "Main", "note_hint": HINT})
        events = AuditEvent.objects.filter(kind=EventKind.WORKSPACE_CHANGED).order_by("pk")
        assert [sorted(details_told(event)) for event in events] == [
            ["each change needs a note", f"hint for notes: empty → {HINT}"],
            ["notes are optional"],
        ]


def test_the_service_asks_for_the_role_itself(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        set_note_rule(actor=cast.publisher, requires_note=True, note_hint="")
    long = {"name": "Main", "requires_note": "on", "note_hint": "x" * 301}
    assert cast.client("admin").post(SETTINGS, long).status_code == 422

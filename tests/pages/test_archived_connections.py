"""An archived connection: nothing is sent over it, and all of it stays readable."""

from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from admin_ui.accounts.permissions import NotAllowed
from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.encryption import decrypt
from assistants.models import Assistant, Connection, Draft
from assistants.services.connections.archiving import archive_connection, reopen_connection
from assistants.services.connections.client import registry_of
from assistants.services.connections.saving import make_default, save_connection
from assistants.services.documents.settling import settle_everything
from assistants.services.editing.drafts import save_draft
from assistants.services.errors import ConnectionArchived, ConnectionKept
from assistants.services.ledger.reading import live_definition
from assistants.services.setup.first_start import connect_environment
from assistants.tasks import offers_due, settle_due, sync_all, sync_connection
from assistants.wording.pauses import ARCHIVED
from tests.api.calls import by_role
from tests.conftest import Cast
from tests.pages.connecting import ROOT, text_of
from tests.pages.reading import tight
from tests.services.conftest import Make, fresh, published  # noqa: F401  a fixture
from tests.services.undelivered import in_doubt
from tests.upstream import Upstream

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("nobody_has_looked"),
]


@pytest.fixture
def live(published: Make, connection_to: Connection, remote: Upstream) -> Assistant:  # noqa: F811
    row = published(connection_to, name="Greeter")
    remote.requests.clear()
    return row


def archived(cast: Cast, connection: Connection) -> Connection:
    archive_connection(
        author=cast.admin, connection=connection, new_default=registry_of(cast.workspace)
    )
    return Connection.objects.get(pk=connection.pk)


def test_the_page_says_what_changes_and_asks_for_another_default(
    cast: Cast, live: Assistant
) -> None:
    client, path = cast.client("admin"), f"{ROOT}{live.connection_id}/archive/"
    said = tight(text_of(client, path))
    assert "Archive Production?" in said
    assert "Its 1 assistant stays readable with its history, and drafts are kept." in said
    assert "New assistants are then created on" in said
    refused = client.post(path)
    assert refused.status_code == 409
    registry = registry_of(cast.workspace)
    assert registry
    response = client.post(path, {"default": registry.pk}, follow=True)
    text = tight(response.content.decode())
    assert "Production is archived. Its assistants and their history stay readable." in text
    assert list(Connection.objects.filter(is_default=True)) == [registry]
    row = Connection.objects.get(pk=live.connection_id)
    assert row.archived_at is not None
    assert decrypt(row.credentials) == {"api_key": "sk-secret"}, "kept, to be reopened"
    newest = AuditEvent.objects.filter(kind=EventKind.CONNECTION_CHANGED).latest("pk")
    assert (newest.about, newest.details) == ("Production", {"archived": True})


def test_nothing_is_sent_and_each_page_says_so(
    cast: Cast, live: Assistant, remote: Upstream
) -> None:
    connection = archived(cast, live.connection)
    wanted = live_definition(live).replace(name="Host")
    save_draft(author=cast.publisher, assistant=live, definition=wanted, base=live.live)
    client, page = cast.client("publisher"), f"/w/main/assistants/{live.pk}/"
    for path in ("", "edit/", "history/", "review/", "code/"):
        assert "The connection Production is archived" in tight(
            client.get(page + path, follow=True).content.decode()
        ), path
    checked = client.get(f"{page}check/").content.decode()
    assert "unplug" not in checked.split("</span>")[0]
    sent = client.post(f"{page}review/", {"note": ""})
    assert sent.status_code == 409
    assert f"{ARCHIVED} Nothing was sent, and the draft is kept." in tight(sent.content.decode())
    assert Draft.objects.filter(assistant=live).count() == 1
    assert fresh(live).last_number == live.last_number, "no entry in the history"
    for path in ("delete/", "settle/"):
        said = client.post(page + path, {"name": str(live)}, follow=True).content.decode()
        assert str(ARCHIVED) in tight(said), path
    admin, root = cast.client("admin"), f"{ROOT}{connection.pk}/"
    for path in ("test/", "bring-in/", "default/"):
        assert str(ARCHIVED) in tight(admin.post(root + path, follow=True).content.decode()), path
    assert remote.requests == []


def test_no_task_and_no_command_asks_it(cast: Cast, live: Assistant, remote: Upstream) -> None:
    in_doubt(cast, live, name="Host")
    Assistant.objects.filter(pk=live.pk).update(doubt_look_at=timezone.now())
    assert settle_due.call() == 1
    Assistant.objects.filter(pk=live.pk).update(doubt_look_at=timezone.now())
    archived(cast, live.connection)
    said = tight(text_of(cast.client("admin"), f"{ROOT}{live.connection_id}/archive/"))
    assert "1 change is not confirmed yet." in said
    remote.requests.clear()
    assert settle_due.call() == 0
    assert sync_all.call() == 1, "the registry"
    assert sync_connection.call(live.connection_id) == {}
    assert offers_due.call() == 0
    call_command("sync")
    assert settle_everything()["open"] == 1
    assert remote.requests == []


def test_a_copy_and_a_new_assistant_begin_on_an_open_connection(
    cast: Cast, live: Assistant
) -> None:
    connection = archived(cast, live.connection)
    client = cast.client("publisher")
    for path in ("start/", "new/"):
        assert "Production" not in text_of(client, f"/w/main/assistants/{path}")
    client.post(f"/w/main/assistants/{live.pk}/duplicate/", {})
    copy = Assistant.objects.latest("pk")
    assert (copy.name, copy.connection) == ("Copy of Greeter", registry_of(cast.workspace))
    fields = {"name": "Typed while it was archived", "model": "m", "connection": connection.pk}
    assert client.post("/w/main/assistants/new/", fields).status_code == 303, "nothing is lost"
    assert Draft.objects.latest("pk").definition.value("name") == "Typed while it was archived"


def test_the_api_names_the_reason(cast: Cast, live: Assistant) -> None:
    connection, api = archived(cast, live.connection), by_role(cast, "publisher")
    body = {"definition": {"name": "New", "model": "m"}, "connection": connection.pk}
    sent = [
        api("POST", "assistants", body),
        api(
            "PUT", f"assistants/{live.pk}/draft", {"definition": body["definition"]}, if_match='"1"'
        ),
        api("POST", f"assistants/{live.pk}/publish", {"note": ""}),
    ]
    assert [answer.status for answer in sent] == [409, 200, 409]
    assert sent[2].refusal[:2] == (409, "connection_archived")
    assert api("GET", f"assistants/{live.pk}").status == 200
    body["connection"] = None
    made = api("POST", "assistants", body).data["id"]
    assert Assistant.objects.get(pk=made).connection == registry_of(cast.workspace)


def test_reopening_makes_everything_work_again(
    cast: Cast, live: Assistant, remote: Upstream
) -> None:
    connection = archived(cast, live.connection)
    text = tight(text_of(cast.client("admin")))
    assert text.index("Archived") < text.index(">Reopen<")
    assert "Reopen" not in text_of(cast.client("publisher"))
    path = f"{ROOT}{connection.pk}/reopen/"
    assert cast.client("publisher").post(path).status_code == 403
    response = cast.client("admin").post(path, follow=True)
    assert "Production is open again." in tight(response.content.decode())
    tested = cast.client("admin").post(f"{ROOT}{connection.pk}/test/", follow=True)
    assert "Production works." in tight(tested.content.decode())
    newest = AuditEvent.objects.filter(kind=EventKind.CONNECTION_CHANGED).latest("pk")
    assert newest.details == {"reopened": True}


def test_its_key_can_be_replaced_but_it_cannot_be_the_default(cast: Cast, live: Assistant) -> None:
    connection = archived(cast, live.connection)
    client, path = cast.client("admin"), f"{ROOT}{connection.pk}/edit/"
    assert "This connection is archived." in text_of(client, path)
    fields = {"name": "Old", "base_url": connection.base_url, "api_key": "sk-new"}
    assert client.post(path, {**fields, "is_default": "on"}).status_code == 303
    row = Connection.objects.get(pk=connection.pk)
    assert (decrypt(row.credentials), row.is_default) == ({"api_key": "sk-new"}, False)
    assert row.archived_at is not None
    with pytest.raises(ConnectionArchived):
        make_default(author=cast.admin, connection=row)
    with pytest.raises(ConnectionArchived):
        save_connection(
            author=cast.admin,
            connection=row,
            name="Old",
            profile="openai",
            base_url=row.base_url,
            credentials={},
            options={},
            is_default=True,
        )


def test_registry_environment_and_default_stay_open(cast: Cast, settings: Any) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    settings.GATEWAY = {"api_key": "sk-secret", "base_url": "https://gateway.test/v1"}
    environment = connect_environment(cast.workspace)
    for row, reason in ((registry, "registry"), (environment, "environment")):
        with pytest.raises(ConnectionKept, match=reason):
            archive_connection(author=cast.admin, connection=row)
        page = cast.client("admin").get(f"{ROOT}{row.pk}/archive/").content.decode()
        assert f"{row.name} cannot be archived" in tight(page)
    settings.GATEWAY = {}
    with pytest.raises(ConnectionKept, match="default"):
        archive_connection(author=cast.admin, connection=environment)
    archive_connection(author=cast.admin, connection=environment, new_default=registry)
    settings.GATEWAY = {"api_key": "sk-secret", "base_url": "https://gateway.test/v1"}
    again = connect_environment(cast.workspace)
    assert (again.pk, again.archived_at, again.is_default) == (environment.pk, None, True)


def test_only_an_admin_of_the_workspace_may(cast: Cast, connection_to: Connection) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    foreign = Connection.objects.create(workspace=cast.stranger.workspace, name="theirs")
    for verb in (archive_connection, reopen_connection):
        for author in (cast.publisher, cast.stranger):
            with pytest.raises(NotAllowed):
                verb(author=author, connection=connection_to)
    with pytest.raises(NotAllowed):
        archive_connection(author=cast.admin, connection=connection_to, new_default=foreign)
    path = f"{ROOT}{connection_to.pk}/archive/"
    assert cast.client("admin").post(path, {"default": foreign.pk}).status_code == 404
    assert cast.client("admin").post(path, {"default": "x"}).status_code == 404
    assert Connection.objects.get(pk=connection_to.pk).archived_at is None

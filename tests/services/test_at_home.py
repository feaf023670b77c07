"""No service touches the connection of another workspace, whatever it is handed."""

import inspect
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from pkgutil import walk_packages

import pytest

from admin_ui.accounts.permissions import NotAllowed
from admin_ui.audit.models import AuditEvent
from admin_ui.encryption import encrypt
from assistants import services
from assistants.definition import Definition
from assistants.models import Assistant, Connection, Job
from assistants.services.connections import archiving, probe, saving
from assistants.services.connections.client import registry_of
from assistants.services.documents import adding
from assistants.services.editing import drafts
from assistants.services.syncing import jobs
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
FORM = {
    "name": "Taken over",
    "profile": "openai",
    "base_url": "https://elsewhere.example.org/v1",
    "credentials": {"api_key": "sk-new"},
    "options": {},
}


@pytest.fixture
def theirs(cast: Cast) -> Connection:
    """A connection of the workspace that only the stranger is an admin of."""
    return Connection.objects.create(
        workspace=cast.stranger.workspace,
        name="Theirs",
        profile="openai",
        base_url="https://theirs.example.org/v1",
        credentials=encrypt({"api_key": "sk-theirs"}),
    )


def own_draft(cast: Cast) -> Assistant:
    own = registry_of(cast.workspace)
    assert own
    definition = Definition.parse({"name": "Mine", "model": "gpt-5.2"})
    return drafts.new_assistant(author=cast.admin, connection=own, definition=definition)


ACTS: dict[str, Callable[[Cast, Connection], object]] = {
    "save_connection": lambda cast, row: saving.save_connection(
        author=cast.admin, connection=row, **FORM
    ),
    "make_default": lambda cast, row: saving.make_default(author=cast.admin, connection=row),
    "archive_connection": lambda cast, row: archiving.archive_connection(
        author=cast.admin, connection=row
    ),
    "reopen_connection": lambda cast, row: archiving.reopen_connection(
        author=cast.admin, connection=row
    ),
    "remove_connection": lambda cast, row: saving.remove_connection(
        author=cast.admin, connection=row
    ),
    "probe_connection": lambda cast, row: probe.probe_connection(author=cast.admin, connection=row),
    "start": lambda cast, row: jobs.start(author=cast.admin, connection=row),
    "upload_file": lambda cast, row: adding.upload_file(
        author=cast.admin, connection=row, file=adding.NewFile(BytesIO(b"x"), "x.txt", 1)
    ),
    "make_store": lambda cast, row: adding.make_store(
        author=cast.admin, connection=row, name="Articles"
    ),
    "new_assistant": lambda cast, row: drafts.new_assistant(
        author=cast.admin, connection=row, definition=Definition.parse({"name": "x"})
    ),
    "choose_connection": lambda cast, row: drafts.choose_connection(
        author=cast.admin, assistant=own_draft(cast), connection=row
    ),
}


def test_every_service_with_an_author_and_a_connection_is_tried() -> None:
    found = set()
    for entry in walk_packages(services.__path__, f"{services.__name__}."):
        module = import_module(entry.name)
        for name, act in inspect.getmembers(module, inspect.isfunction):
            if act.__module__ == entry.name and not name.startswith("_"):
                parameters = inspect.signature(act).parameters
                if {"author", "connection"} <= parameters.keys():
                    found.add(name)
    assert found - {"check_allowed"} == ACTS.keys()


@pytest.mark.parametrize("name", ACTS)
def test_another_workspaces_connection_is_refused(
    cast: Cast, theirs: Connection, name: str
) -> None:
    before = Connection.objects.filter(pk=theirs.pk).values().get()
    with pytest.raises(NotAllowed):
        ACTS[name](cast, theirs)
    assert Connection.objects.filter(pk=theirs.pk).values().get() == before
    assert not Job.objects.exists()
    assert not Assistant.objects.filter(connection=theirs).exists()
    assert not AuditEvent.objects.filter(workspace=theirs.workspace).exists()


def test_another_workspaces_draft_stays_on_its_connection(cast: Cast, theirs: Connection) -> None:
    definition = Definition.parse({"name": "Theirs"})
    assistant = drafts.new_assistant(author=cast.stranger, connection=theirs, definition=definition)
    own = registry_of(cast.workspace)
    assert own
    drafts.choose_connection(author=cast.admin, assistant=assistant, connection=own)
    assistant.refresh_from_db()
    assert assistant.connection_id == theirs.pk


def test_only_what_was_never_sent_moves_to_another_connection(cast: Cast) -> None:
    other = saving.save_connection(author=cast.admin, connection=None, **FORM)
    own = registry_of(cast.workspace)
    assert own
    assistant = own_draft(cast)
    drafts.choose_connection(author=cast.editor, assistant=assistant, connection=other)
    assistant.refresh_from_db()
    assert assistant.connection_id == other.pk
    Assistant.objects.filter(pk=assistant.pk).update(last_number=1)
    drafts.choose_connection(author=cast.editor, assistant=assistant, connection=own)
    assistant.refresh_from_db()
    assert assistant.connection_id == other.pk


def test_the_registry_is_neither_changed_nor_added_again(cast: Cast) -> None:
    own = registry_of(cast.workspace)
    assert own
    before = Connection.objects.filter(pk=own.pk).values().get()
    with pytest.raises(NotAllowed):
        saving.save_connection(author=cast.admin, connection=own, **FORM)
    with pytest.raises(NotAllowed):
        saving.save_connection(author=cast.admin, connection=None, **FORM | {"profile": "registry"})
    assert Connection.objects.filter(pk=own.pk).values().get() == before
    assert Connection.objects.filter(profile="registry", workspace=cast.workspace).count() == 1


def test_pages_know_nothing_of_them(cast: Cast, theirs: Connection) -> None:
    client = cast.client("admin")
    own = registry_of(cast.workspace)
    assert own
    pages = [f"{theirs.pk}/{page}/" for page in ("edit", "default", "remove", "test", "bring-in")]
    for page in (*pages, f"{own.pk}/edit/"):
        assert client.post(f"/w/main/connections/{page}", {"name": "x"}).status_code == 404, page

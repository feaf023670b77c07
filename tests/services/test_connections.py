"""Connections: from the environment and from a page, secrets encrypted, trouble remembered."""

from typing import Any

import pytest

from admin_ui.accounts.models import Workspace
from admin_ui.accounts.permissions import NotAllowed
from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.encryption import Undecryptable, decrypt
from assistants.models import Assistant, Connection
from assistants.services.connections.client import gateway_for
from assistants.services.connections.endpoints import endpoint_of, private_hosts
from assistants.services.connections.probe import probe_connection
from assistants.services.connections.saving import save_connection
from assistants.services.errors import Invalid
from assistants.services.setup.first_start import bootstrap, create_workspace_with_registry
from tests.conftest import Cast
from tests.upstream import FaultSpec, Upstream

pytestmark = pytest.mark.django_db(transaction=True)
NOTHING = dict.fromkeys(
    (
        "profile", "base_url", "api_key", "portkey_api_key", "portkey_virtual_key",
        "portkey_provider", "portkey_config", "custom_host", "api_version",
    ),
    "",
)  # fmt: skip


def test_a_first_start_makes_main_with_its_registry_and_the_samples_once(settings: Any) -> None:
    settings.GATEWAY = NOTHING
    bootstrap()
    bootstrap()
    workspace = Workspace.objects.get()
    assert workspace.slug == "main"
    connection = Connection.objects.get(workspace=workspace)
    assert (connection.profile, connection.is_default) == ("registry", True)
    assert Assistant.objects.filter(is_sample=True, state="live").count() == 12


def test_a_workspace_that_is_there_gets_no_second_registry(workspace: Workspace) -> None:
    assert create_workspace_with_registry(slug="main") == workspace
    assert Connection.objects.count() == 1


def test_an_interrupted_first_start_is_completed_by_the_next(settings: Any) -> None:
    settings.GATEWAY = NOTHING
    bootstrap()
    lost = Assistant.objects.order_by("pk")[3]
    lost.is_sample = False
    lost.save()
    bootstrap()
    assert Assistant.objects.filter(is_sample=True).count() == 12


def test_the_environment_makes_updates_and_never_deletes_its_connection(
    workspace: Workspace, settings: Any
) -> None:
    settings.GATEWAY = NOTHING | {
        "profile": "portkey",
        "portkey_api_key": "pk-1",
        "portkey_virtual_key": "vk-1",
    }
    bootstrap()
    row = Connection.objects.get(from_environment=True)
    assert (row.name, row.workspace, row.is_default) == ("environment", workspace, True)
    assert gateway_for(row) is not None
    assert decrypt(row.credentials) == {"portkey_api_key": "pk-1", "portkey_virtual_key": "vk-1"}
    settings.GATEWAY = settings.GATEWAY | {"portkey_api_key": "pk-2"}
    bootstrap()
    row = Connection.objects.get(from_environment=True)
    assert decrypt(row.credentials)["portkey_api_key"] == "pk-2"
    settings.GATEWAY = NOTHING
    bootstrap()
    assert Connection.objects.filter(from_environment=True, is_default=True).count() == 1
    assert Connection.objects.filter(is_default=True).count() == 1


def test_the_profile_may_be_left_out(workspace: Workspace, settings: Any) -> None:
    settings.GATEWAY = NOTHING | {"base_url": "http://127.0.0.1:9000/v1"}
    bootstrap()
    row = Connection.objects.get(from_environment=True)
    assert row.profile == "openai"
    assert private_hosts(row) == ["127.0.0.1:9000"]


def test_an_environment_that_cannot_work_is_refused(workspace: Workspace, settings: Any) -> None:
    settings.GATEWAY = NOTHING | {"profile": "portkey"}
    with pytest.raises(Invalid, match="portkey_api_key"):
        bootstrap()


def save(cast: Cast, connection: Connection | None = None, **changes: Any) -> Connection:
    fields: dict[str, Any] = {
        "name": "Production",
        "profile": "openai",
        "base_url": "https://assistants.example.org/v1",
        "credentials": {"api_key": "sk-secret"},
        "options": {},
    }
    return save_connection(author=cast.admin, connection=connection, **{**fields, **changes})


def test_credentials_are_encrypted_and_asked_for_when_the_target_moves(cast: Cast) -> None:
    row = save(cast)
    assert "sk-secret" not in row.credentials
    assert endpoint_of(row).credentials == {"api_key": "sk-secret"}
    row = save(cast, row, credentials={}, name="Renamed")
    assert endpoint_of(row).credentials == {"api_key": "sk-secret"}
    with pytest.raises(Invalid, match="api_key: enter_again"):
        save(cast, row, credentials={}, base_url="https://elsewhere.example.org/v1")
    row.refresh_from_db()
    assert row.base_url == "https://assistants.example.org/v1"


def test_a_new_name_keeps_keys_that_cannot_be_read_now(cast: Cast, settings: Any) -> None:
    row, keys = save(cast), settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = ["b" * 43 + "="]
    row = save(cast, row, credentials={}, name="Renamed")
    with pytest.raises(Invalid, match="api_key: enter_again"):
        save(cast, row, credentials={}, base_url="https://elsewhere.example.org/v1")
    settings.ENCRYPTION_KEYS = keys
    assert endpoint_of(row).credentials == {"api_key": "sk-secret"}, "the right key opens them"


def test_a_key_that_is_lost_is_said_and_not_guessed(cast: Cast, settings: Any) -> None:
    row = save(cast)
    settings.ENCRYPTION_KEYS = ["b" * 43 + "="]
    with pytest.raises(Undecryptable):
        endpoint_of(row)
    result = probe_connection(author=cast.admin, connection=row)
    assert result.error
    assert result.error.kind == "credentials_unreadable"
    row = save(cast, row, credentials={"api_key": "sk-new"})
    assert endpoint_of(row).credentials == {"api_key": "sk-new"}


def test_only_an_admin_may_and_only_what_can_work(cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        save(cast, name=" ", base_url="ftp://x")
    assert [problem.field for problem in caught.value.problems] == ["name", "base_url"]
    with pytest.raises(NotAllowed):
        save_connection(
            author=cast.publisher,
            connection=None,
            name="x",
            profile="openai",
            base_url="https://x.example.org/v1",
            credentials={},
            options={},
        )


def test_nothing_about_a_connection_may_be_of_any_length(cast: Cast) -> None:
    with pytest.raises(Invalid) as caught:
        save(
            cast,
            name="n" * 101,
            base_url="https://x.example.org/" + "v" * 500,
            credentials={"api_key": "k" * 2001},
        )
    found = [(problem.field, problem.code) for problem in caught.value.problems]
    assert found == [(name, "too_long") for name in ("name", "base_url", "api_key")]
    assert save(cast, name="n" * 100, credentials={"api_key": "k" * 2000}).name == "n" * 100


def test_exactly_one_connection_is_the_default(cast: Cast) -> None:
    row = save(cast, is_default=True)
    assert [c.pk for c in Connection.objects.filter(is_default=True)] == [row.pk]
    other = save(cast, name="Other", is_default=True)
    assert [c.pk for c in Connection.objects.filter(is_default=True)] == [other.pk]


def test_a_change_is_recorded_and_saving_again_is_not(cast: Cast) -> None:
    row = save(cast)
    for changes in ({}, {"is_default": True}, {"name": "Other", "is_default": True}):
        row = save(cast, row, **{"name": "Production", **changes})
    events = AuditEvent.objects.filter(kind=EventKind.CONNECTION_CHANGED).order_by("pk")
    assert [(event.details["default"], event.details["changed"]) for event in events] == [
        (True, ""),
        (True, "name"),
    ]


def test_probing_says_what_works_and_remembers_trouble(
    cast: Cast, connection_to: Connection, remote: Upstream
) -> None:
    result = probe_connection(author=cast.admin, connection=connection_to)
    assert (result.works, result.models) == (True, ("gpt-4o", "gpt-5.2"))
    remote.fail_next("GET", FaultSpec(status=401, body='{"error":{"message":"sk-secret is bad"}}'))
    result = probe_connection(author=cast.admin, connection=connection_to)
    assert not result.works
    assert result.error
    assert "sk-secret" not in f"{result.error} {result.error.message}"
    connection_to.refresh_from_db()
    assert connection_to.trouble == "unauthorized"
    assert probe_connection(author=cast.admin, connection=connection_to).works
    connection_to.refresh_from_db()
    assert connection_to.trouble == ""


def test_a_private_address_is_refused_unless_named(
    cast: Cast, connection_to: Connection, settings: Any
) -> None:
    settings.GATEWAY_PRIVATE_HOSTS = []
    result = probe_connection(author=cast.admin, connection=connection_to)
    assert result.error
    assert result.error.kind == "forbidden_host"

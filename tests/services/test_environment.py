"""The environment's connection: what is recorded of it, and where its key goes without TLS."""

import logging
import re
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.management import call_command

from admin_ui.accounts.models import Workspace
from admin_ui.audit.models import AuditEvent, EventKind
from assistants.gateway import PROFILES, Unencrypted
from assistants.models import Connection
from assistants.services.connections.client import gateway_for, registry_of
from assistants.services.connections.environment import (
    SETTING_OF_FIELD,
    check_environment,
    environment_endpoint,
    setting_problem,
)
from assistants.services.errors import Invalid
from assistants.services.setup.first_start import bootstrap
from tests.gateway.loopback import Loopback, answer
from tests.services.test_connections import NOTHING

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CHANGES = (EventKind.CONNECTION_CREATED, EventKind.CONNECTION_CHANGED, EventKind.CONNECTION_REMOVED)
START = {"profile": "openai", "base_url": "https://one.example.org/v1", "api_key": "sk-first"}


def start(settings: Any, **given: str) -> list[tuple[str, Any]]:
    """Start twice; returns what that recorded: the kind and the details of each event."""
    settings.GATEWAY = NOTHING | given
    before = AuditEvent.objects.count()
    bootstrap()
    bootstrap()
    rows = AuditEvent.objects.filter(kind__in=CHANGES).order_by("pk")
    new = AuditEvent.objects.count() - before
    return [(row.kind, row.details) for row in rows][len(rows) - new :]


def test_each_change_is_recorded_once_and_without_the_secret(
    workspace: Workspace, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ((kind, said),) = start(settings, **START)
    assert kind == EventKind.CONNECTION_CREATED
    assert said == {
        "kind": "openai",
        "host": "one.example.org",
        "default": True,
        "from_environment": True,
    }
    ((kind, said),) = start(settings, **START | {"base_url": "https://two.example.org/v1"})
    assert (kind, said["host"], said["changed"]) == (
        EventKind.CONNECTION_CHANGED,
        "two.example.org",
        "address",
    )
    ((kind, said),) = start(
        settings, **START | {"base_url": "https://two.example.org/v1", "api_key": "sk-second"}
    )
    assert (kind, said["changed"]) == (EventKind.CONNECTION_CHANGED, "keys")
    ((_kind, said),) = start(
        settings, profile="azure", base_url=START["base_url"], api_key="sk-second", api_version="1"
    )
    assert said["changed"] == "kind, address, options"
    assert start(settings) == [], "taking the settings away changes nothing"
    everything = f"{list(AuditEvent.objects.values())} {caplog.text}"
    assert "sk-first" not in everything
    assert "sk-second" not in everything
    actors = AuditEvent.objects.filter(kind__in=CHANGES).values_list("actor_name", flat=True)
    assert set(actors) == {"command line"}


def test_the_registry_is_recorded_where_the_environment_names_it(
    workspace: Workspace, settings: Any
) -> None:
    """A key that is set besides goes nowhere, since nothing leaves the process."""
    ((kind, said),) = start(settings, profile="registry", api_key="sk-first")
    assert (kind, said["kind"]) == (EventKind.CONNECTION_CREATED, "registry")
    row = Connection.objects.get(from_environment=True)
    assert gateway_for(row).models()
    own = registry_of(workspace)
    assert own
    assert gateway_for(own).models()


PUBLIC = [
    "http://gateway.example.org/v1",
    "http://gateway.example.org:8787/v1",
    "http://8.8.8.8/v1",
    "http://134744072/v1",
    "http://[2606:4700::1111]/v1",
]
PRIVATE = [
    "http://gateway:8787",
    "http://gateway:8787/v1",
    "http://GATEWAY/v1",
    "http://gateway.internal/v1",
    "http://gateway.default.svc.cluster.local/v1",
    "http://localhost:8787/v1",
    "http://127.0.0.1:8787/v1",
    "http://[::1]:8787/v1",
    "http://10.0.0.7:8787/v1",
    "http://192.168.1.5/v1",
    "http://[fd12:3456::1]:8787/v1",
    "https://gateway.example.org/v1",
]


@pytest.mark.parametrize("url", PUBLIC)
def test_a_public_host_gets_no_key_without_encryption_for_being_the_environments(
    workspace: Workspace, settings: Any, url: str
) -> None:
    settings.GATEWAY = NOTHING | START | {"base_url": url}
    with pytest.raises(Invalid, match="base_url: unencrypted") as refused:
        bootstrap()
    (problem,) = refused.value.problems
    assert setting_problem(problem) == (
        "Others could read the key on its way to the address in GATEWAY_BASE_URL. Begin the address"
        " with https://, or name its host in GATEWAY_PRIVATE_HOSTS if only private networks lie"
        " between."
    )
    assert [warning.msg for warning in check_environment()] == [setting_problem(problem)]
    assert not Connection.objects.filter(from_environment=True).exists()


@pytest.mark.parametrize("url", PUBLIC)
def test_one_that_an_earlier_version_stored_is_sent_no_key(
    workspace: Workspace, settings: Any, url: str
) -> None:
    start(settings, **START)
    Connection.objects.filter(from_environment=True).update(base_url=url)
    with pytest.raises(Unencrypted):
        gateway_for(Connection.objects.get(from_environment=True)).models()


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_host_or_encryption_will_do(
    workspace: Workspace, settings: Any, url: str
) -> None:
    ((_, said),) = start(settings, **START | {"base_url": url})
    assert said["host"] in url.lower()
    assert check_environment() == []


def test_a_public_host_may_be_named_and_one_without_a_key_need_not(
    workspace: Workspace, settings: Any
) -> None:
    keyless = {"profile": "openai", "base_url": PUBLIC[1]}
    assert len(start(settings, **keyless)) == 1
    settings.GATEWAY_PRIVATE_HOSTS = ["gateway.example.org:8787"]
    assert len(start(settings, **keyless, api_key="sk-first")) == 1


def test_the_environments_host_is_called_with_its_key(workspace: Workspace, settings: Any) -> None:
    with Loopback(answer(b'{"data": []}')) as server:
        start(settings, **START | {"base_url": server.url()})
        gateway_for(Connection.objects.get(from_environment=True)).models()
    assert b"sk-first" in server.requests[0]


def test_each_setting_goes_to_its_field(settings: Any) -> None:
    settings.GATEWAY = {name: f"a {name}" for name in NOTHING}
    endpoint = environment_endpoint()
    assert (endpoint.profile, endpoint.base_url) == ("a profile", "a base_url")
    assert endpoint.credentials == {
        name: f"a {name}" for name in ("api_key", "portkey_api_key", "portkey_virtual_key")
    }
    assert endpoint.options == {
        "provider": "a portkey_provider",
        "config": "a portkey_config",
        "custom_host": "a custom_host",
        "api_version": "a api_version",
    }


def test_a_kind_that_nobody_knows_is_said(settings: Any, capsys: Any) -> None:
    settings.GATEWAY = NOTHING | {"profile": "portkei"}
    with pytest.raises(Invalid) as refused:
        bootstrap()
    assert setting_problem(refused.value.problems[0]) == "GATEWAY_PROFILE: invalid_value."
    call_command("check")
    assert "GATEWAY_PROFILE: invalid_value." in capsys.readouterr().err


def test_the_environment_can_name_each_field_and_each_profile() -> None:
    names = {setting.lower().removeprefix("gateway_") for setting in SETTING_OF_FIELD.values()}
    assert names == configured.GATEWAY.keys()
    example = (configured.BASE_DIR / ".env.example").read_text()
    guide = (configured.BASE_DIR / "docs" / "configuration.md").read_text()
    said = [
        example.split("#GATEWAY_PROFILE=")[0].rsplit("\n\n", 1)[-1],
        guide.split("| `GATEWAY_PROFILE`")[1].split("\n")[0],
    ]
    for text in said:
        assert set(PROFILES) <= set(re.findall(r"[\w-]+", text))

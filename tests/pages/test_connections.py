"""Connections: seeing, adding, changing and removing them."""

import html
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.permissions import NotAllowed
from admin_ui.encryption import decrypt
from assistants import selectors
from assistants.gateway import Endpoint
from assistants.models import Assistant, Connection, Job, StoreChange
from assistants.selectors.connections import list_connections
from assistants.services.connections.client import registry_of
from assistants.services.connections.saving import make_default, remove_connection, write_connection
from assistants.services.setup.first_start import connect_environment
from assistants.wording.errors import GATEWAY_ERRORS, WHY_CONNECTION_IS_KEPT
from tests.conftest import Cast
from tests.pages.connecting import NEW, ONE_OF, PORTKEY, ROOT, add, text_of
from tests.upstream import Upstream


def test_everybody_sees_where_assistants_live_and_admins_may_change_it(cast: Cast) -> None:
    assert "Built-in registry" in text_of(cast.client("viewer"))
    assert "New connection" not in text_of(cast.client("publisher"))
    assert "New connection" in text_of(cast.client("admin"))
    for path in (NEW, f"{ROOT}1/edit/"):
        assert cast.client("publisher").get(path).status_code == 403


def test_the_kind_comes_first_and_decides_the_fields(cast: Cast) -> None:
    client = cast.client("admin")
    assert "What kind of endpoint is it?" in text_of(client, NEW)
    text = text_of(client, f"{NEW}?profile=azure")
    assert 'name="api_version"' in text
    assert 'name="portkey_api_key"' not in text
    assert "What kind of endpoint is it?" in text_of(client, f"{NEW}?profile=registry")


def test_adding_one(cast: Cast) -> None:
    row = add(cast, is_default="on", provider="openai")
    assert decrypt(row.credentials) == {
        "portkey_api_key": "pk-secret",
        "portkey_virtual_key": "vk-secret",
    }
    assert row.options == {"provider": "openai"}
    assert row.is_default
    assert Connection.objects.filter(is_default=True).count() == 1
    text = text_of(cast.client("admin"))
    assert "Production via Portkey" in text
    assert "https://api.portkey.ai/v1" in text


def test_secrets_are_never_shown_again(cast: Cast) -> None:
    row = add(cast)
    client = cast.client("admin")
    for path in (ROOT, f"{ROOT}{row.pk}/edit/"):
        text = text_of(client, path)
        assert "pk-secret" not in text
        assert "vk-secret" not in text
    rejected = client.post(NEW, {**PORTKEY, "name": "", "portkey_api_key": "typed-secret"})
    assert rejected.status_code == 422
    assert "typed-secret" not in rejected.content.decode()


def test_an_empty_secret_stays_a_typed_one_replaces_a_ticked_one_goes(cast: Cast) -> None:
    row = add(cast)
    path = f"{ROOT}{row.pk}/edit/"
    fields = {"name": "Renamed", "portkey_api_key": "pk-new", "provider": "openai"}
    response = cast.client("admin").post(path, {**fields, "forget-portkey_virtual_key": "on"})
    assert response.status_code == 303
    row.refresh_from_db()
    assert row.name == "Renamed"
    assert decrypt(row.credentials) == {"portkey_api_key": "pk-new"}
    response = cast.client("admin").post(path, {"name": "Renamed", "provider": "openai"})
    assert response.status_code == 303
    row.refresh_from_db()
    assert decrypt(row.credentials) == {"portkey_api_key": "pk-new"}


def test_another_address_asks_for_each_kept_key_again(cast: Cast) -> None:
    row = add(cast, provider="openai")
    path, client = f"{ROOT}{row.pk}/edit/", cast.client("admin")
    fields = {"name": "Renamed", "base_url": "https://new.test/v1", "provider": "openai"}
    response = client.post(path, fields)
    assert response.status_code == 422
    page = response.content.decode()
    assert page.count("Enter this again. Requests would go to a new destination,") >= 2
    assert 'value="https://new.test/v1"' in page, "what was typed stays"
    row.refresh_from_db()
    assert (row.name, row.base_url) != ("Renamed", "https://new.test/v1"), "nothing is saved yet"
    keys = {"portkey_api_key": "pk-new", "portkey_virtual_key": "vk-new"}
    response = client.post(path, {**fields, **keys}, follow=True)
    assert "Renamed is saved." in response.content.decode()


def test_a_kept_key_can_be_forgotten_instead(cast: Cast) -> None:
    row = add(cast, provider="openai")
    path, client = f"{ROOT}{row.pk}/edit/", cast.client("admin")
    fields = {"name": row.name, "base_url": "https://new.test/v1", "provider": "openai"}
    keys = {"portkey_api_key": "pk-new", "forget-portkey_virtual_key": "on"}
    assert client.post(path, {**fields, **keys}).status_code == 303
    row.refresh_from_db()
    assert decrypt(row.credentials) == {"portkey_api_key": "pk-new"}


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "Built-in registry"}, "Another connection already has this name."),
        ({"base_url": "ftp://x"}, "Enter an address that begins with https://"),
        ({"portkey_api_key": ""}, "This field is required."),
        ({"portkey_virtual_key": ""}, ONE_OF),
        ({"portkey_api_key": "two words"}, "Copy it again, in full."),
        ({"custom_host": "https://x.test"}, "Enter an address that ends in /v1."),
        ({"config": "{}"}, "Enter the ID of a saved config"),
        ({"name": "nul \x00"}, "Null characters are not allowed."),
        ({"name": "x" * 101}, "at most 100 characters"),
    ],
)
def test_what_is_wrong_is_said_at_the_field(
    cast: Cast, fields: dict[str, str], sentence: str
) -> None:
    response = cast.client("admin").post(NEW, {**PORTKEY, **fields})
    assert response.status_code == 422
    text = response.content.decode()
    assert sentence in text
    assert "Not saved yet" in text
    assert 'aria-invalid="true"' in text
    assert not Connection.objects.filter(profile="portkey").exists()


PASTED = "This has a space or a character that cannot be sent. Copy it again, in full."


def test_registry_environment_and_others_cannot_be_edited(cast: Cast) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    environment = write_connection(
        Connection(workspace=cast.workspace, from_environment=True),
        name="environment",
        endpoint=Endpoint(profile="openai", base_url="https://x.test/v1"),
        is_default=False,
    )
    foreign = write_connection(
        Connection(workspace=cast.stranger.workspace),
        name="theirs",
        endpoint=Endpoint(profile="openai", base_url="https://x.test/v1"),
        is_default=True,
    )
    for row in (registry, environment, foreign):
        assert cast.client("admin").get(f"{ROOT}{row.pk}/edit/").status_code == 404
    assert cast.client("admin").post(f"{ROOT}{foreign.pk}/test/").status_code == 404
    assert cast.client("admin").get(f"{ROOT}{foreign.pk}/bring-in/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_list_of_connections_takes_the_same_queries_for_any_number_of_them(
    cast: Cast, remote: Upstream, connection_to: Connection, django_assert_num_queries: Any
) -> None:
    client = cast.client("publisher")
    with CaptureQueriesContext(database) as queries:
        text_of(client)
    for name in ("Second", "Third"):
        row = write_connection(
            Connection(workspace=cast.workspace),
            name=name,
            endpoint=Endpoint(profile="openai", base_url=remote.url),
            is_default=False,
        )
        Job.objects.create(
            workspace=cast.workspace, connection=row, started_by=cast.admin.user, status="done"
        )
    with django_assert_num_queries(len(queries) + 1):  # the jobs
        text_of(client)


@pytest.mark.django_db(transaction=True)
def test_secrets_that_no_key_opens(cast: Cast, connection_to: Connection) -> None:
    Connection.objects.filter(pk=connection_to.pk).update(credentials="sealed with a lost key")
    admin, root = cast.client("admin"), f"{ROOT}{connection_to.pk}"
    sentence = str(GATEWAY_ERRORS["credentials_unreadable"])
    tested = admin.post(f"{root}/test/", headers={"HX-Request": "true"})
    assert sentence in html.unescape(tested.content.decode())
    admin.post(f"{root}/bring-in/")
    step = admin.post(f"{root}/bring-in/step/", headers={"HX-Request": "true"})
    assert sentence in html.unescape(step.content.decode())
    assert "Leave this empty to keep the stored key" not in text_of(admin, f"{root}/edit/")
    fields = {"name": "Production", "base_url": connection_to.base_url, "api_key": "sk-new"}
    assert admin.post(f"{root}/edit/", fields).status_code == 303
    connection_to.refresh_from_db()
    assert decrypt(connection_to.credentials) == {"api_key": "sk-new"}


def test_a_connection_is_removed_after_asking_and_its_jobs_go_with_it(cast: Cast) -> None:
    row = add(cast)
    Job.objects.create(workspace=cast.workspace, connection=row, status=Job.Status.DONE)
    path, client = f"{ROOT}{row.pk}/remove/", cast.client("admin")
    assert path in text_of(client, f"{ROOT}{row.pk}/edit/")
    assert "Remove Production via Portkey?" in text_of(client, path)
    assert Connection.objects.filter(pk=row.pk).exists()
    response = client.post(path, follow=True)
    assert "Production via Portkey is removed." in response.content.decode()
    assert not Connection.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("reason", WHY_CONNECTION_IS_KEPT)
def test_a_connection_that_is_needed_stays_and_says_why(
    cast: Cast, settings: Any, reason: str
) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    settings.GATEWAY = {"api_key": "sk-secret", "base_url": "https://gateway.test/v1"}
    row = {
        "registry": lambda: registry,
        "environment": lambda: connect_environment(cast.workspace),
        "in_use": lambda: add(cast),
        "documents": lambda: add(cast),
        "default": lambda: add(cast, is_default="on"),
    }[reason]()
    if reason == "in_use":
        state = Assistant.State.DELETED
        Assistant.objects.create(workspace=cast.workspace, connection=row, state=state)
    if reason == "documents":
        StoreChange.objects.create(workspace=cast.workspace, connection=row, kind="add")
    for response in (
        cast.client("admin").get(f"{ROOT}{row.pk}/remove/"),
        cast.client("admin").post(f"{ROOT}{row.pk}/remove/"),
    ):
        assert str(WHY_CONNECTION_IS_KEPT[reason]) in response.content.decode()
        assert "cannot be removed" in response.content.decode()
    assert response.status_code == 409
    assert Connection.objects.filter(pk=row.pk).exists()


def test_a_connection_that_the_environment_no_longer_names_can_go(
    cast: Cast, settings: Any
) -> None:
    settings.GATEWAY = {"api_key": "sk-secret", "base_url": "https://gateway.test/v1"}
    row = connect_environment(cast.workspace)
    settings.GATEWAY = {"api_key": ""}
    registry = registry_of(cast.workspace)
    assert registry
    client = cast.client("admin")
    assert f"{ROOT}{row.pk}/remove/" in text_of(client)
    response = client.post(f"{ROOT}{registry.pk}/default/", follow=True)
    assert "New assistants are created on Built-in registry now." in response.content.decode()
    assert list(Connection.objects.filter(is_default=True)) == [registry]
    client.post(f"{ROOT}{row.pk}/remove/")
    assert list(Connection.objects.filter(workspace=cast.workspace)) == [registry]


def test_only_an_admin_removes_a_connection_or_makes_it_the_default(cast: Cast) -> None:
    row = add(cast)
    for page in ("remove/", "default/"):
        assert cast.client("publisher").post(f"{ROOT}{row.pk}/{page}").status_code == 403
        assert cast.client("stranger").post(f"{ROOT}{row.pk}/{page}").status_code == 404
    for verb in (remove_connection, make_default):
        with pytest.raises(NotAllowed):
            verb(author=cast.publisher, connection=row)


def test_one_that_was_removed_meanwhile_is_neither_default_nor_removed_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = registry_of(cast.workspace)
    row, client = add(cast), cast.client("admin")
    stale = Connection.objects.get(pk=row.pk)
    row.delete()
    monkeypatch.setattr(selectors, "get_connection", lambda *_: stale)
    for page in ("remove/", "default/"):
        assert client.post(f"{ROOT}{stale.pk}/{page}").status_code == 404
    assert list(Connection.objects.filter(workspace=cast.workspace, is_default=True)) == [registry]


def test_assistants_are_counted_up_to_a_number(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    connection = registry_of(cast.workspace)
    assert connection
    for name in "abc":
        Assistant.objects.create(
            workspace=cast.workspace, connection=connection, name=name, state="live"
        )
    for most, shown in ((4, (3, False)), (3, (3, False)), (2, (2, True))):
        monkeypatch.setattr(selectors.connections, "MOST_COUNTED", most)
        [row] = [each for each in list_connections(cast.workspace) if each.pk == connection.pk]
        assert (row.assistants, row.has_more) == shown
    page = cast.client("viewer").get("/w/main/connections/").content.decode()
    assert " ".join(page.split()).count("> more than 2 </a>") == 1

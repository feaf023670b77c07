"""Connections: seeing, adding, changing and testing them, and bringing assistants in."""

import html
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection as database
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.permissions import NotAllowed
from admin_ui.encryption import decrypt
from admin_ui.times import clock
from assistants import selectors
from assistants.gateway import Endpoint
from assistants.models import Assistant, Connection, Job
from assistants.services.connections.client import registry_of
from assistants.services.connections.saving import make_default, remove_connection, write_connection
from assistants.services.setup.first_start import connect_environment
from assistants.wording.errors import GATEWAY_ERRORS, WHY_CONNECTION_IS_KEPT
from tests.conftest import Cast
from tests.pages.reading import tight
from tests.upstream import FaultSpec, Upstream

ROOT = "/w/main/connections/"
NEW = f"{ROOT}new/"
PORTKEY = {
    "profile": "portkey",
    "name": "Production via Portkey",
    "base_url": "",
    "portkey_api_key": "pk-secret",
    "portkey_virtual_key": "vk-secret",
}
ONE_OF = "One of these is needed: Virtual key, Provider, Config."


def text_of(client: Client, path: str = ROOT, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def add(cast: Cast, **fields: Any) -> Connection:
    response = cast.client("admin").post(NEW, {**PORTKEY, **fields})
    assert response.status_code == 303
    return Connection.objects.latest("pk")


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
    assert page.count("Enter this again, because requests would go somewhere else.") >= 2
    assert 'value="https://new.test/v1"' in page, "what was typed stays"
    row.refresh_from_db()
    assert (row.name, row.base_url) != ("Renamed", "https://new.test/v1"), "nothing is saved yet"
    keys = {"portkey_api_key": "pk-new", "portkey_virtual_key": "vk-new"}
    response = client.post(path, {**fields, **keys}, follow=True)
    assert "Saved. Test Renamed now." in response.content.decode()


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
        ({"name": "Built-in registry"}, "Another connection is called this already."),
        ({"base_url": "ftp://x"}, "Enter an address that begins with https://"),
        ({"portkey_api_key": ""}, "This is needed."),
        ({"portkey_virtual_key": ""}, ONE_OF),
        ({"portkey_api_key": "two words"}, "Was it copied in full?"),
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


def errors_of(response: HttpResponse) -> dict[str, str]:
    """Return what the summary on top says, by the field that it leads to."""
    assert response.status_code == 422
    found = re.findall(
        r'<li><a href="#id_([^"]+)">[^:]+: (.*?)</a></li>', response.content.decode()
    )
    return {name: html.unescape(text) for name, text in found}


NEEDED = "This is needed."
PASTED = "This holds a space or a character that cannot be sent. Was it copied in full?"


@pytest.mark.parametrize(
    ("way", "wrong"),
    [
        ("slug", {"provider": NEEDED}),
        ("virtual_key", {"portkey_virtual_key": NEEDED}),
        ("config", {"config": NEEDED}),
        ("own_key", {"api_key": NEEDED, "provider": NEEDED}),
        ("other", {"portkey_virtual_key": ONE_OF}),
        ("", {"portkey_virtual_key": ONE_OF}),
        ("nonsense", {"portkey_virtual_key": ONE_OF}),
    ],
)
def test_portkeys_form_says_at_once_what_its_way_of_signing_in_lacks(
    cast: Cast, way: str, wrong: dict[str, str]
) -> None:
    fields = {"profile": "portkey", "name": "", "base_url": "ftp://x", "way": way}
    found = errors_of(cast.client("admin").post(NEW, fields))
    always = {
        "name": "This field is required.",
        "base_url": "Enter an address that begins with https:// or http://,",
        "portkey_api_key": NEEDED,
    }
    assert found.keys() == (always | wrong).keys()
    assert all(text in found[name] for name, text in (always | wrong).items())


WAYS: dict[str, dict[str, str]] = {
    "slug": {"provider": "@openai-prod"},
    "virtual_key": {"portkey_virtual_key": "vk-secret"},
    "config": {"config": "pc-main-1a2b3c"},
    "own_key": {"provider": "openai", "api_key": "sk-secret", "custom_host": "https://x.test/v1"},
}
SECRETS = ("portkey_api_key", "portkey_virtual_key", "api_key")
LEFTOVERS = {
    "provider": "two words",
    "portkey_virtual_key": "left over",
    "config": "{}",
    "api_key": "k" * 3000,
    "custom_host": "ftp://x",
}


def stored(row: Connection) -> dict[str, str]:
    row.refresh_from_db()
    return {**row.options, **decrypt(row.credentials)}


@pytest.mark.parametrize("way", WAYS)
def test_what_was_typed_for_another_way_is_passed_over(cast: Cast, way: str) -> None:
    common = {"profile": "portkey", "name": "Portkey", "way": way, "portkey_api_key": "pk"}
    client = cast.client("admin")
    assert client.post(NEW, {**LEFTOVERS, **common, **WAYS[way]}).status_code == 303
    row = Connection.objects.get(name="Portkey")
    assert stored(row) == {"portkey_api_key": "pk", **WAYS[way]}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("to", WAYS)
def test_a_change_of_the_way_forgets_what_the_other_needed(cast: Cast, way: str, to: str) -> None:
    client = cast.client("admin")
    common = {"profile": "portkey", "name": "Portkey", "portkey_api_key": "pk"}
    client.post(NEW, {**common, "way": way, **WAYS[way]})
    row = Connection.objects.get(name="Portkey")
    path = f"{ROOT}{row.pk}/edit/"
    page = text_of(client, path)
    assert re.findall(r'name="way"\s+value="(\w+)"\s+checked', page) == [way]
    assert re.findall(r'value="(\w+)"(?:\s+checked)?\s+data-moves', page) == [
        *(other for other in WAYS if other != way),
        "other",
    ]
    options = {name: text for name, text in WAYS[way].items() if name not in SECRETS}
    shown = {"name": "Portkey", **options, "way": to}
    if to == way:
        assert client.post(path, shown).status_code == 303
    else:
        wrong = errors_of(client.post(path, {**shown, **WAYS[to]}))
        assert "Enter this again" in wrong.pop("portkey_api_key")
        assert wrong == {}, "nothing else, and that in one round"
        again = {**shown, **WAYS[to], "portkey_api_key": "pk-2"}
        assert client.post(path, again).status_code == 303
    key = "pk" if to == way else "pk-2"
    assert stored(row) == {"portkey_api_key": key, **WAYS[to]}


def test_an_unusual_combination_is_shown_and_kept_whole(cast: Cast) -> None:
    row = add(cast, provider="@x", config="pc-1")
    path, client = f"{ROOT}{row.pk}/edit/", cast.client("admin")
    before = stored(row)
    page = text_of(client, path)
    assert re.findall(r'name="way"\s+value="(\w+)"\s+checked', page) == ["other"]
    fields = {"name": "Renamed", "provider": "@x", "config": "pc-1", "way": "other"}
    assert client.post(path, fields).status_code == 303
    assert stored(row) == before


def test_only_portkey_asks_for_a_way(cast: Cast) -> None:
    client = cast.client("admin")
    for profile in ("airs", "portkey-oss", "openai", "azure"):
        assert 'name="way"' not in text_of(client, f"{NEW}?profile={profile}")
    page = text_of(client, f"{NEW}?profile=portkey")
    assert re.findall(r'name="way"\s+value="(\w+)"\s+checked', page) == ["slug"]
    numbered = re.findall(r'value="(\w+)"(?:\s+checked)?\s+data-way="(\d)"', page)
    assert [name for name, _ in numbered] == list(WAYS), "“other” has none: it shows all fields"
    names = {number: name for name, number in numbered}
    assert [
        [names[number] for number in numbers.split()]
        for numbers in re.findall(r'data-ways="([^"]+)"', page)
    ] == [["slug", "own_key"], ["virtual_key"], ["config"], ["own_key"], ["own_key"]]
    assert "data-moves" not in page


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
def test_testing_says_what_works(cast: Cast, connection_to: Connection) -> None:
    path = f"{ROOT}{connection_to.pk}/test/"
    text = cast.client("admin").post(path, headers={"HX-Request": "true"}).content.decode()
    assert "It works." in text
    response = cast.client("admin").post(path, follow=True)
    assert "Production works." in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_testing_says_what_does_not_and_the_trouble_stays_in_sight(cast: Cast) -> None:
    row = write_connection(
        Connection(workspace=cast.workspace),
        name="Closed",
        endpoint=Endpoint(
            profile="openai",
            base_url="http://127.0.0.1:9/v1",
            credentials={"api_key": "sk-secret"},
        ),
        is_default=False,
    )
    text = (
        cast.client("admin")
        .post(f"{ROOT}{row.pk}/test/", headers={"HX-Request": "true"})
        .content.decode()
    )
    assert "It does not work." in text
    assert "GATEWAY_PRIVATE_HOSTS" in text
    assert "sk-secret" not in text
    assert "This address is a private one" in text_of(cast.client("viewer"))


LISTED = "This gateway answers, but it does not let a single assistant be read (405)."
UNLISTED = "This gateway answers, but it does not list its assistants (405)."
GONE = "This address does not offer assistants, or no longer does."


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_empty", [True, False])
def test_testing_tells_a_gateway_that_lacks_a_call_from_one_without_assistants(
    cast: Cast, remote: Upstream, connection_to: Connection, is_empty: bool
) -> None:
    if not is_empty:
        remote.add(name="One")
    client, path = cast.client("admin"), f"{ROOT}{connection_to.pk}/test/"

    def found() -> tuple[str, str]:
        text = client.post(path, headers={"HX-Request": "true"}).content.decode()
        said = next((said for said in (LISTED, UNLISTED, GONE, "It works.") if said in text), "")
        connection_to.refresh_from_db()
        return said, connection_to.trouble

    assert found() == ("It works.", "")
    remote.not_allowed = frozenset({"GET one"})
    assert found() == (LISTED, "cannot_read")
    assert LISTED in text_of(client), "until it answers"
    remote.not_allowed = frozenset({"GET list"})
    assert found() == (UNLISTED, "cannot_list")
    remote.not_allowed, remote.gone = frozenset(), True
    assert found() == (GONE, "endpoint_gone")
    remote.gone = False
    assert found() == ("It works.", "")
    assert {method for method, _path, _body in remote.requests} == {"GET"}, "nothing is changed"


@pytest.mark.django_db(transaction=True)
def test_a_listed_assistant_that_cannot_be_read_fails_the_test(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    path = f"{ROOT}{connection_to.pk}/test/"
    client = cast.client("admin")
    for is_listed, verdict in ((False, "It works."), (True, "It does not work.")):
        if is_listed:
            remote.add(name="One")
        remote.fail_next("GET", FaultSpec(applied=True))
        remote.fail_next("GET", FaultSpec(status=400, body="{}"))
        assert verdict in client.post(path, headers={"HX-Request": "true"}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_bringing_in_page_by_page(cast: Cast, remote: Upstream, connection_to: Connection) -> None:
    for number in range(150):
        remote.add(name=f"Number {number}", model="gpt-4o")
    client, path = cast.client("publisher"), f"{ROOT}{connection_to.pk}/bring-in/"
    assert "Bring in assistants from Production" in text_of(client, path)
    assert client.post(path).status_code == 303
    assert client.post(path).status_code == 303, "a second click joins the first"
    assert Job.objects.count() == 1
    running = text_of(client, path)
    assert f'hx-post="{path}step/"' in running
    step = client.post(f"{path}step/", headers={"HX-Request": "true"}).content.decode()
    assert "100 assistants so far" in step
    assert "<html" not in step
    done = client.post(f"{path}step/", headers={"HX-Request": "true"}).content.decode()
    assert "150 assistants read" in done
    assert "hx-post" not in done
    assert client.post(f"{path}step/").status_code == 303
    assert Assistant.objects.filter(connection=connection_to).count() == 150
    assert "150 assistants read" in text_of(client)


@pytest.mark.django_db(transaction=True)
def test_a_gateway_that_fails_stops_it_and_says_why(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    connection_to.base_url = "http://127.0.0.1:9/v1"
    connection_to.save()
    client, path = cast.client("publisher"), f"{ROOT}{connection_to.pk}/bring-in/"
    client.post(path)
    text = client.post(f"{path}step/", headers={"HX-Request": "true"}).content.decode()
    assert "Stopped." in text
    assert "could not be reached" in text
    assert ">Bring in</button>" in tight(text), "nothing of it is here yet"


ASKED = {"HX-Request": "true"}


@pytest.mark.django_db(transaction=True)
def test_what_is_here_already_is_checked_and_the_changes_are_in_reach(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    rows = [remote.add(name=f"Number {number}", model="gpt-4o") for number in range(4)]
    client, path = cast.client("publisher"), f"{ROOT}{connection_to.pk}/bring-in/"
    assert "Check now" not in text_of(client, path)
    client.post(path)
    assert "Bring in assistants from Production" in text_of(client, path)
    first = client.post(f"{path}step/", headers=ASKED).content.decode()
    assert "Check now" in first
    assert "Show what changed outside" not in first
    assert "Check the assistants of Production" in text_of(client, path)
    rows[0]["instructions"] = "Changed"
    del remote.assistants[rows[1]["id"]]
    remote.fail_next("GET", FaultSpec(applied=True))
    remote.fail_next("GET", FaultSpec(applied=True))
    remote.fail_next("GET", FaultSpec(status=403, body="{}"))
    rows[2]["instructions"] = "Changed"
    rows[3]["instructions"] = "Changed"
    connections = text_of(client)
    assert f'<form method="post" action="{path}">' in connections
    assert client.post(path).status_code == 303
    assert "Progress" in text_of(client)
    done = client.post(f"{path}step/", headers=ASKED).content.decode()
    for label, count in (("Changed outside", 2), ("Gone", 1), ("Failed", 1), ("Gateway calls", 6)):
        assert f"<dt>{label}</dt><dd>{count}</dd>" in done
    failed = Assistant.objects.get(name="Number 2")
    assert f'href="/w/main/assistants/{failed.pk}/">Number 2</a>' in done
    for status, names in (("trouble", {"Number 0", "Number 3"}), ("missing", {"Number 1"})):
        query = f"/w/main/assistants/?status={status}&amp;connection={connection_to.pk}"
        assert f'href="{query}"' in done
        shown = text_of(client, html.unescape(query))
        found = {row["name"] for row in rows if f">{row['name']}</a>" in shown}
        assert found == names


@pytest.mark.django_db(transaction=True)
def test_a_gateway_that_asks_to_wait_is_told_with_its_time(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    remote.add(name="Number 1")
    client, path = cast.client("publisher"), f"{ROOT}{connection_to.pk}/bring-in/"
    client.post(path)
    remote.fail_next("GET", FaultSpec(status=429, body="{}", retry_after="300"))
    text = client.post(f"{path}step/", headers=ASKED).content.decode()
    until = Job.objects.get().not_before
    assert until
    assert f"The gateway asked us to wait until {clock(until)}." in text
    assert 'hx-trigger="load delay:5s, every 30s"' in text
    assert "Waiting until" in text_of(client)
    calls = len(remote.requests)
    client.post(f"{path}step/", headers=ASKED)
    assert len(remote.requests) == calls
    Job.objects.update(not_before=timezone.now())
    assert "Done." in client.post(f"{path}step/", headers=ASKED).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_job_that_somebody_left_is_taken_up_by_whoever_looks(
    cast: Cast, remote: Upstream, connection_to: Connection
) -> None:
    for number in range(150):
        remote.add(name=f"Number {number}")
    path = f"{ROOT}{connection_to.pk}/bring-in/"
    cast.client("publisher").post(path)
    cast.client("publisher").post(f"{path}step/")
    running = text_of(cast.client("admin"), path)
    assert "100 assistants so far" in running
    assert "by Pia" in running
    assert f'hx-post="{path}step/"' in running
    done = cast.client("admin").post(f"{path}step/", headers=ASKED).content.decode()
    assert "150 assistants read" in done


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


def test_only_publishers_bring_in(cast: Cast) -> None:
    registry = registry_of(cast.workspace)
    assert registry
    for path in (f"{ROOT}{registry.pk}/bring-in/", f"{ROOT}{registry.pk}/bring-in/step/"):
        assert cast.client("editor").post(path).status_code == 403


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
    assert "leave this empty to keep it" not in text_of(admin, f"{root}/edit/")
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
        "default": lambda: add(cast, is_default="on"),
    }[reason]()
    if reason == "in_use":
        state = Assistant.State.DELETED
        Assistant.objects.create(workspace=cast.workspace, connection=row, state=state)
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


@pytest.mark.parametrize(
    ("minutes", "fields", "told"),
    [
        (0, {}, "Running"),
        (1, {}, "Running"),
        (15, {}, "Left before it was done, 15 minutes ago"),
        (15, {"worked": 0}, "Running"),
        (30, {"worked": 15}, "Left before it was done, 15 minutes ago"),
        (30, {"worked": 30, "waits_until": -5}, "Waiting until"),
        (30, {"worked": 30, "waits_until": 15}, "Left before it was done, 15 minutes ago"),
        (15, {"status": "done"}, "Done"),
        (15, {"status": "failed"}, "Stopped"),
    ],
)
def test_a_check_that_nobody_is_at_is_not_called_running(
    cast: Cast, minutes: int, fields: dict[str, Any], told: str
) -> None:
    def before(number: int) -> datetime:
        return timezone.now() - timedelta(minutes=number)

    registry = registry_of(cast.workspace)
    assert registry
    job = Job.objects.create(
        workspace=cast.workspace,
        connection=registry,
        status=fields.get("status", "running"),
        started_at=before(minutes),
        lease_until=before(fields["worked"]) if "worked" in fields else None,
        not_before=before(fields["waits_until"]) if "waits_until" in fields else None,
    )
    page = tight(cast.client("publisher").get(ROOT).content.decode())
    text = re.sub(r"<[^>]*>", " ", page.split("Last check</dt><dd>")[1].split("</dd>")[0])
    text = " ".join(text.split())
    assert text.startswith(told)
    assert text.endswith("0 assistants read")
    assert ("Go on with the check" in page) == told.startswith("Left")
    assert Job.objects.get(pk=job.pk).status == job.status, "looking changes nothing"

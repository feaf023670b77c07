"""Portkey's form asks for what its way of signing in needs, and keeps nothing of another way."""

import html
import re

import pytest
from django.http import HttpResponse

from admin_ui.encryption import decrypt
from assistants.models import Connection
from tests.conftest import Cast
from tests.pages.connecting import NEW, ONE_OF, ROOT, add, text_of


def errors_of(response: HttpResponse) -> dict[str, str]:
    """Return what the summary on top says, by the field that it leads to."""
    assert response.status_code == 422
    found = re.findall(
        r'<li><a href="#id_([^"]+)">[^:]+: (.*?)</a></li>', response.content.decode()
    )
    return {name: html.unescape(text) for name, text in found}


NEEDED = "This field is required."


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


def test_profiles_with_one_way_ask_for_none(cast: Cast) -> None:
    client = cast.client("admin")
    for profile in ("airs", "portkey-oss", "openai"):
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

"""What each profile wants, and what it says when it does not get it."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest

from assistants.definition.checks.schema import ContentSchema
from assistants.gateway import ENDPOINT_FIELDS, PROFILES, Endpoint, Profile, profile, profiles

COMPLETE = {
    "registry": Endpoint("registry"),
    "portkey": Endpoint("portkey", "", {"portkey_api_key": "p", "portkey_virtual_key": "v"}),
    "airs": Endpoint("airs", "", {"api_key": "k"}),
    "portkey-oss": Endpoint("portkey-oss", "http://127.0.0.1:8787/v1", {"api_key": "k"}),
    "openai": Endpoint("openai", "https://assistants.test/v1"),
    "azure": Endpoint("azure", "https://a.test/openai", {"api_key": "k"}, {"api_version": "v1"}),
}


def problems(endpoint: Endpoint) -> list[tuple[str, str]]:
    return PROFILES[endpoint.profile].problems(endpoint)


def portkey(**options: str) -> Endpoint:
    return Endpoint("portkey", "", {"portkey_api_key": "p"}, options)


def marked(*modules) -> set[str]:
    """The texts that these modules hand to the marker, `_`."""
    return {
        node.args[0].value
        for module in modules
        for node in ast.walk(ast.parse(Path(module.__file__).read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_"
    }


MARKED = marked(profile, profiles)
PARTS = {*ContentSchema.model_fields} | {
    name
    for part in ContentSchema.model_json_schema()["$defs"].values()
    for name in part["properties"]
}
MOST_WAYS = 8  # as many as forms.css has rules for


def flaws(kind: Profile) -> list[str]:
    """Return what a declaration lacks."""
    ways, names = list(kind.ways.values()), {entry.name for entry in kind.fields}
    needed = [kind.label, kind.help, *(text for way in ways for text in (way.label, way.help))]
    needed += [text for entry in kind.fields for text in (entry.label, entry.help, entry.setting)]
    needed += [kind.ways_question] if ways else []
    shown = {*needed, *(entry.rule.advice for entry in kind.fields if entry.rule)}
    named = {*kind.required, *kind.one_of, *(name for way in ways for name in way.fields)}
    settings = {entry.setting for entry in kind.fields}
    return [
        *(["a label, a help or a setting is missing"] if not all(needed) else []),
        *(f"not marked for translation: {text}" for text in shown - MARKED - settings if text),
        *(f"no part of an assistant: {part}" for part in kind.undocumented - PARTS),
        *(f"no field of the profile: {name}" for name in named - names),
        *(["the style sheet knows fewer ways"] if len(ways) > MOST_WAYS else []),
    ]


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_says_all_that_is_shown_of_it(name: str) -> None:
    assert flaws(PROFILES[name]) == []


def test_a_profile_needs_a_label_a_help_and_what_is_not_documented() -> None:
    with pytest.raises(TypeError, match="'label', 'help', and 'undocumented'"):
        Profile()  # type: ignore[call-arg]
    airs = PROFILES["airs"]
    for text in ("label", "help"):
        assert flaws(replace(airs, **{text: ""})) == ["a label, a help or a setting is missing"]
    assert flaws(replace(airs, help="New")) == ["not marked for translation: New"]
    assert flaws(replace(airs, undocumented=frozenset({"nme"}))) == ["no part of an assistant: nme"]
    assert flaws(replace(airs, required=("key",))) == ["no field of the profile: key"]


def test_a_field_means_the_same_in_every_profile() -> None:
    for entry in (entry for kind in PROFILES.values() for entry in kind.fields):
        first = ENDPOINT_FIELDS[entry.name]
        assert (entry.setting, entry.is_secret) == (first.setting, first.is_secret)
    assert len({entry.setting for entry in ENDPOINT_FIELDS.values()}) == len(ENDPOINT_FIELDS)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_complete_endpoint_has_no_problem(profile) -> None:
    assert problems(COMPLETE[profile]) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_an_empty_endpoint_is_told_what_it_needs(profile) -> None:
    assert (
        problems(Endpoint(profile))
        == {
            "registry": [],
            "portkey": [("portkey_api_key", "required"), ("portkey_virtual_key", "one_required")],
            "airs": [("api_key", "required")],
            "portkey-oss": [("base_url", "required"), ("api_key", "required")],
            "openai": [("base_url", "required")],
            "azure": [
                ("base_url", "required"),
                ("api_version", "required"),
                ("api_key", "required"),
            ],
        }[profile]
    )


@pytest.mark.parametrize("options", [{"provider": "@openai-prod"}, {"config": "pc-main-1a2b3c"}])
def test_portkey_takes_any_way_to_name_a_provider(options) -> None:
    assert problems(portkey(**options)) == []


WAYS = {
    "slug": {"provider": "@openai-prod"},
    "virtual_key": {"portkey_virtual_key": "vk"},
    "config": {"config": "pc-main-1a2b3c"},
    "own_key": {"provider": "openai", "api_key": "sk"},
}


def signing_in(**given: str) -> Endpoint:
    secrets = {key: given[key] for key in ("api_key", "portkey_virtual_key") if key in given}
    options = {key: value for key, value in given.items() if key not in secrets}
    return Endpoint("portkey", "", {"portkey_api_key": "p", **secrets}, options)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_of_signing_in_needs_its_own_fields_only(way: str) -> None:
    profile, given = PROFILES["portkey"], WAYS[way]
    assert list(profile.ways) == list(WAYS)
    assert profile.problems(signing_in(**given), way) == []
    assert profile.way_of(["portkey_api_key", *given], given.get("provider", "")) == way
    assert profile.problems(signing_in(), way) == [(name, "required") for name in given]
    assert set(profile.fields_of(way)) == {
        "portkey_api_key",
        *given,
        *(["custom_host"] if way == "own_key" else []),
    }


def test_the_provider_of_an_account_has_an_at() -> None:
    profile = PROFILES["portkey"]
    assert profile.problems(signing_in(provider="openai"), "slug") == [
        ("provider", "slug_required")
    ]
    assert profile.problems(signing_in(provider="openai")) == []


@pytest.mark.parametrize(
    ("given", "provider"),
    [
        ([], ""),
        (["provider"], "openai"),
        (["provider", "portkey_virtual_key"], "@x"),
        (["config", "api_key"], ""),
        (["portkey_virtual_key", "custom_host"], ""),
    ],
)
def test_other_combinations_take_all_fields(given: list[str], provider: str) -> None:
    profile = PROFILES["portkey"]
    assert profile.way_of(["portkey_api_key", *given], provider) == ""
    assert profile.fields_of("") == (*profile.credentials, *profile.options)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"api_key": "k"}, []),
        ({"client_secret": "s", "tenant_id": "t", "client_id": "c"}, []),
        ({"client_secret": "s", "client_id": "c"}, [("tenant_id", "required")]),
        (
            {"api_key": "k", "client_secret": "s", "tenant_id": "t", "client_id": "c"},
            [("api_key", "other_way")],
        ),
        ({"api_key": "k", "token_scope": "x/.default"}, [("token_scope", "other_way")]),
        (
            {"client_secret": "s", "tenant_id": "../t", "client_id": "c"},
            [("tenant_id", "invalid_tenant")],
        ),
        (
            {"client_secret": "s", "tenant_id": "t", "client_id": "c", "token_scope": "all"},
            [("token_scope", "invalid_scope")],
        ),
    ],
)
def test_azure_takes_a_key_or_an_application(given, found) -> None:
    options = {"api_version": "v1", **given}
    assert problems(Endpoint("azure", "https://a.test/openai", {}, options)) == found


@pytest.mark.parametrize(
    "url",
    [
        "https://assistants.test/v1",
        "http://assistants.test:8080",
        " https://assistants.test/v1/ ",
        "https://[::1]:8787/v1",
        "HTTPS://assistants.test",
    ],
)
def test_base_urls(url) -> None:
    assert problems(Endpoint("openai", url)) == []


@pytest.mark.parametrize(
    "url",
    [
        "assistants.test/v1",
        "ftp://assistants.test",
        "https://",
        "https:///v1",
        "https://user:pw@assistants.test/v1",
        "https://assistants.test/v1?key=1",
        "https://assistants.test/v1#top",
        "https://assistants.test:port/v1",
        "https://assistants.test:99999/v1",
        "https://[::1/v1",
        "https://assistants.test/v 1",
        "https://assistants.test\\@elsewhere.test/v1",
        "https://assistants.test/\x00",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_base_url(url) -> None:
    assert problems(Endpoint("openai", url)) == [("base_url", "invalid_url")]


@pytest.mark.parametrize("value", ["a b", "a\nx-evil: 1", "schlüssel", "a\x00", "a\u200b"])
def test_a_value_must_fit_into_a_header(value) -> None:
    assert problems(Endpoint("airs", "", {"api_key": value})) == [("api_key", "invalid_characters")]


def test_blanks_around_a_value_do_no_harm() -> None:
    endpoint = Endpoint("airs", "", {"api_key": " key\n"})
    assert problems(endpoint) == []
    assert PROFILES["airs"].headers(endpoint) == {"Authorization": "Bearer key"}
    assert endpoint.secrets == ("key",)


def test_a_config_is_named_and_not_written_out_since_it_could_hold_keys() -> None:
    assert problems(portkey(config='{"api_key":"sk-1"}')) == [("config", "invalid_config")]


@pytest.mark.parametrize(
    ("host", "fine"),
    [
        ("https://models.test/v1", True),
        ("http://models.test:8000/api/v1", True),
        ("https://models.test/v1/", False),
        ("https://models.test", False),
        ("models.test/v1", False),
    ],
)
def test_a_custom_host_ends_in_v1(host, fine) -> None:
    expected = [] if fine else [("custom_host", "invalid_custom_host")]
    assert problems(portkey(provider="openai", custom_host=host)) == expected
    oss = Endpoint("portkey-oss", "http://g.test/v1", {"api_key": "k"}, {"custom_host": host})
    assert problems(oss) == expected


def test_the_open_source_gateway_knows_no_slugs() -> None:
    oss = Endpoint("portkey-oss", "http://g.test/v1", {"api_key": "k"}, {"provider": "@mine"})
    assert problems(oss) == [("provider", "unsupported_provider")]


@pytest.mark.parametrize("profile", ["portkey", "airs", "portkey-oss"])
@pytest.mark.parametrize(
    "path",
    [
        "reasoning_effort",
        "tools[0].file_search.ranking_options",
        "tools[12].file_search.ranking_options.score_threshold",
        "response_format.json_schema",
    ],
)
def test_portkey_does_not_document_everything(profile, path) -> None:
    assert not PROFILES[profile].documents(path)
    assert PROFILES["registry"].documents(path)
    assert PROFILES["openai"].documents(path)


@pytest.mark.parametrize("path", ["name", "tools[0].file_search.max_num_results", "metadata.a"])
def test_portkey_documents_the_rest(path) -> None:
    assert PROFILES["portkey"].documents(path)

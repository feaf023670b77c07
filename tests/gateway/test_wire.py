"""Requests, whole, as they leave us."""

import json

import httpx
import pytest

from assistants.definition import Definition
from assistants.gateway import Endpoint, Gateway, Refused
from tests.gateway.wire import ASSISTANT, OPENAI, PORTKEY, SECRET, Remote

OURS = {  # what every call carries beyond what the documentation shows; each is meant
    "accept": "application/json",
    "accept-encoding": "identity",
    "user-agent": "assistants-admin/1",
}
DOCUMENTED = {"content-type": "application/json", "openai-beta": "assistants=v2"}


def test_modify_through_portkey_is_exactly_the_documented_request() -> None:
    answer = {
        "id": "text",
        "object": "assistant",
        "created_at": 1,
        "name": "text",
        "description": "text",
        "model": "text",
        "instructions": "text",
        "tools": [{"type": "code_interpreter"}],
        "tool_resources": {
            "code_interpreter": {"file_ids": []},
            "file_search": {"vector_store_ids": ["text"]},
        },
        "metadata": {},
        "temperature": 1,
        "top_p": 1,
        "response_format": "none",
    }
    remote = Remote(httpx.Response(200, json=answer))
    body = {
        "instructions": "You are an HR bot, and you have access to files to answer employee "
        "questions about company policies. Always response with info from either of the files.",
        "tools": [{"type": "file_search"}],
        "model": "gpt-4-turbo",
    }

    stored = remote.gateway(PORTKEY).modify("text", body, trace_id="trace-1")

    assert remote.sent == {
        "method": "POST",
        "url": "https://api.portkey.ai/v1/assistants/text",
        "headers": {
            "x-portkey-api-key": "pk-portkey-0123456789",
            "x-portkey-virtual-key": "vk-virtual-0123456789",
            "openai-beta": "assistants=v2",
            "content-type": "application/json",
            "host": "api.portkey.ai",
            "x-portkey-trace-id": "trace-1",
            "content-length": str(len(json.dumps(body))),
            **OURS,
        },
        "body": body,
    }
    assert (stored.id, stored.created_at, stored.etag) == ("text", 1.0, None)
    assert stored.definition == Definition.parse(answer)
    assert stored.definition.value("response_format") == "none"


@pytest.mark.parametrize(
    ("call", "method", "path", "body", "extra"),
    [
        (
            lambda g: g.list_page(after="asst_1", limit=50, order="asc"),
            "GET",
            "/assistants?limit=50&order=asc&after=asst_1",
            None,
            {},
        ),
        (lambda g: g.retrieve("asst_1"), "GET", "/assistants/asst_1", None, {}),
        (
            lambda g: g.create({"model": "gpt-5"}),
            "POST",
            "/assistants",
            {"model": "gpt-5"},
            {"content-length": "18"},
        ),
        (
            lambda g: g.modify("asst_1", {"name": None}, if_match='"7"'),
            "POST",
            "/assistants/asst_1",
            {"name": None},
            {"content-length": "14", "if-match": '"7"'},
        ),
        (
            lambda g: g.delete("asst_1", if_match='"7"'),
            "DELETE",
            "/assistants/asst_1",
            None,
            {"if-match": '"7"'},
        ),
        (lambda g: g.models(), "GET", "/models", None, {}),
        (lambda g: g.changes(after=3, limit=5), "GET", "/changes?after=3&limit=5", None, {}),
    ],
)
def test_each_call_is_sent_whole_and_with_nothing_else(call, method, path, body, extra) -> None:
    remote = Remote(
        httpx.Response(
            200,
            json={**ASSISTANT, "id": "asst_1", "deleted": True, "data": [], "last_sequence": 0},
        )
    )
    call(remote.gateway())
    sent = remote.sent
    sent["headers"].pop("x-portkey-trace-id")  # has a test of its own
    assert sent == {
        "method": method,
        "url": f"https://assistants.test/v1{path}",
        "headers": {
            "host": "assistants.test",
            "authorization": f"Bearer {SECRET}",
            **DOCUMENTED,
            **OURS,
            **extra,
        },
        "body": body,
    }


@pytest.mark.parametrize(
    ("endpoint", "url", "headers"),
    [
        (
            Endpoint("portkey", "", {"portkey_api_key": "p"}, {"provider": "@openai-prod"}),
            "https://api.portkey.ai/v1/models",
            {"x-portkey-api-key": "p", "x-portkey-provider": "@openai-prod"},
        ),
        (
            Endpoint("portkey", "", {"portkey_api_key": "p"}, {"config": "pc-main-1"}),
            "https://api.portkey.ai/v1/models",
            {"x-portkey-api-key": "p", "x-portkey-config": "pc-main-1"},
        ),
        (
            Endpoint(
                "portkey",
                "https://gateway.test/v1/",
                {"portkey_api_key": "p", "api_key": "sk"},
                {"provider": "openai", "custom_host": "https://models.test/v1"},
            ),
            "https://gateway.test/v1/models",
            {
                "x-portkey-api-key": "p",
                "authorization": "Bearer sk",
                "x-portkey-provider": "openai",
                "x-portkey-custom-host": "https://models.test/v1",
            },
        ),
        (
            Endpoint("airs", "", {"api_key": "sk"}, {"provider": "@openai-prod"}),
            "https://aigw.portkey.ai/v1/models",
            {"authorization": "Bearer sk", "x-portkey-provider": "@openai-prod"},
        ),
        (
            Endpoint("portkey-oss", "https://gateway.test:8787/v1", {"api_key": "sk"}),
            "https://gateway.test:8787/v1/models",
            {"authorization": "Bearer sk", "x-portkey-provider": "openai"},
        ),
        (
            Endpoint("openai", "https://assistants.test/v1"),
            "https://assistants.test/v1/models",
            {},
        ),
        (
            Endpoint("azure", "https://a.test/openai", {"api_key": "k"}, {"api_version": "v1"}),
            "https://a.test/openai/models?api-version=v1",
            {"api-key": "k"},
        ),
        (
            # what a profile does not take stays at home
            Endpoint(
                "openai",
                "https://assistants.test/v1",
                {"api_key": "sk", "portkey_api_key": "p"},
                {"config": "pc-1", "api_version": "v1"},
            ),
            "https://assistants.test/v1/models",
            {"authorization": "Bearer sk"},
        ),
    ],
)
def test_each_profile_sends_its_credentials_in_their_own_headers(endpoint, url, headers) -> None:
    remote = Remote(httpx.Response(200, json={"data": []}))
    remote.gateway(endpoint).models()
    sent = remote.sent
    common = {*DOCUMENTED, *OURS, "host", "x-portkey-trace-id"}
    assert sent["url"] == url
    assert {k: v for k, v in sent["headers"].items() if k not in common} == headers


def test_query_parameters_of_profile_and_call_travel_together() -> None:
    azure = Endpoint("azure", "https://a.test/openai", {"api_key": "k"}, {"api_version": "v1"})
    remote = Remote(httpx.Response(200, json={"data": []}))
    remote.gateway(azure).list_page(limit=1)
    assert remote.sent["url"] == (
        "https://a.test/openai/assistants?api-version=v1&limit=1&order=desc"
    )


def test_every_call_has_a_trace_id_of_its_own() -> None:
    remote = Remote(httpx.Response(200, json={**ASSISTANT, "data": []}))
    gateway = remote.gateway()
    gateway.models()
    gateway.models()
    gateway.retrieve("asst_abc123", trace_id="mine")
    first, second, third = (request.headers["x-portkey-trace-id"] for request in remote.requests)
    assert len(first) == len(second) == 32
    assert first != second
    assert third == "mine"


@pytest.mark.parametrize(
    ("text", "written"),
    [("Grüße, 你好 🙂", '"Grüße, 你好 🙂"'.encode()), ("a\ud800b", b'"a\\ud800b"')],
)
def test_bodies_are_utf8_and_sized(text, written) -> None:
    remote = Remote(httpx.Response(200, json=ASSISTANT))
    remote.gateway().modify("asst_abc123", {"name": text})
    (request,) = remote.requests
    assert request.content == b'{"name": ' + written + b"}"
    assert request.headers["content-length"] == str(len(request.content))
    assert "transfer-encoding" not in request.headers


@pytest.mark.parametrize(
    "remote_id",
    ["", ".", "..", "../files", "a/b", "a%2fb", "a?b", "a b", "ä", "a\n", "x" * 129, None, 7],
)
def test_an_id_that_leads_elsewhere_is_refused_without_a_call(remote_id) -> None:
    remote = Remote(httpx.Response(200, json=ASSISTANT))
    for call in (
        lambda g: g.retrieve(remote_id),
        lambda g: g.modify(remote_id, {}),
        lambda g: g.delete(remote_id),
    ):
        with pytest.raises(Refused) as caught:
            call(remote.gateway())
        assert caught.value.code == "invalid_id"
    assert remote.requests == []


@pytest.mark.parametrize("remote_id", ["asst_AbC-1", "x" * 128, "9f8e6c1a-3b5d-4e7f-8a9b"])
def test_ids_of_other_shapes_are_fine(remote_id) -> None:
    remote = Remote(httpx.Response(200, json={**ASSISTANT, "id": remote_id}))
    assert remote.gateway().retrieve(remote_id).id == remote_id
    assert remote.sent["url"] == f"https://assistants.test/v1/assistants/{remote_id}"


def test_the_built_in_registry_is_never_looked_for_on_the_network() -> None:
    with pytest.raises(ValueError, match="in process"):
        Gateway(Endpoint("registry"))


def test_credentials_are_not_part_of_an_endpoints_repr() -> None:
    assert SECRET not in repr(OPENAI)
    assert "credentials" not in repr(OPENAI)

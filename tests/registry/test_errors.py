"""Every refusal has the one shape, whichever part of the server it comes from."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from admin_ui.accounts.models import Workspace
from admin_ui.request.api import asks_api
from assistants.registry import errors, store
from tests.factories import make_api_key
from tests.registry import calls

DOCS = Path(__file__).parents[2] / "docs" / "registry.md"
KINDS = {"invalid_request_error", "requests", "server_error"}


def fail_with(error: Exception) -> Callable[..., Any]:
    def fail(*_args: object, **_kwargs: object) -> Any:
        raise error

    return fail


Ask = Callable[[calls.Registry, pytest.MonkeyPatch, Settings], calls.Answer]


def _no_beta(ask: calls.Registry, *_: object) -> calls.Answer:
    return ask("GET", "/assistants", None, {"OpenAI-Beta": None})


def _wrong_host(ask: calls.Registry, *_: object) -> calls.Answer:
    return ask("GET", "/models", None, {"Host": "elsewhere.example"})


def _too_large(ask: calls.Registry, _patch: object, settings: Settings) -> calls.Answer:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    return ask("POST", "/assistants", {"model": "gpt-5"})


def _too_often(ask: calls.Registry, _patch: object, settings: Settings) -> calls.Answer:
    settings.API_READS_PER_MINUTE, settings.WEB_WORKERS = 1, 1
    ask("GET", "/models")
    return ask("GET", "/models")


def _stale(ask: calls.Registry, *_: object) -> calls.Answer:
    return ask("DELETE", f"/assistants/{ask.create()['id']}", None, {"If-Match": '"999"'})


def _broken(ask: calls.Registry, patch: pytest.MonkeyPatch, _settings: object) -> calls.Answer:
    patch.setattr(store, "find_stored", fail_with(RuntimeError("secret")))
    return ask("GET", "/assistants/asst_a")


def _broken_early(
    ask: calls.Registry, patch: pytest.MonkeyPatch, _settings: object
) -> calls.Answer:
    broken = fail_with(RuntimeError("secret"))
    patch.setattr("django.middleware.csrf.CsrfViewMiddleware.process_request", broken)
    patch.setattr("django.test.client.got_request_exception.send", lambda **_kwargs: None)
    return ask("GET", "/models")


def _locked(ask: calls.Registry, patch: pytest.MonkeyPatch, _settings: object) -> calls.Answer:
    patch.setattr(store, "find_stored", fail_with(OperationalError("locked")))
    return ask("GET", "/assistants/asst_a")


def post(body: Any, **headers: str) -> Ask:
    return lambda ask, *_: ask("POST", "/assistants", body, headers)


def send(method: str, path: str, **headers: str | None) -> Ask:
    return lambda ask, *_: ask(method, path, None, headers)


CHUNKED = {"Transfer-Encoding": "chunked"}
REFUSALS: dict[str, tuple[int, Ask]] = {
    "a field over its limit": (400, post({"model": "m" * 257})),
    "no JSON": (400, post(b"{")),
    "no UTF-8": (400, post('{"model": "gpt-5"}'.encode("utf-16"))),
    "compressed": (400, post(b"\x1f\x8b", **{"Content-Encoding": "gzip"})),
    "too many values": (400, post(b'{"model": "m", "x": [%s1]}' % (b"1," * 60_000))),
    "twice": (400, post(b'{"model": "m", "model": "n"}')),
    "null": (400, post({"model": None})),
    "no beta header": (400, _no_beta),
    "a wrong host": (400, _wrong_host),
    "a wrong cursor": (400, send("GET", "/assistants?after=nobody")),
    "a wrong number": (400, send("GET", "/assistants?limit=many")),
    "a number out of range": (400, send("GET", "/assistants?limit=0")),
    "a wrong order": (400, send("GET", "/assistants?order=up")),
    "no key": (401, send("GET", "/models", Authorization="")),
    "a wrong key": (401, send("GET", "/models", Authorization="Bearer aa_x")),
    "no such assistant": (404, send("GET", "/assistants/asst_a")),
    "no such model": (404, send("GET", "/models/none")),
    "no such address": (404, send("GET", "/threads")),
    "a wrong method": (405, send("PUT", "/assistants")),
    "a strange method": (405, send("BREW", "/assistants")),
    "the base address": (404, send("GET", "")),
    "the base address, to be changed": (404, send("POST", "")),
    "no length": (411, post(b"{}", **CHUNKED)),
    "no length, and nothing to send": (
        411,
        send("GET", "/models", **CHUNKED),
    ),
    "no length, nowhere": (411, send("GET", "/threads", **CHUNKED)),
    "changed meanwhile": (412, _stale),
    "too large": (413, _too_large),
    "too often": (429, _too_often),
    "an error in the server": (500, _broken),
    "a mistake before the address": (500, _broken_early),
    "no database": (503, _locked),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_every_refusal_has_the_shape(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, settings: Settings, name: str
) -> None:
    status, ask = REFUSALS[name]
    client = Client(raise_request_exception=False)
    registry = calls.by_key(make_api_key(workspace)[1], client=client)
    answer = ask(registry, monkeypatch, settings)
    assert answer.error[0] == status
    error = answer.data["error"]
    assert error["type"] in KINDS
    assert error["message"]
    assert "secret" not in error["message"]
    assert all(isinstance(error[key], str | None) for key in ("param", "code"))
    assert ("Retry-After" in answer.headers) is (status in (429, 503))
    assert answer.headers["x-request-id"].startswith("req_")


def test_a_key_that_may_only_read(workspace: Workspace) -> None:
    reader = calls.by_key(make_api_key(workspace, can_write=False)[1])
    assert reader("POST", "/assistants", {"model": "gpt-5"}).error[0] == 403


def test_every_status_is_documented() -> None:
    documented = {int(status) for status in re.findall(r"^\| (\d{3}) \|", DOCS.read_text(), re.M)}
    source = inspect.getsource(errors)
    made = {int(status) for status in re.findall(r"ApiError\(\s*(\d{3})\b", source)}
    assert made <= documented | {500}
    assert {status for status, _ask in REFUSALS.values()} | {403} >= made


DUPLICATES = [
    (b'{"model": "a", "model": "b"}', "model"),
    (b'{"model": "a", "metadata": {"k": "1", "x": "2", "k": "3"}}', "k"),
    (b'{"model": "a", "id": {"n\\u0041": 1, "nA": 1}}', "nA"),
    (b'{"model": "a", "x": [{"\\ud800\\u0000": 1, "\\ud800\\u0000": 2}]}', "??"),
]


@pytest.mark.parametrize(("body", "name"), DUPLICATES)
def test_a_key_that_comes_twice_is_named(
    registry: calls.Registry, workspace: Workspace, body: bytes, name: str
) -> None:
    made = registry.create(name="Support")
    for path in ("/assistants", f"/assistants/{made['id']}"):
        assert registry("POST", path, body).error == (
            *(400, "duplicate_key", name),
            f"Invalid JSON: the key '{name}' comes more than once in one object.",
        )
    assert registry.retrieve(made["id"]) == made


def test_a_schema_is_never_null(registry: calls.Registry) -> None:
    made = registry.create(name="Support")

    def ask(json_schema: Any) -> calls.Answer:
        wanted = {"type": "json_schema", "json_schema": json_schema}
        return registry("POST", f"/assistants/{made['id']}", {"response_format": wanted})

    path = "response_format.json_schema.schema"
    assert ask({"name": "answer", "schema": None}).error == (
        *(400, "invalid_type", path),
        f"Invalid type for '{path}': expected an object, but got null instead.",
    )
    assert ask({"name": "answer"}).status == 200
    assert ask({"name": "answer", "schema": {}}).status == 200
    assert ask(None).error[:2] == (400, "invalid_type")


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("GET /v1/assistants HTTP/1.1", True),
        ("GET /v1/assistants", True),
        ("GET http://a.test/v1/assistants HTTP/1.1", True),
        ("GET /w/main/ HTTP/1.1", False),
        ("GET", False),
        ("", False),
    ],
)
def test_even_a_line_without_a_version_says_whether_it_is_for_the_api(
    line: str, asks: bool
) -> None:
    assert asks_api(f"{line}\r\nHost: x\r\n".encode()) is asks

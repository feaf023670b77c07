"""What is refused, in which words, and that a refusal leaves everything as it was."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistants.registry.models import Counter, StoredAssistant, Write
from tests.registry.calls import Registry

OFFERS = "This registry offers /v1/assistants and /v1/models."

UNREADABLE = (
    "We could not parse the JSON body of your request. The API expects a JSON object, in UTF-8, "
    "but what was sent was not valid JSON."
)
FUNCTION = {"type": "function", "function": {"name": "f"}}


def too_long(path: str, kind: str, limit: int, length: int) -> str:
    article = f"a{'n' if kind == 'array' else ''} {kind}"
    return (
        f"Invalid '{path}': {kind} too long. Expected {article} with maximum length {limit}, "
        f"but got {article} with length {length} instead."
    )


FIELDS = [
    ({"name": "x" * 300}, "string_above_max_length", "name", too_long("name", "string", 256, 300)),
    (
        {"description": "x" * 513},
        *("string_above_max_length", "description"),
        too_long("description", "string", 512, 513),
    ),
    (
        {"instructions": "🙂" * 256_001},
        *("string_above_max_length", "instructions"),
        too_long("instructions", "string", 256_000, 256_001),
    ),
    (
        {"tools": [{"type": "code_interpreter"}] * 129},
        *("array_above_max_length", "tools"),
        too_long("tools", "array", 128, 129),
    ),
    (
        {"tool_resources": {"code_interpreter": {"file_ids": ["f"] * 21}}},
        *("array_above_max_length", "tool_resources.code_interpreter.file_ids"),
        too_long("tool_resources.code_interpreter.file_ids", "array", 20, 21),
    ),
    (
        {"metadata": {str(number): "x" for number in range(17)}},
        *("object_above_max_properties", "metadata"),
        "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, "
        "but got an object with 17 properties instead.",
    ),
    (
        {"metadata": {"mykey": None}},
        *("invalid_type", "metadata.mykey"),
        "Invalid type for 'metadata.mykey': expected a string, but got null instead.",
    ),
    (
        {"name": 5},
        *("invalid_type", "name"),
        "Invalid type for 'name': expected a string, but got an integer instead.",
    ),
    (
        {"tools": None},
        *("invalid_type", "tools"),
        "Invalid type for 'tools': expected an array of objects, but got null instead.",
    ),
    (
        {"model": None},
        *("invalid_type", "model"),
        "Invalid type for 'model': expected a string, but got null instead.",
    ),
    (
        {"model": ""},
        *("missing_required_parameter", "model"),
        "Missing required parameter: 'model'.",
    ),
    (
        {"temperature": 2.1},
        *("decimal_above_max_value", "temperature"),
        "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, "
        "but got 2.1 instead.",
    ),
    (
        {"top_p": -1},
        *("decimal_below_min_value", "top_p"),
        "Invalid 'top_p': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
    ),
    (
        {"tools": [{"type": "file_search", "file_search": {"max_num_results": 51}}]},
        *("integer_above_max_value", "tools[0].file_search.max_num_results"),
        "Invalid 'tools[0].file_search.max_num_results': integer above maximum value. "
        "Expected a value <= 50, but got 51 instead.",
    ),
    (
        {"tools": [{"type": "function"}]},
        *("missing_required_parameter", "tools[0].function"),
        "Missing required parameter: 'tools[0].function'.",
    ),
    (
        {"tools": [FUNCTION, FUNCTION]},
        *("duplicate_name", "tools[1].function.name"),
        "Invalid 'tools[1].function.name': duplicate function name 'f'.",
    ),
    (
        {"reasoning_effort": "huge"},
        *("invalid_value", "reasoning_effort"),
        "Invalid value: 'huge'. Supported values are: 'none', 'minimal', 'low', 'medium', 'high', "
        "'xhigh', and 'max'.",
    ),
    (
        {"name": "a\0b"},
        *("invalid_unicode", "name"),
        "Invalid 'name': the text contains a NUL character (U+0000).",
    ),
    (
        {"future": {"deep": ["\ud800"]}},
        *("invalid_unicode", "future.deep[0]"),
        "Invalid 'future.deep[0]': the text contains an unpaired surrogate (U+D800).",
    ),
]


@pytest.mark.parametrize(
    ("fields", "code", "param", "message"), FIELDS, ids=[f"{row[2]}-{row[1]}" for row in FIELDS]
)
def test_fields_over_their_limits(
    registry: Registry, fields: dict[str, Any], code: str, param: str, message: str
) -> None:
    created = registry.create(name="Before")
    expected = (400, code, param, message)
    assert registry("POST", "/assistants", {"model": "gpt-5", **fields}).error == expected
    assert registry("POST", f"/assistants/{created['id']}", fields).error == expected
    assert registry.retrieve(created["id"]) == created
    assert StoredAssistant.objects.count() == Write.objects.count() == Counter.objects.get().last


def test_create_needs_a_model(registry: Registry) -> None:
    assert registry("POST", "/assistants", {"name": "No model"}).error == (
        *(400, "missing_required_parameter", "model"),
        "Missing required parameter: 'model'.",
    )


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"nonsense", b"{", b'{"model": NaN}', b'{"model": Infinity}', b"\xff\xfe", b"\0"),
        b'{"name": "\xed\xa0\x80"}',
        b'{"temperature": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b"null",
        b"[]",
        b'"text"',
        b"1",
    ],
    ids=lambda body: repr(body[:20]),
)
def test_bodies_that_are_no_json_object(registry: Registry, body: bytes) -> None:
    path = f"/assistants/{registry.create()['id']}"
    for address in ("/assistants", path):
        assert registry("POST", address, body).error == (400, None, None, UNREADABLE)


def test_deep_nesting(registry: Registry) -> None:
    for field in ("future", "metadata", "tools"):
        for start, end in ((b"[" * 300, b"]" * 300), (b'{"a":' * 9_000 + b"1", b"}" * 9_000)):
            body = b'{"model": "m", "%s": %s%s}' % (field.encode(), start, end)
            assert registry("POST", "/assistants", body).error == (
                *(400, "nesting_above_max_depth", field),
                f"Invalid '{field}': nested too deeply. Expected at most 100 levels.",
            )


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 400])
def test_numbers_beyond_any_range(registry: Registry, number: str) -> None:
    for field in ("temperature", "top_p", "future"):
        body = f'{{"model": "m", "{field}": {number}}}'.encode()
        assert registry("POST", "/assistants", body).status in (
            (200, 400) if field == "future" else (400,)
        )


def test_body_too_large(registry: Registry, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = {"model": "gpt-5", "instructions": "x" * 1000}
    assert registry("POST", "/assistants", body).error == (
        *(413, "request_too_large", None),
        "The body of your request is too large. Expected at most 1000 bytes.",
    )


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/", 404, f"Invalid URL (GET /v1/). {OFFERS}"),
        ("GET", "/assistants/", 404, f"Invalid URL (GET /v1/assistants/). {OFFERS}"),
        ("POST", "/assistants/a/b", 404, f"Invalid URL (POST /v1/assistants/a/b). {OFFERS}"),
        ("PUT", "/assistants", 405, "Invalid method for URL (PUT /v1/assistants)"),
        ("OPTIONS", "/models", 405, "Invalid method for URL (OPTIONS /v1/models)"),
        (
            "PATCH",
            "/assistants/asst_a",
            405,
            "Invalid method for URL (PATCH /v1/assistants/asst_a)",
        ),
    ],
)
def test_unknown_addresses_and_methods(
    registry: Registry, method: str, path: str, status: int, message: str
) -> None:
    answer = registry(method, path)
    assert answer.error == (status, None, None, message)
    allowed = {"/assistants": "GET, POST", "/models": "GET"}.get(path, "GET, POST, DELETE")
    assert answer.headers.get("Allow") == (allowed if status == 405 else None)


@pytest.mark.parametrize(
    "public_id", ["asst_nobody", "a" * 300, "%00", "a%2Fb", "..%2Fmodels", "ä", "%ff", "a'--"]
)
def test_ids_that_name_nothing(by_key: Registry, public_id: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        answer = by_key(method, f"/assistants/{public_id}", {})
        assert answer.error[:3] == (404, None, None)


@pytest.mark.parametrize("value", [None, "", "assistants=v1", "assistants"])
def test_beta_header(registry: Registry, value: str | None) -> None:
    path = f"/assistants/{registry.create()['id']}"
    for method, address in (("GET", "/assistants"), ("GET", path), ("DELETE", path)):
        answer = registry(method, address, None, {"OpenAI-Beta": value})
        status, code, param, message = answer.error
        assert (status, code, param) == (400, "invalid_beta", None)
        assert "'OpenAI-Beta: assistants=v2'" in message
    assert registry("GET", path, None, {"OpenAI-Beta": "x=y, assistants=v2"}).status == 200
    assert registry("GET", "/models", None, {"OpenAI-Beta": value}).status == 200


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [
        *("id", "object", "name", "description", "model", "instructions", "tools", "metadata"),
        *("tool_resources", "temperature", "top_p", "response_format", "reasoning_effort", "other"),
    ]
)
TOOLS = st.fixed_dictionaries(
    {"type": st.sampled_from(["file_search", "function", "code_interpreter", "x"]) | JSON},
    optional={"function": JSON, "file_search": JSON},
)
BODIES = st.dictionaries(NAMES, JSON | st.lists(TOOLS, max_size=3), max_size=6)


@hypothesis_settings(
    max_examples=hypothesis_settings.default.max_examples * 3 // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(body=BODIES | JSON)
def test_no_body_breaks_it(in_process: Registry, body: Any) -> None:
    raw = json.dumps(body).encode()
    public_id = in_process.create()["id"]
    for path in ("/assistants", f"/assistants/{public_id}"):
        answer = in_process("POST", path, raw)
        if answer.status == 200:
            assert in_process.retrieve(answer.data["id"]) == answer.data
        else:
            assert answer.error[0] == 400


def test_trouble_is_answered_in_json(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import OperationalError

    from assistants.registry import store

    def fail_with(error: Exception) -> None:
        def fail(*_args: object, **_kwargs: object) -> None:
            raise error

        monkeypatch.setattr(store, "find_stored", fail)

    fail_with(OperationalError("database is locked"))
    answer = registry("GET", "/assistants/asst_a")
    assert answer.error[:3] == (503, None, None)
    assert answer.data["error"]["type"] == "server_error"
    assert answer.headers["Retry-After"] == "1"
    fail_with(RuntimeError("secret detail"))
    answer = registry("GET", "/assistants/asst_a")
    assert answer.error[:3] == (500, None, None)
    assert "secret detail" not in answer.error[3]
    assert answer.headers["x-request-id"] in caplog.text


def test_too_many_query_fields(by_key: Registry, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    answer = by_key("GET", "/assistants?a=1&b=2&c=3&d=4")
    assert answer.error == (400, None, None, "The request could not be understood.")


def test_form_encoded_body_is_no_json(by_key: Registry, workspace: Any) -> None:
    from tests.factories import make_api_key

    client = Client(headers={"Authorization": f"Bearer {make_api_key(workspace)[1]}"})
    response = client.post(
        "/v1/assistants", {"model": "gpt-5"}, headers={"OpenAI-Beta": "assistants=v2"}
    )
    assert response.status_code == 400
    assert response.json()["error"]["message"] == UNREADABLE

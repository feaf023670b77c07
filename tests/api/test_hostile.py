"""What no client should send, and the description that all of them read."""

import re
from typing import Any

import jsonschema
import pytest
from django.test import Client

from admin_ui.accounts.permissions import Role
from admin_ui.request.api import in_shape
from assistants.api.page import HEADERS, document
from assistants.models import Assistant, Draft
from tests.api.calls import Api, by_role
from tests.conftest import Cast
from tests.pages.past import make_assistant

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = b'{"definition": {"model": "gpt-4o"}}'


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 422, "invalid_request"),
        (b"{", 400, "malformed"),
        (b"[]", 422, "invalid_request"),
        (b"null", 422, "invalid_request"),
        (b"\xff\xfe", 400, "malformed"),
        (b'{"definition": NaN}', 400, "malformed"),
        (b'{"definition": Infinity}', 400, "malformed"),
        (b'{"definition": {}, "definition": {}}', 400, "duplicate_key"),
        (b'{"definition": {"a": 1, "a": 2}}', 400, "duplicate_key"),
        (b'{"definition": []}', 422, "invalid_request"),
        (b'{"definition": {}, "conection": 1}', 422, "invalid_request"),
        (b'{"definition": {}, "connection": -1}', 422, "invalid_request"),
        (b'{"definition": {}, "connection": 9999999999999999999999}', 422, "invalid_request"),
        (b'{"definition": {}, "connection": "1"}', 422, "invalid_request"),
        (b'{"definition": ' + b"[" * 5000 + b"]" * 5000 + b"}", 422, "invalid"),
    ],
)
def test_a_body_that_makes_no_sense(cast: Cast, body: bytes, status: int, code: str) -> None:
    answer = by_role(cast, "editor")("POST", "assistants", body)
    assert answer.refusal[:2] == (status, code)
    assert not Assistant.objects.exists()


def test_a_body_has_a_length_and_a_limit(cast: Cast, settings: Any) -> None:
    api = by_role(cast, "editor")
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert api("POST", "assistants", b" " * 101 + GOOD).refusal == (413, "too_large", None)
    chunked = Api(api.secret, client=Client(HTTP_TRANSFER_ENCODING="chunked"))
    assert chunked("POST", "assistants", GOOD).refusal == (411, "no_length", None)


@pytest.mark.parametrize(
    "path",
    [
        "assistants/-1",
        "assistants/1.5",
        "assistants/99999999999999999999",
        "assistants/1/history/0x1",
        "assistants/1/compare/..",
        "assistants/1/compare/1..%00",
        "assistants/%00",
        "nothing",
        "assistants/1/",
        "../../w/main/",
    ],
)
def test_an_address_that_does_not_exist(cast: Cast, path: str) -> None:
    make_assistant(cast.workspace)
    assert by_role(cast, "admin")("GET", path).refusal == (404, "not_found", None)


@pytest.mark.parametrize("value", ["%00", "%F0%9F%92%A9", "~~~", "1~2~3", "x" * 300, "%27--", "é"])
@pytest.mark.parametrize("name", ["cursor", "q", "status", "model", "connection", "sort", "person"])
def test_a_filter_that_makes_no_sense(cast: Cast, name: str, value: str) -> None:
    pk = make_assistant(cast.workspace).pk
    api = by_role(cast, "admin")
    for path in ("assistants", f"assistants/{pk}/history", "members", "keys", "audit"):
        assert api("GET", f"{path}?{name}={value}").status == 200
    too_long = api("GET", f"assistants?q={'x' * 301}")
    assert too_long.refusal == (422, "invalid_request", "query.q")


@pytest.mark.parametrize("limit", ["0", "101", "x", "-1", "1e3"])
def test_a_limit_is_a_small_number(cast: Cast, limit: str) -> None:
    answer = by_role(cast, "viewer")("GET", f"assistants?limit={limit}")
    assert answer.refusal == (422, "invalid_request", "query.limit")


@pytest.mark.parametrize("value", ["", "*", '"x"', '"1", "2"', "-1", '"' + "9" * 30 + '"', "é"])
def test_if_match_names_one_revision(cast: Cast, value: str) -> None:
    pk = make_assistant(cast.workspace).pk
    body = {"definition": {"model": "gpt-4o"}}
    answer = by_role(cast, "editor")("PUT", f"assistants/{pk}/draft", body, if_match=value)
    assert answer.refusal == (400, "wrong_if_match", None)
    assert not Draft.objects.exists()


def test_any_json_can_be_a_draft(cast: Cast) -> None:
    api = by_role(cast, "publisher")
    pk = api("POST", "assistants", {"definition": {"model": "gpt-4o"}}).data["id"]
    api("POST", f"assistants/{pk}/publish", {})
    wanted = {"name": 7, "tools": {"a": [None, "\ud800", "\0", 1e300]}, "new_field": [[]]}
    body = {"definition": wanted, "base": 1}
    assert api("PUT", f"assistants/{pk}/draft", body).data["definition"] == wanted
    assert api("POST", f"assistants/{pk}/publish", {}).refusal[:2] == (422, "invalid")
    assert api("GET", f"assistants/{pk}").data["version"] == 1


@pytest.mark.parametrize("method", ["PATCH", "TRACE", "PROPFIND"])
def test_unknown_methods(cast: Cast, method: str) -> None:
    api = by_role(cast, "admin")
    api("POST", "assistants", {"definition": {"model": "gpt-5"}}, idempotency_key=method)
    answer = api(method, "assistants", idempotency_key="" if method == "PATCH" else method)
    assert answer.refusal == (405, "wrong_method", None)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_what_fails_before_the_api_has_its_shape() -> None:
    page = b"HTTP/1.1 431 Request Header Fields Too Large\r\n\r\n<html>"
    head, _, body = in_shape(b"GET /api/w/main/assistants HTTP/1.1\r\n", page).partition(
        b"\r\n\r\n"
    )
    assert b"application/json" in head
    assert b'{"error":{"code":"malformed","message":"The headers of the request' in body


def test_the_description_is_open_and_needs_nothing_from_elsewhere(db: None) -> None:
    browser = Client()
    page = browser.get("/api/").content.decode()
    assert "POST /api/w/{ws}/assistants/{pk}/publish" in page
    assert "over_doubt" in page
    assert "//cdn" not in page
    found = browser.get("/api/openapi.json").json()
    assert found["openapi"].startswith("3.")
    assert found["security"] == [{"key": []}]
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            named = {entry["name"] for entry in operation["parameters"] if entry["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path))
            assert "default" in operation["responses"]
            sent = {entry["name"] for entry in operation["parameters"] if entry["in"] == "header"}
            assert ("Idempotency-Key" in sent) is (method != "get")
    assert re.fullmatch(HEADERS["Idempotency-Key"]["pattern"], "x" * 200)
    assert not re.fullmatch(HEADERS["Idempotency-Key"]["pattern"], "x" * 201)
    assert browser.post("/api/").status_code == 405


def resolved(schema: Any) -> Any:
    return {**schema, "components": document()["components"]}


def test_answers_are_as_described(cast: Cast) -> None:
    pk, api = make_assistant(cast.workspace).pk, by_role(cast, Role.ADMIN)
    for path, address in (
        ("assistants", "assistants"),
        ("assistants/{pk}", f"assistants/{pk}"),
        ("assistants/{pk}/history", f"assistants/{pk}/history"),
        ("assistants/{pk}/history/{revision}", f"assistants/{pk}/history/1"),
        ("assistants/{pk}/compare/{a}..{b}", f"assistants/{pk}/compare/1..live"),
        ("members", "members"),
        ("service-accounts", "service-accounts"),
        ("keys", "keys"),
        ("audit", "audit"),
    ):
        described = document()["paths"][f"/api/w/{{ws}}/{path}"]["get"]["responses"][200]
        schema = described["content"]["application/json"]["schema"]
        jsonschema.validate(api("GET", address).data, resolved(schema))
    error = document()["components"]["schemas"]["Error"]
    for body in (b"{", b'{"definition": 7}'):
        jsonschema.validate(api("POST", "assistants", body).data, error)

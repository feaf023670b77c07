"""An error says what the remote said, and of which field, in one printable line."""

import httpx
import pytest

from assistants.gateway import (
    Refused,
)
from tests.gateway.failing import failing, openai


def test_an_error_holds_what_the_remote_said() -> None:
    error = failing(
        openai(
            400,
            "Unsupported parameter: 'temperature' is not\nsupported with this model.",
            "unsupported_model",
            "model",
            **{"x-request-id": "req_1"},
        )
    )
    assert error.message == "Unsupported parameter: 'temperature' is not supported with this model."
    assert str(error) == error.message
    assert (error.status, error.code, error.param) == (400, "unsupported_model", "model")
    assert (error.request_id, error.retry_after) == ("req_1", None)
    assert error.trace_id
    assert error.kind == "refused"


def test_junk_still_says_which_request_it_answered() -> None:
    error = failing(httpx.Response(200, text="hello", headers={"x-request-id": "req_2"}))
    assert (error.status, error.request_id) == (200, "req_2")
    assert error.message == "the answer is not a JSON object"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (httpx.Response(400, json={"status": "failure", "message": "Bad config"}), "Bad config"),
        (httpx.Response(400, json={"error": "Just words"}), "Just words"),
        (httpx.Response(422, json={"detail": "Field required"}), "Field required"),
        (httpx.Response(422, json={"detail": [{"msg": "x"}]}), "x"),
        (httpx.Response(422, json={"detail": [{"message": 5}]}), '{"detail":[{"message":5}]}'),
        (httpx.Response(422, json={"detail": []}), '{"detail":[]}'),
        (httpx.Response(400, json={"detail": {"error": "Just words"}}), "Just words"),
        (httpx.Response(400, json={"detail": {"error": {"message": "Nested"}}}), "Nested"),
        (httpx.Response(400, json={"detail": {"message": "Said so"}}), "Said so"),
        (httpx.Response(400, json={"error": {"message": None}}), ""),
        (httpx.Response(400, json={"error": {"message": ["odd"]}}), ""),
        (httpx.Response(400, json=[]), "[]"),
        (httpx.Response(500, text="Message: fetch failed\r\n"), "Message: fetch failed"),
        (httpx.Response(502, html="<title>Bad &amp; broken</title><p>x"), "Bad & broken"),
        (httpx.Response(502, text=" <html><p>No title</p></html>"), ""),
        (httpx.Response(500, content=b"\xff\x00\x1b[31m"), "��\ufffd[31m"),
        (httpx.Response(500), ""),
        (httpx.Response(500, text='{"message": "a\\ud800b"}'), "a\ufffdb"),
    ],
)
def test_each_shape_of_error_gives_one_printable_line(answer, message) -> None:
    assert failing(answer).message == message


def fastapi(*problems):
    rows = [{"type": kind, "loc": loc, "msg": message} for kind, loc, message in problems]
    return httpx.Response(422, json={"detail": rows})


BAD_NAME = "String should match pattern '^[a-z]+$'"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (
            fastapi(("pattern", ["body", "tools", 2, "function", "name"], BAD_NAME)),
            ("tools[2].function.name", "pattern", BAD_NAME),
        ),
        (
            fastapi(("missing", ["body", "model"], "Field required")),
            ("model", "missing", "Field required"),
        ),
        (
            fastapi(("too_long", ["body", "payload", "metadata", "a.b"], "Too long")),
            ("metadata.a.b", "too_long", "Too long"),
        ),
        (
            fastapi(("pattern", ["body", "tools", 0, "FunctionTool", "function", "name"], "No")),
            ("tools[0].FunctionTool.function.name", "pattern", "No"),
        ),
        (
            fastapi(("extra", ["body", "x_vendor", "mode"], "Not permitted")),
            ("x_vendor", "extra", "Not permitted"),
        ),
        (
            fastapi(("json_invalid", ["body", 17], "JSON decode error")),
            (None, "json_invalid", "body.17: JSON decode error"),
        ),
        (
            fastapi(("missing", ["body"], "Field required")),
            (None, "missing", "body: Field required"),
        ),
        (
            fastapi(("missing", ["header", "name"], "Field required")),
            (None, "missing", "header.name: Field required"),
        ),
        (
            fastapi(("missing", [], "Field required")),
            (None, "missing", "Field required"),
        ),
        (
            fastapi(
                ("missing", ["query", "limit"], "Field required"),
                ("less", ["body", "temperature"], "Input should be less than 2"),
                ("long", ["body", "tools", 1, "function"], "Too long"),
            ),
            (
                "temperature",
                "less",
                "Input should be less than 2; tools[1].function: Too long; "
                "query.limit: Field required",
            ),
        ),
        (
            httpx.Response(422, json={"detail": [{"loc": {"a": 1}, "msg": "Odd", "type": []}]}),
            (None, None, "Odd"),
        ),
        (openai(400, "No.", "c", "None"), (None, "c", "No.")),
        (openai(400, "No.", "c", "null"), (None, "c", "No.")),
        (openai(400, "No.", "c", ""), (None, "c", "No.")),
        (
            httpx.Response(400, json={"error": {"message": "No.", "code": "c", "target": "name"}}),
            ("name", "c", "No."),
        ),
    ],
)
def test_each_shape_of_error_says_which_field(answer, told) -> None:
    error = failing(answer)
    assert (error.param, error.code, error.message) == told
    assert type(error) is Refused


def test_a_long_list_of_problems_is_cut() -> None:
    error = failing(fastapi(*[("x", ["body", "tools", at], "y" * 20) for at in range(1000)]))
    assert (error.param, len(error.message)) == ("tools[0]", 500)


def test_a_long_message_is_cut() -> None:
    error = failing(openai(400, "é" * 10_000, "c" * 1000, "p" * 1000))
    assert error.message == "é" * 499 + "…"
    assert (len(error.code or ""), len(error.param or "")) == (100, 100)

"""What the web server refuses before the registry is reached has the shape of the API too."""

import json

import pytest

from admin_ui.request.api import REFUSAL_SENTENCES, asks_api, in_shape, is_api

PAGE = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>secret</html>"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"GET /v1/assistants HTTP/1.1\r\nHost: x\r\n", True),
        (b"GET /v1 HTTP/1.1\r\n", True),
        (b"GET /v1?limit=1 HTTP/1.1\r\n", True),
        (b"get /v1/assistants", True),
        (b"G@T /v1/a\x00b HTTP/9", True),
        (b"GET /v1/" + b"a" * 2000, True),
        (b"GET /v1/\xc3\xa9 HTTP/1.1", True),
        (b"GET /%761/x HTTP/1.1", True),
        (b"GET http://example.com/v1/x HTTP/1.1", True),
        (b"GET HTTPS://a:1@example.com:8/v1 HTTP/1.1", True),
        (b"GET /v10/x HTTP/1.1", False),
        (b"GET /V1/x HTTP/1.1", False),
        (b"GET /w/v1/x HTTP/1.1", False),
        (b"GET /x?next=/v1/y HTTP/1.1", False),
        (b"GET /x/http://a/v1/ HTTP/1.1", False),
        (b"GET http://v1/ HTTP/1.1", False),
        (b"GET / HTTP/1.1\r\nReferer: /v1/x", False),
        (b"GET\r\n /v1/x HTTP/1.1", False),
        (b"\x16\x03\x01 /v1\xff", False),
        (b"* ", False),
        (b"", False),
    ],
)
def test_whose_request_it_is(head: bytes, expected: bool) -> None:
    assert asks_api(head) is expected
    page = in_shape(head, PAGE)
    assert (page != PAGE) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1", True),
        ("/v1/", True),
        ("/v1/x", True),
        ("/v1x", False),
        ("/", False),
        ("/w/v1/", False),
    ],
)
def test_which_addresses_are_of_the_api(path: str, expected: bool) -> None:
    assert is_api(path) is expected


@pytest.mark.parametrize("status", [*REFUSAL_SENTENCES, 403, 500])
@pytest.mark.parametrize("method", [b"GET", b"HEAD"])
def test_the_answer_is_whole(status: int, method: bytes) -> None:
    page = PAGE.replace(b"400", str(status).encode())
    head, _, body = in_shape(method + b" /v1/x HTTP/1.1", page).partition(b"\r\n\r\n")
    line, *lines = head.decode().split("\r\n")
    headers = dict(entry.split(": ", 1) for entry in lines)
    request_id = headers.pop("x-request-id")
    length = int(headers.pop("Content-Length"))
    assert line.startswith(f"HTTP/1.1 {status} ")
    assert request_id.startswith("req_")
    assert headers == {
        "Connection": "close",
        "Content-Type": "application/json",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    if method == b"HEAD":
        assert (body, length > 80) == (b"", True)
        return
    assert len(body) == length
    error = json.loads(body)["error"]
    failed = status == 500
    kind = "server_error" if failed else "invalid_request_error"
    assert {**error, "message": ""} == {"message": "", "type": kind, "param": None, "code": None}
    assert error["message"]
    assert "secret" not in error["message"]

"""Each answer that is not a success becomes one typed error."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from assistants.gateway import (
    AssistantMissing,
    CannotList,
    CannotRead,
    CannotWrite,
    Changed,
    ConnectionLost,
    Endpoint,
    EndpointGone,
    GatewayError,
    Misconfigured,
    NothingChanged,
    RateLimited,
    Refused,
    ServerTrouble,
    TimedOut,
    Unauthorized,
    UnexpectedAnswer,
    Unreachable,
    Unsure,
    errors,
)
from tests.gateway.failing import failing, openai
from tests.gateway.wire import (
    ASSISTANT,
    CALLS,
    SECRET,
)

# The rows of the table of answers that come through the gateway, and what else HTTP can say.
TABLE = [
    (openai(400), Refused),
    (openai(401), Unauthorized),
    (openai(403), Unauthorized),
    (openai(404), AssistantMissing),
    (openai(405), CannotWrite),
    (openai(409), Refused),
    (openai(410), AssistantMissing),
    (openai(412), Changed),
    (openai(413), Refused),
    (openai(422), Refused),
    (openai(429), RateLimited),
    (openai(500), ServerTrouble),
    (openai(501), ServerTrouble),
    (openai(503), ServerTrouble),
    (
        httpx.Response(500, text="Message: fetch failed Cause: Error: read ECONNRESET undefined"),
        ServerTrouble,
    ),
    (httpx.Response(502, html="<html><title>502 Bad Gateway</title></html>"), ServerTrouble),
    (httpx.Response(200, text='{"id": "asst_abc123", "obj'), UnexpectedAnswer),
    (httpx.Response(200), UnexpectedAnswer),
    (httpx.Response(200, html="<html><h1>Welcome</h1></html>"), UnexpectedAnswer),
    (httpx.Response(200, json={"object": "list", "data": [ASSISTANT]}), UnexpectedAnswer),
    (httpx.Response(200, json=[ASSISTANT]), UnexpectedAnswer),
    (httpx.Response(200, json={**ASSISTANT, "id": "asst_other"}), UnexpectedAnswer),
    (httpx.Response(200, json={**ASSISTANT, "object": "thread"}), UnexpectedAnswer),
    (
        httpx.Response(200, text='{"id": "asst_abc123", "object": "assistant", "top_p": NaN}'),
        UnexpectedAnswer,
    ),
    (httpx.Response(200, text="[" * 100_000), UnexpectedAnswer),
    (httpx.Response(202, json=ASSISTANT), UnexpectedAnswer),
    (httpx.Response(204), UnexpectedAnswer),
    (httpx.Response(302, headers={"location": "https://elsewhere.test/"}), UnexpectedAnswer),
    (httpx.Response(307, headers={"location": "https://elsewhere.test/"}), UnexpectedAnswer),
    (
        httpx.Response(
            408, json={"error": {"message": "Request exceeded…", "type": "timeout_error"}}
        ),
        TimedOut,
    ),
    (
        httpx.Response(400, json={"status": "failure", "message": "Invalid config"}),
        Misconfigured,
    ),
    (
        httpx.Response(404, json={"status": "failure", "message": "Unknown config"}),
        Misconfigured,
    ),
    (
        httpx.Response(401, json={"status": "failure", "message": "Invalid API key"}),
        Unauthorized,
    ),
    (
        httpx.Response(
            500,
            json={"status": "failure", "message": "Something went wrong"},
            headers={"x-portkey-gateway-exception": "true"},
        ),
        ServerTrouble,
    ),
    (openai(404, code="unknown_url"), EndpointGone),
    (openai(404, code="model_not_found"), Refused),
    (openai(404, param="model"), Refused),
    (httpx.ConnectError("[Errno 111] Connection refused"), Unreachable),
    (httpx.ConnectTimeout("timed out"), Unreachable),
    (httpx.PoolTimeout("no connection became free"), Unreachable),
    (httpx.ReadTimeout("The read operation timed out"), TimedOut),
    (httpx.WriteTimeout("The write operation timed out"), TimedOut),
    (httpx.ReadError("[Errno 104] Connection reset by peer"), ConnectionLost),
    (httpx.WriteError("[Errno 32] Broken pipe"), ConnectionLost),
    (httpx.RemoteProtocolError("peer closed connection"), ConnectionLost),
]


@pytest.mark.parametrize(("answer", "kind"), TABLE)
def test_each_answer_to_a_modify_is_one_typed_error(answer, kind) -> None:
    assert type(failing(answer)) is kind


@pytest.mark.parametrize(
    "kind", sorted({kind for _, kind in TABLE}, key=lambda kind: kind.__name__)
)
def test_each_kind_says_whether_anything_changed_and_has_a_name(kind) -> None:
    assert issubclass(kind, NothingChanged) != issubclass(kind, Unsure)
    assert kind.kind == "".join("_" * c.isupper() + c.lower() for c in kind.__name__)[1:]


def test_the_drawing_of_the_errors_is_their_tree() -> None:
    def tree(kind: type, depth: int = 0) -> list[tuple[int, str]]:
        below = [line for child in kind.__subclasses__() for line in tree(child, depth + 1)]
        return [(depth, kind.__name__), *below]

    drawn = re.findall(r"^( *)\* (\w+): .+$", errors.__doc__ or "", re.M)
    assert [(len(indent) // 2, name) for indent, name in drawn] == tree(GatewayError)


@pytest.mark.parametrize("call", ["list", "create", "models", "changes"])
@pytest.mark.parametrize("status", [404, 410])
def test_a_404_that_names_no_assistant_means_the_endpoint_is_gone(call, status) -> None:
    assert type(failing(openai(status), call)) is EndpointGone


NOT_ALLOWED = httpx.Response(405, json={"detail": "Method Not Allowed"}, headers={"allow": "POST"})


@pytest.mark.parametrize("answer", [NOT_ALLOWED, openai(405), httpx.Response(405)])
@pytest.mark.parametrize(
    ("call", "kind"),
    [
        ("retrieve", CannotRead),
        ("list", CannotList),
        ("create", CannotWrite),
        ("modify", CannotWrite),
        ("delete", CannotWrite),
    ],
)
def test_a_405_says_what_this_endpoint_does_not_offer(answer, call, kind) -> None:
    error = failing(answer, call)
    assert (type(error), error.status) == (kind, 405)
    assert isinstance(error, NothingChanged)
    assert not error.passing


def test_a_501_says_it_of_reads_and_leaves_writes_in_doubt() -> None:
    kinds = [type(failing(openai(501), call)) for call in ("retrieve", "list", "create", "delete")]
    assert kinds == [CannotRead, CannotList, ServerTrouble, ServerTrouble]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"null", b'"text"', b"\xff", b'{"data": [1]}'])
def test_junk_is_an_unexpected_answer_to_every_call(call, body) -> None:
    assert type(failing(httpx.Response(200, content=body), call)) is UnexpectedAnswer


@pytest.mark.parametrize(
    "body", [{"id": "asst_abc123", "deleted": False}, {"id": "asst_other", "deleted": True}]
)
def test_a_deletion_that_is_not_one(body) -> None:
    assert type(failing(httpx.Response(200, json=body), "delete")) is UnexpectedAnswer


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("soon", None), ("nan", None), ("inf", None)],
)
def test_retry_after_is_read_in_seconds(value, seconds) -> None:
    assert failing(openai(429, **{"retry-after": value})).retry_after == seconds


def test_retry_after_is_bounded_by_a_day() -> None:
    for value in ("86401", "1e300", "Fri, 31 Dec 9999 23:59:59 GMT"):
        assert failing(openai(429, **{"retry-after": value})).retry_after == 86_400


@pytest.mark.parametrize("ahead", [-7200, 0, 7200])
def test_a_date_counts_from_the_remotes_own_clock(ahead: int) -> None:
    theirs = datetime.now(UTC) + timedelta(seconds=ahead)
    headers = {
        "date": format_datetime(theirs, usegmt=True),
        "retry-after": format_datetime(theirs + timedelta(seconds=90), usegmt=True),
    }
    assert failing(openai(503, **headers), "modify").retry_after == 90
    assert failing(openai(429, **{**headers, "date": "soon"})).retry_after is not None


def test_retry_after_is_read_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert failing(openai(429, **{"retry-after": later})).retry_after == pytest.approx(60, abs=2)
    assert failing(openai(429, **{"retry-after": later[:-4]})).retry_after is not None


@pytest.mark.parametrize("url", ["https://[::1/v1", "https://assistants.test:x/v1"])
def test_a_url_that_makes_no_request_is_misconfigured(url) -> None:
    error = failing(openai(400), endpoint=Endpoint("openai", url, {"api_key": SECRET}))
    assert type(error) is Misconfigured

"""Each answer that is not a success becomes one typed error, and none holds a secret."""

import logging
import re
import traceback
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
from tests.gateway.wire import (
    ASSISTANT,
    CALLS,
    OPENAI,
    PORTKEY,
    PORTKEY_SECRET,
    SECRET,
    VIRTUAL_SECRET,
    Remote,
)


def openai(status, message="No.", code=None, param=None, **headers):
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": code}
    return httpx.Response(status, json={"error": error}, headers=headers)


def failing(answer, call="modify", endpoint=OPENAI) -> GatewayError:
    with pytest.raises(GatewayError) as caught:
        CALLS[call](Remote(answer).gateway(endpoint))
    return caught.value


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


ECHOES = [
    openai(
        401, f"Incorrect API key provided: {SECRET}.", SECRET, SECRET, **{"x-request-id": SECRET}
    ),
    openai(400, f"x {SECRET.upper()} and {PORTKEY_SECRET} and {VIRTUAL_SECRET}"),
    openai(400, "x" * 490 + SECRET),
    httpx.Response(500, text=f"Authorization: Bearer {SECRET}"),
    httpx.Response(502, html=f"<title>{SECRET.replace('-', '&#45;')}</title>"),
    httpx.Response(400, json={"status": "failure", "message": f"bad {PORTKEY_SECRET}"}),
    httpx.Response(422, json={"detail": [{"headers": [SECRET, VIRTUAL_SECRET]}]}),
    httpx.Response(200, text=f"{SECRET}", headers={"x-request-id": SECRET}),
    httpx.ReadError(f"cannot read from {SECRET}"),
]


@pytest.mark.parametrize("answer", ECHOES)
@pytest.mark.parametrize("call", ["modify", "list"])
def test_no_error_and_no_log_holds_a_credential(answer, call, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    endpoint = Endpoint(
        "portkey", "", {**PORTKEY.credentials, "api_key": f" {SECRET}\n"}, {"provider": "openai"}
    )
    error = failing(answer, call, endpoint)
    told = " ".join(
        [
            str(error),
            repr(error),
            repr(error.args),
            repr(vars(error)),
            *traceback.format_exception(error),
            *caplog.messages,
        ]
    ).lower()
    for secret in (SECRET, PORTKEY_SECRET, VIRTUAL_SECRET):
        assert secret[:12] not in told
    assert error.__context__ is None
    assert error.__cause__ is None


def test_a_credential_that_begins_like_another_is_hidden_whole() -> None:
    endpoint = Endpoint("portkey", "", {"api_key": "sk-1", "portkey_api_key": "sk-1-and-more"})
    error = failing(openai(400, "sk-1-and-more, sk-1"), endpoint=endpoint)
    assert error.message == "[hidden], [hidden]"


def test_a_credential_that_no_header_can_hold_is_misconfigured_and_not_quoted() -> None:
    endpoint = Endpoint("openai", "https://assistants.test/v1", {"api_key": "sk-grün"})
    error = failing(openai(400), endpoint=endpoint)
    assert type(error) is Misconfigured
    assert "sk-gr" not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("url", ["https://[::1/v1", "https://assistants.test:x/v1"])
def test_a_url_that_makes_no_request_is_misconfigured(url) -> None:
    error = failing(openai(400), endpoint=Endpoint("openai", url, {"api_key": SECRET}))
    assert type(error) is Misconfigured


def test_a_failed_call_is_one_line_in_the_log(caplog) -> None:
    remote = Remote(
        openai(400, "Your text: SECRET PLANS", "too_long", "name", **{"x-request-id": "r"})
    )
    with pytest.raises(Refused):
        remote.gateway().modify("asst_abc123", {"name": "x"}, trace_id="trace-1")
    assert caplog.messages == [
        "POST /assistants/asst_abc123 failed: refused status=400 code=too_long param=name "
        "request_id=r trace_id=trace-1"
    ]
    assert caplog.records[0].levelno == logging.WARNING


def test_a_read_that_is_repeated_is_also_one_line_in_the_log(caplog) -> None:
    with pytest.raises(ServerTrouble):
        Remote(openai(500)).gateway().list_page()
    assert len(caplog.messages) == 1

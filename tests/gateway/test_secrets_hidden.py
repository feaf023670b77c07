"""No error and no line of the log holds a credential."""

import logging
import traceback

import httpx
import pytest

from assistants.gateway import (
    Endpoint,
    Misconfigured,
    Refused,
    ServerTrouble,
)
from tests.gateway.failing import failing, openai
from tests.gateway.wire import (
    PORTKEY,
    PORTKEY_SECRET,
    SECRET,
    VIRTUAL_SECRET,
    Remote,
)

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

"""Signing in with Microsoft Entra ID: what is sent where, how often, and what failures mean."""

import json
import logging
import time
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from assistants.gateway import Endpoint, Gateway, SignInRefused, SignInUnanswered, Unauthorized
from assistants.gateway.errors import GatewayError
from assistants.gateway.network import Timeouts
from assistants.gateway.signing_in.tokens import LONGEST_LIFE, MOST_TOKENS, TOKENS, token_request
from tests.gateway.loopback import Loopback, answer, closed_port, hang_up, silence
from tests.gateway.wire import ASSISTANT, AT_ONCE, Remote

CLIENT_SECRET = "s3cr~t/value+1"
FORM = {
    "tenant_id": "72f988bf-0000-0000-0000-000000000000",
    "client_id": "11111111-2222-3333-4444-555555555555",
}
LOGIN = f"https://login.microsoftonline.com/{FORM['tenant_id']}/oauth2/v2.0/token"
LIST = httpx.Response(200, json={"data": [ASSISTANT]})


def azure(url: str = "https://me.openai.azure.com/openai", **options: str) -> Endpoint:
    options = {"api_version": "v1", **FORM, **options}
    return Endpoint("azure", url, {"client_secret": CLIENT_SECRET}, options)


def token(value: str = "token-1", **fields: Any) -> httpx.Response:
    whole = {"token_type": "Bearer", "expires_in": 3599, "access_token": value, **fields}
    return httpx.Response(200, json={key: each for key, each in whole.items() if each is not None})


def refused(code: str, description: str, status: int = 401) -> httpx.Response:
    return httpx.Response(status, json={"error": code, "error_description": description})


def sent(remote: Remote) -> list[tuple[str, str]]:
    """To which host each request went, and what it was signed with."""
    return [(one.url.host, one.headers.get("authorization", "")) for one in remote.requests]


def test_the_request_for_a_token_whole() -> None:
    remote = Remote(token(), LIST)
    remote.gateway(azure()).list_page()
    asked, listed = remote.requests
    assert (asked.method, str(asked.url)) == ("POST", LOGIN)
    assert {**asked.headers} == {
        "host": "login.microsoftonline.com",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": str(len(asked.content)),
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": "assistants-admin/1",
    }
    assert parse_qs(asked.content.decode(), strict_parsing=True) == {
        "grant_type": ["client_credentials"],
        "client_id": [FORM["client_id"]],
        "client_secret": [CLIENT_SECRET],
        "scope": ["https://cognitiveservices.azure.com/.default"],
    }
    assert listed.headers["authorization"] == "Bearer token-1"
    assert "api-key" not in listed.headers
    assert listed.url.params["api-version"] == "v1"
    assert CLIENT_SECRET not in str(listed.headers) + str(listed.url)


@pytest.mark.parametrize(
    ("url", "options", "scope"),
    [
        (
            "https://me.services.ai.azure.com/api/projects/p",
            {},
            "https://ai.azure.com/.default",
        ),
        ("https://services.ai.azure.com.evil.test/v1", {}, "https://cognitiveservices.azure.com/"),
        (
            "https://me.openai.azure.us/openai",
            {"token_scope": "https://x.us/.default"},
            "https://x",
        ),
    ],
)
def test_the_scope_follows_the_address_unless_it_is_given(url, options, scope) -> None:
    wanted = token_request(azure(url, **options), "https://login.test")
    assert wanted
    assert wanted.form["scope"].startswith(scope)
    assert CLIENT_SECRET not in repr(wanted)


def test_an_endpoint_with_a_key_asks_for_none() -> None:
    key = Endpoint("azure", "https://a.test/openai", {"api_key": "k"}, {"api_version": "v1"})
    foreign = Endpoint("openai", "https://a.test/v1", {"client_secret": CLIENT_SECRET})
    assert [token_request(one, "https://login.test") for one in (key, foreign)] == [None, None]


def test_a_token_is_kept_until_shortly_before_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    remote = Remote(token(), LIST, LIST, token("token-2"), LIST)
    for _ in range(2):
        remote.gateway(azure()).list_page()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 3599 - 299)
    remote.gateway(azure()).list_page()
    login, api = "login.microsoftonline.com", "me.openai.azure.com"
    assert sent(remote) == [
        (login, ""),
        (api, "Bearer token-1"),
        (api, "Bearer token-1"),
        (login, ""),
        (api, "Bearer token-2"),
    ]


@pytest.mark.parametrize("changed", ["tenant_id", "client_id", "token_scope", "client_secret"])
def test_another_application_gets_a_token_of_its_own(changed: str) -> None:
    one = azure()
    other = Endpoint(
        "azure",
        one.base_url,
        {"client_secret": "other" if changed == "client_secret" else CLIENT_SECRET},
        {**one.options, **({} if changed == "client_secret" else {changed: "other/.default"})},
    )
    remote = Remote(token(), LIST, token("token-2"), LIST)
    remote.gateway(one).list_page()
    remote.gateway(other).list_page()
    assert [signed for _host, signed in sent(remote)] == [
        "",
        "Bearer token-1",
        "",
        "Bearer token-2",
    ]


@pytest.mark.parametrize("lifetime", [None, 0, -5, "soon", float("inf"), [], True, "1e999"])
def test_a_token_without_a_usable_lifetime_is_used_once(lifetime: Any) -> None:
    text = json.dumps({"access_token": "t", "expires_in": lifetime})
    remote = Remote(httpx.Response(200, text=text), LIST, token("u"), LIST)
    for _ in range(2):
        remote.gateway(azure()).list_page()
        time.sleep(1.1 if lifetime is True else 0)
    assert [signed for _host, signed in sent(remote)] == ["", "Bearer t", "", "Bearer u"]


def test_a_very_long_life_is_cut_and_the_kept_ones_are_counted() -> None:
    remote = Remote(token(expires_in=1e12), LIST)
    remote.gateway(azure()).list_page()
    ((_token, until),) = TOKENS._kept.values()
    assert until - time.monotonic() <= LONGEST_LIFE
    for number in range(MOST_TOKENS + 5):
        wanted = token_request(azure(client_id=f"c{number}"), "https://login.test")
        assert wanted
        TOKENS.keep(wanted, "t", seconds=60)
    assert len(TOKENS._kept) <= MOST_TOKENS
    assert CLIENT_SECRET not in repr(TOKENS._kept)


@pytest.mark.parametrize("call", ["list", "modify"])
def test_a_kept_token_that_is_refused_is_replaced_once(call: str) -> None:
    wrong = httpx.Response(401, json={"error": {"code": "401", "message": "expired"}})
    one = httpx.Response(200, json=ASSISTANT if call == "modify" else {"data": []})
    remote = Remote(token(), LIST, wrong, token("token-2"), one, wrong, token("token-3"), wrong)
    remote.gateway(azure()).list_page()

    def act() -> Any:
        gateway = remote.gateway(azure())
        return (
            gateway.list_page() if call == "list" else gateway.modify("asst_abc123", {"name": "N"})
        )

    act()
    assert [signed for _host, signed in sent(remote)[2:]] == [
        "Bearer token-1",
        "",
        "Bearer token-2",
    ]
    with pytest.raises(Unauthorized):
        act()
    assert len(remote.requests) == 8, "no third try"
    if call == "modify":
        bodies = [one.content for one in remote.requests if one.url.path.endswith("asst_abc123")]
        assert bodies == [b'{"name": "N"}'] * 4


@pytest.mark.parametrize("status", [401, 403])
def test_a_fresh_token_that_is_refused_is_not_replaced(status: int) -> None:
    remote = Remote(token(), httpx.Response(status, json={}))
    with pytest.raises(Unauthorized):
        remote.gateway(azure()).list_page()
    assert len(remote.requests) == 2


WRONG = "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 0000\r\nTimestamp: 2026"


@pytest.mark.parametrize("call", ["list", "modify"])
@pytest.mark.parametrize(
    ("found", "kind", "message"),
    [
        (
            refused("invalid_client", WRONG),
            SignInRefused,
            "AADSTS7000215: Invalid client secret provided.",
        ),
        (refused("invalid_request", "AADSTS90002", 400), SignInRefused, "AADSTS90002"),
        (httpx.Response(404, text="nothing"), SignInRefused, "nothing"),
        (httpx.Response(429, headers={"retry-after": "60"}), SignInUnanswered, ""),
        (httpx.Response(503, text="down"), SignInUnanswered, "down"),
        (httpx.Response(302, headers={"location": "https://x.test"}), SignInUnanswered, ""),
        (httpx.Response(200, text="<html>"), SignInUnanswered, "the answer has no token"),
        (httpx.Response(200, text="[" * 100_000), SignInUnanswered, "the answer has no token"),
        (token("two words"), SignInUnanswered, "the token has characters that cannot be sent"),
        (token("x" * 40_000), SignInUnanswered, "the answer has no token"),
        (token(access_token=None), SignInUnanswered, "the answer has no token"),
        (token(token_type="mac"), SignInUnanswered, "the token is of another type"),
        (httpx.ConnectError("refused"), SignInUnanswered, "refused"),
        (httpx.ReadTimeout("slow"), SignInUnanswered, "slow"),
    ],
)
def test_what_the_login_server_says_leaves_no_doubt_about_the_endpoint(
    call: str, found: Any, kind: type[GatewayError], message: str
) -> None:
    remote = Remote(found)
    gateway = remote.gateway(azure())
    with pytest.raises(GatewayError) as raised:
        gateway.list_page() if call == "list" else gateway.modify("asst_abc123", {"name": "N"})
    assert type(raised.value) is kind
    assert raised.value.message == message
    assert {host for host, _signed in sent(remote)} == {"login.microsoftonline.com"}
    assert call == "list" or len(remote.requests) == 1, "a write asks once"


def test_no_error_and_no_log_holds_the_secret_or_the_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    encoded = "s3cr~t%2Fvalue%2B1"
    echoes = [
        [refused("invalid_client", f"{CLIENT_SECRET} and {encoded}")],
        [refused(CLIENT_SECRET, encoded, 400)],
        [httpx.Response(200, text=CLIENT_SECRET)],
        [httpx.ReadError(f"cannot read {CLIENT_SECRET}")],
        [token("secret-token"), httpx.Response(400, json={"error": {"message": "secret-token"}})],
        [token("secret-token"), httpx.Response(401, headers={"x-request-id": "secret-token"})],
    ]
    for answers in echoes:
        TOKENS.clear()
        with pytest.raises(GatewayError) as raised:
            Remote(*answers).gateway(azure()).list_page()
        error = raised.value
        told = f"{error!r} {vars(error)} {error.__context__!r} {caplog.text}"
        for secret in (CLIENT_SECRET, encoded, "secret-token"):
            assert secret not in told


def on(server: Loopback, **kwargs: Any) -> Gateway:
    """An endpoint at whose login server `server` listens."""
    hosts = [f"127.0.0.1:{server.port}"]
    return Gateway(
        azure("https://me.openai.azure.com/openai"),
        **{"timeouts": AT_ONCE, "private_hosts": hosts, **kwargs},
        login_url=server.url().removesuffix("/v1"),
    )


@pytest.mark.parametrize("behaviour", [silence, hang_up, answer(b"{", "500 No"), answer(b"no")])
def test_a_login_server_that_hangs_or_lies_ends_by_the_deadline(behaviour: Any) -> None:
    with Loopback(behaviour) as server:
        began = time.monotonic()
        with pytest.raises(SignInUnanswered):
            on(server, timeouts=Timeouts(pause=0)).list_page(deadline=began + 1.0)
        assert time.monotonic() - began < 3.0


def test_a_login_server_that_refuses_connections() -> None:
    with closed_port() as port:
        gateway = Gateway(
            azure(),
            timeouts=AT_ONCE,
            private_hosts=["127.0.0.1"],
            login_url=f"http://127.0.0.1:{port}",
        )
        with pytest.raises(SignInUnanswered):
            gateway.list_page()


def test_the_login_server_follows_the_rules_for_targets() -> None:
    with Loopback(answer(b"{}")) as server:
        with pytest.raises(SignInUnanswered) as raised:
            on(server, private_hosts=[], unencrypted_hosts=[]).list_page()
        assert raised.value.code == "forbidden_host"
        assert server.requests == []
    remote = Remote(token(), LIST)
    with pytest.raises(SignInUnanswered) as raised:
        remote.gateway(azure(), login_url="http://login.example.org").list_page()
    assert raised.value.code == "unencrypted"
    assert remote.requests == []

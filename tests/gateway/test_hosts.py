"""Which addresses may be called: the public internet, and what a setting names."""

import socket
from typing import Any

import httpcore
import pytest

from assistants.gateway import Endpoint, ForbiddenHost, Gateway, Timeouts, UnknownHost, Unreachable
from assistants.gateway.network import Backend, is_named, is_public, sounds_private
from assistants.gateway.transport import close_shared_transports
from tests.gateway.loopback import Loopback, answer, closed_port
from tests.gateway.wire import SECRET

PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "198.18.0.1",
    "203.0.113.7",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd12:3456::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
]
PUBLIC = [
    "1.1.1.1",
    "104.18.0.1",
    "172.15.0.1",
    "2606:4700::1111",
    "64:ff9b::101:101",
    "::ffff:1.1.1.1",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "gateway", "GATEWAY", "portkey-gateway", "my_gateway", "gateway.internal", "a.b.local",
        "gateway.default.svc.cluster.local", "nas.lan", "box.home.arpa", "wiki.intranet",
        "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.9", "fd12:3456::1",
    ],
)  # fmt: skip
def test_what_sounds_private(host) -> None:
    assert sounds_private(host)


@pytest.mark.parametrize(
    "host",
    [
        "", ".", "gateway.example.org", "internal.example.org", "gateway.internal.example.org",
        "local", "127.0.0.1.nip.io", "8.8.8.8", "172.32.0.1", "100.64.0.1", "169.254.169.254",
        "134744072", "0x08080808", "010.1", "8.8.8.8.", "::ffff:8.8.8.8", "2001:4860::1",
        "fe80::1%eth0", "gateway.", "notinternal", "evil-internal.org",
    ],
)  # fmt: skip
def test_what_does_not(host) -> None:
    assert sounds_private(host) == (host in ("local", "notinternal")), "names of one word do"


def call(url: str, *private_hosts: str) -> None:
    Gateway(
        Endpoint("openai", url, {"api_key": SECRET} if url.startswith("https:") else {}),
        timeouts=Timeouts(pause=0),
        private_hosts=private_hosts,
    ).models()


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST",
        "0.0.0.0",
        "0",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "10.0.0.1",
        "169.254.169.254",
    ],
)
def test_a_private_host_is_refused_before_anything_is_sent(host) -> None:
    with Loopback(answer(b'{"data": []}')) as server:
        with pytest.raises(ForbiddenHost) as caught:
            call(server.url(host))
        assert server.connections == 0
    assert caught.value.message.endswith("is a private address")
    assert caught.value.trace_id


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1:{port}"),
        ("localhost", "localhost"),
        ("localhost", " LocalHost:{port} "),
        ("LOCALHOST", "localhost:{port}"),
    ],
)
def test_a_private_host_that_is_named_may_be_called(host, named) -> None:
    with Loopback(answer(b'{"data": []}')) as server:
        call(server.url(host), "elsewhere.test", named.format(port=server.port))
        close_shared_transports()
    assert len(server.requests) == 1


@pytest.mark.parametrize("named", ["localhost", "127.0.0.1:1", "127.0.0.2", "127.0.0", "*", ""])
def test_another_name_does_not_help(named) -> None:
    with Loopback(answer(b'{"data": []}')) as server, pytest.raises(ForbiddenHost):
        call(server.url(), named)


def test_a_connection_that_one_endpoint_opened_serves_no_other() -> None:
    with Loopback(answer(b'{"data": []}')) as server:
        call(server.url(), "127.0.0.1")
        with pytest.raises(ForbiddenHost):
            call(server.url())
        close_shared_transports()


def test_an_endpoints_host_is_written_as_private_hosts_are() -> None:
    for url, host in [
        ("http://LocalHost:9000/v1", "localhost:9000"),
        ("http://user:pw@127.0.0.1/v1", "127.0.0.1"),
        ("http://[::1]:8787/v1/", "[::1]:8787"),
        ("https://[::1", ""),
        ("", ""),
    ]:
        assert Endpoint("openai", url).host == host
    assert is_named("::1", 8787, ["[::1]:8787"])
    assert is_named("::1", 80, ["::1"])
    assert Endpoint("portkey").host == "api.portkey.ai"


class Names:
    """A name server that gives the next of `answers` to each question."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def __call__(self, host: str, port: int, **kwargs: Any) -> list[Any]:
        return [(None, None, None, "", (address, port)) for address in self.answers.pop(0)]


@pytest.mark.parametrize("addresses", [["1.1.1.1", "127.0.0.1"], ["2606:4700::1111", "::1"]])
def test_one_private_address_among_public_ones_is_enough_to_refuse(addresses) -> None:
    backend = Backend(public_only=True, resolve=Names(addresses))
    with pytest.raises(ForbiddenHost):
        backend.connect_tcp("rebind.test", 80, timeout=1)


def test_the_name_is_looked_up_once_so_that_what_was_checked_is_connected_to() -> None:
    """DNS rebinding: the first answer passes the check, the next would lead inside."""
    names = Names(["127.0.0.1"], ["10.0.0.1"])
    with Loopback(answer(b"")) as server:
        stream = Backend(public_only=False, resolve=names).connect_tcp(
            "rebind.test", server.port, 1
        )
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        stream.close()
    assert names.answers == [["10.0.0.1"]]


def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    with closed_port() as closed, Loopback(answer(b"")) as server:
        backend = Backend(public_only=False, resolve=Names(["127.0.0.2", "127.0.0.1"]))
        stream = backend.connect_tcp("two.test", server.port, timeout=4)
        assert stream.get_extra_info("server_addr") == ("127.0.0.1", server.port)
        stream.close()
        backend = Backend(public_only=False, resolve=Names(["127.0.0.1", "127.0.0.2"]))
        with pytest.raises(httpcore.ConnectError, match="refused"):
            backend.connect_tcp("two.test", closed, timeout=1)


def test_a_name_that_nobody_has_is_told_from_a_look_up_that_failed() -> None:
    def failing(number: int) -> Backend:
        def resolve(*_: Any, **__: Any) -> list[Any]:
            raise socket.gaierror(number, "…")

        return Backend(public_only=True, resolve=resolve)

    with pytest.raises(UnknownHost):
        failing(socket.EAI_NONAME).connect_tcp("none.test", 80, timeout=1)
    with pytest.raises(httpcore.ConnectError):
        failing(socket.EAI_AGAIN).connect_tcp("none.test", 80, timeout=1)


def test_a_name_without_an_address_is_unreachable() -> None:
    with pytest.raises(httpcore.ConnectError, match="no address"):
        Backend(public_only=True, resolve=Names([])).connect_tcp("none.test", 80, timeout=1)
    with pytest.raises(Unreachable):
        call("http://nowhere.invalid/v1")

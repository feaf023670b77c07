"""What the network does to a call, on a real socket."""

import json
import os
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from assistants.gateway import (
    ConnectionLost,
    Endpoint,
    Gateway,
    GatewayError,
    Misconfigured,
    ServerTrouble,
    TimedOut,
    Timeouts,
    UnexpectedAnswer,
    Unreachable,
)
from assistants.gateway.network import _LOOK_UPS, Backend, _look_ups
from assistants.gateway.transport import NetworkTransport, close_shared_transports, tls_context
from tests.gateway.loopback import Loopback, answer, closed_port, hang_up, reset, silence
from tests.gateway.wire import ASSISTANT, SECRET

BODY = json.dumps(ASSISTANT).encode()
PATIENCE = 4.0
SILENCE = 2.0
"""Seconds to wait for an answer that does not come, while a busy machine takes the request."""


def gateway(url: str, *, key: str = SECRET, **kwargs: Any) -> Gateway:
    kwargs.setdefault("timeouts", Timeouts(connect=PATIENCE, read=PATIENCE, pause=0))
    return Gateway(Endpoint("openai", url, {"api_key": key}), private_hosts=["127.0.0.1"], **kwargs)


def modify(url: str, **kwargs: Any) -> Any:
    return gateway(url).modify("asst_abc123", {"name": "New"}, **kwargs)


@pytest.fixture(autouse=True)
def _no_open_connections() -> Iterator[None]:
    yield
    close_shared_transports()


def test_a_call_goes_through() -> None:
    with Loopback(answer(BODY)) as server:
        assert modify(server.url(), trace_id="t").id == "asst_abc123"
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.decode().split("\r\n") == [
        "POST /v1/assistants/asst_abc123 HTTP/1.1",
        f"Host: 127.0.0.1:{server.port}",
        "Content-Type: application/json",
        "OpenAI-Beta: assistants=v2",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "User-Agent: assistants-admin/1",
        "x-portkey-trace-id: t",
        f"Authorization: Bearer {SECRET}",
        "Content-Length: 15",
    ]
    assert body == b'{"name": "New"}'


def truncated(connection) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + BODY)
    connection.close()


def truncated_chunks(connection) -> None:
    connection.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"id"\r\n')
    connection.close()


def bad_gzip(connection) -> None:
    connection.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\njunk"
    )


def no_http(connection) -> None:
    connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
    connection.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("behave", "kind"),
    [
        (reset, ConnectionLost),
        (hang_up, ConnectionLost),
        (truncated, ConnectionLost),
        (truncated_chunks, ConnectionLost),
        (no_http, ConnectionLost),
        (silence, TimedOut),
        (bad_gzip, UnexpectedAnswer),
        (answer(b"", "302 Found", Location="/v1/elsewhere"), UnexpectedAnswer),
        (answer(b"oops", "500 Internal Server Error"), ServerTrouble),
    ],
)
def test_a_write_that_may_have_landed_is_unsure_and_never_repeated(behave, kind) -> None:
    times = Timeouts(read=SILENCE if behave is silence else PATIENCE)
    with Loopback(behave) as server, pytest.raises(GatewayError) as caught:
        gateway(server.url(), timeouts=times).modify("asst_abc123", {"name": "New"})
    assert type(caught.value) is kind
    assert len(server.requests) == 1


def test_nothing_is_sent_where_nobody_listens() -> None:
    with closed_port() as port, pytest.raises(Unreachable) as caught:
        modify(f"http://127.0.0.1:{port}/v1")
    assert "refused" in caught.value.message


def test_a_name_that_does_not_exist_is_unreachable() -> None:
    with pytest.raises(Unreachable):
        modify("https://nowhere.invalid/v1")
    with pytest.raises(Unreachable):
        modify(f"https://{'a' * 64}.invalid/v1")


def trickle(piece: bytes, start: bytes):
    def behave(connection) -> None:
        connection.sendall(start)
        for _ in range(400):  # 20 s in all
            time.sleep(0.05)
            connection.sendall(piece)

    return behave


@pytest.mark.slow
@pytest.mark.parametrize(
    "behave",
    [
        trickle(b" ", b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"),
        trickle(b"1\r\n \r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        trickle(b"X-Slow: 1\r\n", b"HTTP/1.1 200 OK\r\n"),
        trickle(b"H", b""),
    ],
)
def test_a_trickling_answer_ends_with_the_deadline(behave) -> None:
    with Loopback(behave) as server:
        started = time.monotonic()
        with pytest.raises(TimedOut):
            gateway(server.url()).retrieve("asst_abc123", deadline=started + SILENCE)
        assert SILENCE - 0.01 < time.monotonic() - started < 15
        assert len(server.requests) == 1


@pytest.mark.slow
def test_a_peer_that_takes_the_request_slowly_ends_with_the_deadline() -> None:
    def sip(connection) -> None:
        connection.recv(10_000)
        time.sleep(0.05)

    with Loopback(sip, reading=False) as server:
        client = gateway(server.url(), timeouts=Timeouts(read=30))
        started = time.monotonic()
        with pytest.raises(TimedOut):
            client.create({"x": "y" * 10_000_000}, deadline=started + 1)
        assert time.monotonic() - started < 15


def test_without_time_left_nothing_is_sent() -> None:
    with Loopback(answer(BODY)) as server, pytest.raises(Unreachable):
        modify(server.url(), deadline=time.monotonic())
    assert server.connections == 0


def test_a_name_server_that_does_not_answer_costs_no_more_than_the_connect_timeout() -> None:
    stuck = threading.Event()
    backend = Backend(public_only=True, resolve=lambda *a, **k: stuck.wait(30) and [])
    transport = NetworkTransport(backend, ssl.create_default_context())
    started = time.monotonic()
    times = Timeouts(connect=0.5)
    with transport, pytest.raises(Unreachable):
        gateway("https://assistants.test/v1", transport=transport, timeouts=times).modify("a", {})
    assert time.monotonic() - started < 15
    stuck.set()


def test_an_endless_answer_is_cut_off(monkeypatch) -> None:
    monkeypatch.setattr("assistants.gateway.api.LARGEST_LIST", 100_000)
    with Loopback(answer(b"[" * 200_000)) as server, pytest.raises(UnexpectedAnswer) as caught:
        gateway(server.url()).list_page()
    assert "larger than 100,000 bytes" in caught.value.message


@pytest.mark.parametrize("key", ["sk\nx-evil: 1", "sk-secret\x00"])
def test_a_credential_that_would_break_the_request_is_not_sent(key) -> None:
    with Loopback(answer(BODY)) as server, pytest.raises(Misconfigured) as caught:
        gateway(server.url(), key=key).modify("asst_abc123", {})
    assert server.requests == []
    assert "sk" not in repr(caught.value)


def test_only_http_is_spoken() -> None:
    with pytest.raises(Misconfigured):
        modify("ftp://127.0.0.1/v1")


def test_an_open_connection_is_used_again() -> None:
    with Loopback(answer(BODY)) as server:
        for _ in range(5):
            modify(server.url())
        assert server.connections == 1


def test_no_cookie_is_kept_and_no_proxy_of_the_environment_used(monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with Loopback(answer(BODY, **{"Set-Cookie": "session=1; Path=/"})) as server:
        client = gateway(server.url())
        client.retrieve("asst_abc123")
        client.retrieve("asst_abc123")
    assert len(server.requests) == 2
    assert b"ookie" not in server.requests[1]


def test_threads_share_one_gateway() -> None:
    found: list[str] = []
    with Loopback(answer(BODY)) as server:
        client = gateway(server.url(), timeouts=Timeouts())

        def work() -> None:
            found.extend(client.retrieve("asst_abc123").id for _ in range(10))

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == ["asst_abc123"] * 80
    assert server.connections <= 8


def test_a_forked_child_opens_connections_of_its_own() -> None:
    with Loopback(answer(BODY)) as server:
        modify(server.url())
        child = os.fork()
        if child == 0:
            try:
                modify(server.url())
            finally:
                os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
        modify(server.url())
        assert len(server.requests) == 3
        assert server.connections == 2


# TLS: connecting to an address that was checked must not weaken the check of the certificate.


@pytest.fixture(scope="session")
def certificate(tmp_path_factory) -> Path:
    """A certificate for assistants.test, with its key, that only we trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "assistants.test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("assistants.test")]), False)
        .sign(key, hashes.SHA256())
    )
    path: Path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def to_loopback(host: str, port: int, **kwargs: Any) -> list[Any]:
    return [(None, None, None, "", ("127.0.0.1", port))]


@pytest.mark.parametrize(
    ("host", "trusted", "works"),
    [
        ("assistants.test", True, True),
        ("other.test", True, False),
        ("assistants.test", False, False),
    ],
)
def test_the_certificate_must_be_trusted_and_for_the_host(
    certificate, host, trusted, works
) -> None:
    context = ssl.create_default_context(cafile=certificate if trusted else None)
    backend = Backend(public_only=False, resolve=to_loopback)
    with (
        Loopback(answer(BODY), context=tls(certificate)) as server,
        NetworkTransport(backend, context) as transport,
    ):
        client = gateway(server.url(host), transport=transport)
        if works:
            assert client.retrieve("asst_abc123").id == "asst_abc123"
        else:
            with pytest.raises(Unreachable) as caught:
                client.modify("asst_abc123", {})
            assert "certificate" in caught.value.message
            assert server.requests == []


def test_only_tls_of_today_is_spoken() -> None:
    context = tls_context()
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


def test_a_name_that_hangs_takes_one_thread_and_all_names_together_a_few() -> None:
    """Nothing can stop a look-up, so those who gave up on it must not leave one thread each."""
    go, asked = threading.Event(), []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        go.wait(20)
        return [(None, None, None, "", ("127.0.0.1", port))]

    backend = Backend(public_only=False, resolve=resolve)

    def look_up(host: str) -> None:
        with pytest.raises(httpcore.ConnectTimeout):
            backend.connect_tcp(host, 443, timeout=0.02)

    try:
        for _ in range(5):
            look_up("hangs.example")
        assert asked == ["hangs.example"]
        for number in range(40):
            look_up(f"{number}.example")
        assert len(asked) == _LOOK_UPS
    finally:
        go.set()
    deadline = time.monotonic() + 5
    while _look_ups and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _look_ups, "they end when the resolver does, and others are looked up again"

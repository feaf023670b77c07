"""Nobody writes lines of their own into the log, whatever they send."""

import copy
import io
import json
import logging
import logging.config
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as product
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from admin_ui.audit.logs import OneLine
from assistants.models import Connection
from tests.commands.test_serve import Serve, answer, port, serve
from tests.conftest import Cast
from tests.upstream import FaultSpec, Upstream

__all__ = ["port", "serve"]
FORGED = "2026-11-26 10:00:00,000Z INFO admin_ui.audit owner about='eve@example.com'"
RECORD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}Z [A-Z]+ [a-z_.]+ ")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the product's own handler writes."""
    config = copy.deepcopy(product.LOGGING)
    stream = config["handlers"]["stderr"]["stream"] = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logging.config.dictConfig(config)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def lines(text: str) -> list[str]:
    """Split what was written as readers of logs do, at everything that looks like a line's end."""
    found = text.splitlines()
    assert text
    assert [line for line in found if not (RECORD.match(line) or line.startswith("  "))] == []
    assert not any(line.startswith(FORGED) for line in found)
    assert text.isprintable() or set(filter(lambda c: not c.isprintable(), text)) == {"\n"}
    return found


def test_times_are_in_utc_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    record = logging.makeLogRecord({"msg": "x", "created": 1_767_225_600.0, "msecs": 7.0})
    try:
        assert OneLine("%(asctime)s").format(record) == "2026-01-01 00:00:00,007Z"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_stranger_in_a_workspace_is_named(written: io.StringIO, cast: Cast) -> None:
    cast.client("stranger").get("/w/main/team/")
    line = lines(written.getvalue())[-1]
    assert f"Not Found: /w/main/team/ user={cast.stranger.user.email} address=127.0.0.1" in line


@pytest.mark.parametrize(
    "end",
    ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1e", "\x85", "\u2028", "\u2029", "\x1b[2J"],
)
def test_a_message_stays_on_its_line(written: io.StringIO, end: str) -> None:
    logging.getLogger("some.part").warning("about %s", f"x{end}{FORGED}")
    (line,) = lines(written.getvalue())
    assert f"about x{ascii(end)[1:-1]}{FORGED}" in line


@pytest.mark.parametrize("odd", ["\u202e", "\u2066", "\x00", "\x7f", "\x9b"])
def test_what_would_show_a_line_as_another_is_written_out(written: io.StringIO, odd: str) -> None:
    logging.getLogger("part").error(f"x{odd}y é")
    assert f"x{ascii(odd)[1:-1]}y é" in lines(written.getvalue())[0]


def test_half_a_character_is_written_out() -> None:
    """Straight to the formatter: pytest cannot report what holds one from another process."""
    record = logging.makeLogRecord({"msg": "x\ud800y é"})
    assert OneLine("%(message)s").format(record) == "x\\ud800y é"


def test_a_traceback_is_readable_and_writes_no_record(written: io.StringIO) -> None:
    try:
        raise ValueError(f"x\n{FORGED}\r{FORGED}")
    except ValueError:
        logging.getLogger("some.part").exception("it went wrong", stack_info=True)
    found = lines(written.getvalue())
    assert found[1] == "  Traceback (most recent call last):"
    assert "  ValueError: x" in found
    assert any("test_a_traceback_is_readable" in line for line in found)


@pytest.mark.django_db(transaction=True)
def test_a_connection_with_a_line_end_in_its_name(cast: Cast, written: io.StringIO) -> None:
    data = {
        "profile": "openai",
        "name": f"Mine\n{FORGED}",
        "base_url": "https://gateway.example.org/v1",
    }
    assert cast.client("admin").post("/w/main/connections/new/", data).status_code == 303
    (line,) = lines(written.getvalue())
    assert "connection_created workspace=main user=ada@example.com" in line


@pytest.mark.django_db(transaction=True)
def test_a_gateways_error_with_a_line_end(
    cast: Cast, connection_to: Connection, remote: Upstream, written: io.StringIO
) -> None:
    name = f"x\n{FORGED}"
    error = {"error": {"message": name, "code": name, "param": name, "type": name}}
    remote.fail_next("GET", FaultSpec(status=400, body=json.dumps(error)))
    client = cast.client("admin")
    client.post(f"/w/main/connections/{connection_to.pk}/test/")
    assert "GET /assistants failed: " in lines(written.getvalue())[-1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/w/main/a%0A{}", "/nowhere%0D%0A{}", "/w/%E2%80%A8{}"])
def test_a_path_with_a_line_end(cast: Cast, written: io.StringIO, path: str) -> None:
    forged = FORGED.replace(" ", "%20").replace("'", "%27")
    cast.client("admin").get(path.format(forged))
    Client().post(path.format(forged))
    lines(written.getvalue())


@pytest.mark.slow
def test_at_the_wire(serve: Serve, port: int, tmp_path: Path) -> None:
    """A server of its own, and requests as no browser would send them."""
    process = serve(PYTHONWARNINGS="ignore", WEB_WORKERS="1")
    assert answer(port).status_code == 200
    forged = FORGED.replace(" ", "%20").encode()
    for request in (
        b"GET /v1/%0a" + forged + b" HTTP/1.1\r\nHost: localhost\r\n",
        b"GET /accounts/%0d%0a" + forged + b" HTTP/1.1\r\nHost: localhost\r\n",
        b"GET / HTTP/1.1\r\nHost: a\x0b" + FORGED.encode() + b"\r\n",
        b"GET /\x0b" + FORGED.encode() + b" HTTP/1.1\r\nHost: localhost\r\n",
        b"GET / HTTP/1.1\r\nBad\x0b" + FORGED.encode() + b": 1\r\nHost: localhost\r\n",
        b"POST /w/main/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: x\x85\r\n",
    ):
        peer = socket.create_connection(("127.0.0.1", port), timeout=2)
        with peer, suppress(TimeoutError):  # not each is answered
            peer.sendall(request + b"Connection: close\r\n\r\n")
            while peer.recv(65536):
                pass
    process.terminate()
    _out, err = process.communicate(timeout=120)
    assert any(" gunicorn.error " in line for line in lines(err)), "its lines are written alike"


SECRET = "Zq3-secret-Token_0"
OPENING = [
    f"/accounts/invitation/{SECRET}/",
    f"/accounts/join/{SECRET}/",
    f"/accounts/password/reset/key/1-{SECRET}/",
    f"/notices/unsubscribe/{SECRET}/",
    f"/setup/{SECRET}/",
]


@pytest.mark.parametrize("path", OPENING)
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete", "options"])
@pytest.mark.django_db
def test_no_link_that_opens_something_is_written(
    written: io.StringIO, path: str, method: str
) -> None:
    getattr(Client(enforce_csrf_checks=True), method)(path)
    logging.getLogger("some.part").warning("about %s", path)
    assert SECRET not in written.getvalue()
    assert path.partition(SECRET)[0].removesuffix("1-") in written.getvalue()


def test_every_address_with_a_secret_in_it_is_known_to_the_log() -> None:
    held = {
        str(pattern.pattern)
        for pattern in every_pattern(get_resolver())
        if {"token", "key"} & set(pattern.pattern.converters or pattern.pattern.regex.groupindex)
    }
    assert held == {
        "invitation/<str:token>/",
        "join/<str:token>/",
        "notices/unsubscribe/<str:token>/",
        "setup/<str:token>/",
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
    }, "teach admin_ui.audit.logs.LINKS the new address, then add it here"


def every_pattern(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from every_pattern(entry)
        else:
            yield entry

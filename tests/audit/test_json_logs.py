"""With LOG_FORMAT=json each record is one JSON object on a line."""

import io
import json
import logging
import logging.config
import re
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from admin_ui.accounts.models import Workspace
from admin_ui.audit.log_settings import log_settings
from admin_ui.audit.logs import OneLine, OneObject
from assistants.models import Connection
from tests.commands.test_serve import PATIENCE, Serve, answer, port, serve
from tests.conftest import Cast
from tests.upstream import Upstream, refused

__all__ = ["port", "serve"]
Read = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def written() -> Iterator[Read]:
    """What the product's own handler writes, parsed."""
    config = log_settings("INFO", "json", traced=False)
    stream = config["handlers"]["stderr"]["stream"] = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    logging.config.dictConfig(config)
    yield lambda: objects(stream.getvalue())
    root.handlers[:] = before
    root.setLevel(level)


def objects(text: str) -> list[dict[str, Any]]:
    assert text.isascii()
    found = [json.loads(line) for line in text.splitlines()]
    for entry in found:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry["time"])
        assert {"level", "logger", "message"} < entry.keys()
        assert not re.search(r"[\x00-\x1f]", entry["message"])
    return found


@pytest.mark.parametrize("odd", ["\n", "\r\n", "\u2028", "\x1b[2J", "\u202e", "\x00"])
def test_a_line_holds_one_object(written: Read, odd: str) -> None:
    logging.getLogger("some.part").warning("about %s é", f'x{odd}{{"level": "ERROR"}}')
    (entry,) = written()
    assert entry["level"] == "WARNING"
    assert entry["logger"] == "some.part"
    assert entry["message"] == f'about x{ascii(odd)[1:-1]}{{"level": "ERROR"}} é'


def test_half_a_character() -> None:
    """Straight to the formatter: pytest cannot report what holds one from another process."""
    record = logging.makeLogRecord({"msg": "x\ud800y é"})
    assert json.loads(OneObject().format(record))["message"] == "x\\ud800y é"


def test_a_traceback_is_a_field(written: Read) -> None:
    try:
        raise ValueError("x\x1b[2J\n/setup/Zq3-secret/ y")
    except ValueError:
        logging.getLogger("some.part").exception("it went wrong", stack_info=True)
    (entry,) = written()
    assert entry["message"] == "it went wrong"
    first, *_rest = entry["traceback"].split("\n")
    assert first == "Traceback (most recent call last):"
    assert "ValueError: x\\x1b[2J\n/setup/…/ y" in entry["traceback"]
    assert "test_a_traceback_is_a_field" in entry["stack"]


@pytest.mark.parametrize("form", ["line", "json"])
def test_a_row_that_the_database_quotes_is_left_out(form: str) -> None:
    quoting = 'violates "a_check"\nDETAIL:  Failing row contains (7, Zebra\n\nstripes).\nHINT: no'
    try:
        try:
            raise ValueError(quoting)
        except ValueError as error:
            raise RuntimeError(quoting) from error
    except RuntimeError:
        record = logging.makeLogRecord({"msg": "x", "exc_info": sys.exc_info()})
    text = {"line": OneLine(), "json": OneObject()}[form].format(record)
    assert "Zebra" not in text
    assert "stripes" not in text
    assert "ValueError: violates" in text
    assert "RuntimeError: violates" in text
    assert "test_a_row_that_the_database_quotes" in text


@pytest.mark.django_db
def test_a_row_in_a_real_error(cast: Cast) -> None:
    try:
        with transaction.atomic():
            Workspace.objects.filter(pk=cast.workspace.pk).update(slug=None)
    except IntegrityError:
        record = logging.makeLogRecord({"msg": "x", "exc_info": sys.exc_info()})
    text = OneObject().format(record)
    assert ("DETAIL: \\u2026" in text) == (connection.vendor == "postgresql")
    assert "Main" not in text


@pytest.mark.django_db(transaction=True)
def test_what_a_gateway_said_is_in_fields(
    cast: Cast, connection_to: Connection, remote: Upstream, written: Read
) -> None:
    spec = refused("Secret words", param="name", code="bad\ncode")
    remote.fail_next("GET", spec)
    cast.client("admin").post(f"/w/main/connections/{connection_to.pk}/test/")
    entry = next(each for each in written() if each["logger"] == "assistants.gateway.client")
    assert entry["status"] == 400
    assert entry["code"].startswith("bad")
    assert entry["param"] == "name"
    assert re.fullmatch("[0-9a-f]{32}", entry["trace_id"])
    text = json.dumps(entry)
    assert "Secret words" not in text
    assert "sk-secret" not in text


@pytest.mark.django_db
def test_a_refused_request_and_a_secret_link(cast: Cast, written: Read) -> None:
    assert cast.client("viewer").get("/w/main/connections/new/").status_code == 403
    Client(enforce_csrf_checks=True).post("/setup/Zq3-secret/")
    refused, link = written()
    assert "user=vera@example.com address=127.0.0.1" in refused["message"]
    assert "traceback" not in refused, "it is no error"
    assert "/setup/…/" in link["message"]
    assert "Zq3-secret" not in json.dumps(link)


def test_no_other_format(monkeypatch: pytest.MonkeyPatch) -> None:
    from admin_ui.environment import Environment, _Values

    monkeypatch.setattr(Environment, "ENVIRON", _Values(cache=False))
    monkeypatch.setenv("LOG_FORMAT", "xml")
    with pytest.raises(SystemExit, match="LOG_FORMAT must be one of: line, json"):
        Environment().choice("LOG_FORMAT", options=("line", "json"))


@pytest.mark.slow
def test_the_lines_of_gunicorn_too(serve: Serve, port: int, tmp_path: Path) -> None:
    process = serve(LOG_FORMAT="json", PYTHONWARNINGS="ignore")
    assert answer(port).status_code == 200
    assert answer(port, "/nowhere/").status_code == 404
    with socket.create_connection(("127.0.0.1", port), timeout=10) as peer:
        peer.sendall(b"GET / HTTP/1.1\r\nBad\x0b: 1\r\nHost: localhost\r\n\r\n")
        while peer.recv(65536):
            pass
    process.send_signal(signal.SIGTERM)
    _out, err = process.communicate(timeout=PATIENCE)
    names = {entry["logger"] for entry in objects(err)}
    assert {"django.request", "gunicorn.error"} <= names, sys.stderr.write(err)

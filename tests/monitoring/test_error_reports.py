"""What Sentry gets when something fails: where, and nothing of what people or gateways sent."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sentry_sdk
from django.db import IntegrityError
from django.test import Client

from admin_ui.monitoring.error_reports import report_errors
from assistants.models import Connection
from tests.conftest import Cast

ROOT = Path(__file__).resolve().parents[2]
DSN = "https://public@sentry.invalid/1"
TEXT = "Zebra crossings are striped."
SECRET, COOKIE, TYPED, LINK = "sk-9f3a", "cookie-9f3a", "password-9f3a", "link-9f3a"
"""Named here only, because an event quotes the lines of code around an error."""
KEPT = {"event_id", "timestamp", "level", "platform", "logger", "release", "environment", "sdk"}
"""What each event has, and none of it comes from people."""
MAY_HAVE = {"transaction", "transaction_info", "exception", "logentry"}


class Kept(sentry_sdk.transport.Transport):
    """A transport that keeps what it should send, as it would be on the wire."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def capture_envelope(self, envelope: Any) -> None:
        self.sent.append(envelope.serialize())

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(each.split(b"\n")[2]) for each in self.sent]


@pytest.fixture
def sentry() -> Iterator[Kept]:
    kept = Kept()
    report_errors(DSN, transport=kept)
    yield kept
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(None)


@pytest.mark.django_db
def test_an_error_in_a_view(cast: Cast, sentry: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_arguments: object) -> None:
        secret, text = SECRET, TEXT  # local variables, like those of any view
        raise IntegrityError(f"DETAIL: Failing row contains (7, {text}, {secret}).")

    monkeypatch.setattr("assistants.views.overview.home.home_of", fail)
    client = cast.client("admin")
    client.raise_request_exception = False
    client.cookies["mine"] = COOKIE
    answer = client.get(
        "/w/main/",
        {"q": TEXT},
        headers={"authorization": f"Bearer {SECRET}", "user-agent": LINK, "referer": TEXT},
    )
    assert answer.status_code == 500
    (event,) = sentry.events
    assert event.keys() <= KEPT | MAY_HAVE
    (raised,) = event["exception"]["values"]
    assert (raised["type"], raised["value"]) == ("IntegrityError", "")
    assert event["transaction"].startswith("/w/{ws}/")
    assert any(
        frame["module"] == "assistants.views.overview.home"
        for frame in raised["stacktrace"]["frames"]
    )
    assert not any("vars" in frame for frame in raised["stacktrace"]["frames"])
    wire = b"".join(sentry.sent)
    session = client.cookies["sessionid"].value
    for word in (TEXT, SECRET, COOKIE, LINK, session, "ada@example.com"):
        assert word.encode() not in wire, word


@pytest.mark.django_db
def test_an_error_before_a_route_is_known(sentry: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("x")

    monkeypatch.setattr("admin_ui.request.middleware.posted.content_length", fail)
    client = Client(raise_request_exception=False)
    client.post(f"/accounts/invitation/{LINK}/", {"instructions": TEXT, "password": TYPED})
    assert sentry.events
    for word in (LINK, TEXT, TYPED):
        assert word.encode() not in b"".join(sentry.sent)


def test_log_lines_are_sent_without_their_arguments(sentry: Kept) -> None:
    logging.getLogger("admin_ui.part").error("about %s", "eve@example.com", extra={"x": TEXT})
    logging.getLogger("some.library").error(f"about {TEXT}")
    logging.getLogger("admin_ui.part").warning("not worth a report")
    ours, theirs = sentry.events
    assert ours["logentry"] == {"message": "about %s"}
    assert "logentry" not in theirs
    assert TEXT.encode() not in b"".join(sentry.sent)


@pytest.mark.django_db(transaction=True)
def test_a_call_leaves_no_crumb(connection_to: Connection, sentry: Kept) -> None:
    from assistants.services.connections.client import gateway_for

    gateway_for(connection_to).list_page()
    logging.getLogger("admin_ui.part").error("it went wrong")
    (event,) = sentry.events
    assert event.keys() <= KEPT | MAY_HAVE
    assert b"sk-secret" not in b"".join(sentry.sent)


@pytest.mark.parametrize(
    ("setting", "value", "package", "said"),
    [
        ("SENTRY_DSN", DSN, "sentry_sdk", "Python package sentry_sdk is not installed"),
        ("SENTRY_DSN", "nonsense", "", "value of the setting SENTRY_DSN is not valid"),
        (
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "http://127.0.0.1:4318",
            "opentelemetry",
            "Python package opentelemetry.exporter is not installed",
        ),
    ],
)
@pytest.mark.slow
def test_a_setting_that_cannot_work(
    tmp_path: Path, setting: str, value: str, package: str, said: str
) -> None:
    hide = f"import sys; sys.modules[{package!r}] = None; " if package else ""
    found = subprocess.run(
        [sys.executable, "-c", f"{hide}import django; django.setup()"],
        cwd=ROOT,
        env={
            "PATH": "/usr/bin:/bin",
            "DJANGO_SETTINGS_MODULE": "admin_ui.settings",
            "DATA_DIR": str(tmp_path),
            setting: value,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1
    assert said in found.stderr
    assert "Traceback" not in found.stderr

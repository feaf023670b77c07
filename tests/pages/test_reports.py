"""Reports of browsers about the content policy: logged without secrets, and limited."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext

from admin_ui.request import reports
from admin_ui.request.budget import TokenBuckets

pytestmark = pytest.mark.django_db
REPORT = {
    "document-uri": "https://assistants.example.org/setup/secret-token/?q=sk-secret",
    "violated-directive": "script-src-elem 'self'",
    "blocked-uri": "https://evil.example/x.js?stolen=sk-secret",
    "script-sample": "sk-secret",
}


@pytest.fixture(autouse=True)
def _all_of_the_budget() -> Iterator[None]:
    reports.REPORTS.clear()
    yield
    reports.REPORTS.clear()


def send(body: Any, **options: Any) -> Any:
    data = body if isinstance(body, (bytes, str)) else json.dumps({"csp-report": body})
    kind = "application/csp-report"
    browser = Client(enforce_csrf_checks=True)
    return browser.post(reports.ADDRESS, data, content_type=kind, **options)


def test_a_report_is_one_line_without_secrets(caplog: pytest.LogCaptureFixture) -> None:
    from django.db import connection

    with caplog.at_level(logging.WARNING), CaptureQueriesContext(connection) as queries:
        answer = send(REPORT)
    assert (answer.status_code, answer.content, len(queries)) == (204, b"", 0)
    assert answer.cookies == {}
    line = "The content policy stopped script-src-elem of https://evil.example on page setup"
    assert [record.getMessage() for record in caplog.records] == [line]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"blocked-uri": "inline"}, "of inline on"),
        ({"blocked-uri": ""}, "of - on"),
        ({"blocked-uri": "a" * 500}, f"of {'a' * 100} on"),
        ({"document-uri": "https://x.example/nowhere/sk-secret"}, "on page unknown"),
        ({"document-uri": 7}, "on page unknown"),
        ({"violated-directive": "x" * 90}, f"stopped {'x' * 40} of"),
    ],
)
def test_what_a_line_says(
    changed: dict[str, Any], told: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert send({**REPORT, **changed}).status_code == 204
    assert told in caplog.text
    assert "sk-secret" not in caplog.text


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b'{"csp-report": 7}', b"\xff", b"[" * 9000, {}]
)
def test_what_is_no_report_is_refused(body: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert send(body).status_code == 400
    assert "content policy" not in caplog.text


@pytest.mark.parametrize("address", ["http://[", "https://[x]/y"])
def test_a_broken_address_is_refused(address: str) -> None:
    assert send({**REPORT, "document-uri": address}).status_code in (204, 400)
    assert send({**REPORT, "blocked-uri": address}).status_code in (204, 400)


def test_a_large_report_is_not_read() -> None:
    assert send(b"x" * (reports.LARGEST_REPORT + 1)).status_code == 413


def test_a_flood_is_refused_and_counted(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = TokenBuckets(lambda: reports.REPORTS_PER_MINUTE, clock=lambda: 0.0)
    monkeypatch.setattr(reports, "REPORTS", still)
    answers = [send(REPORT) for _ in range(65)]
    assert [answer.status_code for answer in answers] == [204] * 60 + [429] * 5
    assert int(answers[-1]["Retry-After"]) >= 1
    assert caplog.text.count("were not logged") == 1


def test_only_post_is_answered() -> None:
    assert Client().get(reports.ADDRESS).status_code == 405

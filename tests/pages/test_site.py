"""What every page has in common: headers, health, and the pages for what cannot be done."""

from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from tests.conftest import Cast


def explode(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError("sk-secret in a traceback")


def suspect(_request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("sk-secret")


urlpatterns = [
    path("explode/", explode),
    path("suspect/", suspect),
    path("", include("admin_ui.urls")),
]
from admin_ui.urls import handler400, handler403, handler404, handler500  # noqa: E402, F401

ADDRESSES = [
    "/",
    "/accounts/login/",
    "/w/main/",
    "/nowhere",
    "/healthz",
    "/v1/assistants",
    "/api/",
    "/api/w/main/assistants",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_policy_is_strict_on_every_answer(db: None, address: str) -> None:
    answer = Client().get(address)
    assert {"camera=()", "microphone=()"} < set(answer["Permissions-Policy"].split(", "))
    assert answer["Content-Security-Policy"] == (
        "default-src 'self'; img-src 'self' data:; worker-src 'self'; object-src 'none';"
        " base-uri 'none'; form-action 'self'; frame-ancestors 'none'; report-uri /csp/"
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_other_headers(db: None, settings: Any, address: str) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    response = Client().get(address, secure=True)
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Strict-Transport-Security"] == "max-age=31536000"
    assert "Access-Control-Allow-Origin" not in response
    assert response["Content-Type"] in ("text/html; charset=utf-8", "application/json")


@pytest.mark.parametrize("address", ADDRESSES)
def test_trace_shows_nobody_what_was_sent(cast: Cast, address: str) -> None:
    for client in (Client(), cast.client("admin")):
        response = client.trace(address, headers={"X-Mine": "sk-secret"})
        assert response.status_code != 200
        assert b"sk-secret" not in response.content


def test_health(db: None) -> None:
    response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert Client().post("/healthz").status_code == 405


def test_health_without_a_database(db: None, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(*_: Any) -> Any:
        raise DatabaseError("password sk-secret refused")

    with connection.execute_wrapper(refuse):
        response = Client().get("/healthz")
    assert (response.status_code, response.json()) == (503, {"status": "database unavailable"})


def test_nothing_here(cast: Cast) -> None:
    for client in (Client(), cast.client("viewer")):
        response = client.get("/nowhere")
        assert response.status_code == 404
        assert "Page not found" in response.content.decode()


@pytest.mark.urls(__name__)
def test_what_goes_wrong_is_told_without_details_and_without_the_database() -> None:
    client = Client(raise_request_exception=False)
    response = client.get("/explode/")  # any query would fail: this test may not use the database
    assert response.status_code == 500
    page = response.content.decode()
    assert "Something went wrong on our side" in page
    assert "sk-secret" not in page


@pytest.mark.urls(__name__)
def test_a_bad_request() -> None:
    response = Client().get("/suspect/")
    assert response.status_code == 400
    assert "is not valid" in response.content.decode()
    assert "sk-secret" not in response.content.decode()


def test_a_host_that_is_not_ours() -> None:
    response = Client(headers={"Host": "evil.example"}).get("/accounts/login/")
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


@pytest.mark.parametrize("address", ["/accounts/login/", "/w/main/assistants/1/edit/"])
def test_a_form_that_is_too_large(cast: Cast, settings: Any, address: str) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 1024 * 1024
    body = b"a=" + b"x" * (3 * 1024 * 1024)
    form = "application/x-www-form-urlencoded"
    for client in (Client(), cast.client("editor")):
        response = client.post(address, body, content_type=form)
        assert response.status_code == 413
        assert "up to 3 MB" in response.content.decode()


@pytest.mark.parametrize("address", ["/accounts/login/", "/w/main/team/add/"])
def test_a_form_with_too_many_fields(cast: Cast, settings: Any, address: str) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    client = Client(enforce_csrf_checks=True)
    if address.startswith("/w/"):
        client.force_login(cast.admin.user)
    client.get("/accounts/password/reset/")  # sets the cookie without which nothing is read
    response = client.post(address, {f"field-{number}": "" for number in range(11)})
    assert response.status_code == 413
    assert "and 10 fields" in response.content.decode()


def test_a_form_without_a_good_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "a@example.com"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "open for too long" in page
    assert "what you typed is still in the form" in page


def test_a_nonsense_content_length_is_no_error(db: None) -> None:
    response = Client().generic("POST", "/accounts/login/", b"", CONTENT_LENGTH="²")
    assert response.status_code == 200

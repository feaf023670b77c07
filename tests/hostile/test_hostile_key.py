"""A key that asks without end costs itself; whoever has none learns nothing and stops nobody."""

import logging
from typing import Any

import openai
import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from admin_ui.accounts.models import Workspace
from assistants.registry import budgets
from tests.factories import make_api_key, make_workspace
from tests.registry import calls

LOG = "assistants.registry.budgets"


@pytest.fixture(autouse=True)
def small(settings: Settings) -> None:
    settings.WEB_WORKERS = 2
    settings.API_READS_PER_MINUTE = 20
    settings.API_WRITES_PER_MINUTE = 6
    settings.API_WRONG_KEYS_PER_MINUTE = 10
    settings.REGISTRY_ON_WRITE = "tests.registry.conftest.record_told"


@pytest.fixture
def workspace(db: None) -> Workspace:
    return make_workspace("support")


def statuses(registry: calls.Registry, number: int, method: str = "GET", **kw: Any) -> list[int]:
    return [registry(method, "/assistants", **kw).status for _ in range(number)]


def test_reads_of_one_key(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    key, secret = make_api_key(workspace, name="Busy\nbee")
    busy, other = calls.by_key(secret), calls.by_key(make_api_key(workspace)[1])
    with caplog.at_level(logging.WARNING):
        assert statuses(busy, 12) == [200] * 10 + [429] * 2  # the part of one of two processes
        answer = busy("GET", "/assistants")
    assert answer.data == {
        "error": {
            "message": "Rate limit reached for requests (reads). Limit: 20 / min."
            " Please try again in 6s.",
            "type": "requests",
            "param": None,
            "code": "rate_limit_exceeded",
        }
    }
    assert answer.headers["Retry-After"] == "6"
    assert answer.headers["x-request-id"].startswith("req_")
    lines = [record.getMessage() for record in caplog.records if record.name == LOG]
    (line,) = lines  # not one a request
    others = [record.getMessage() for record in caplog.records if record.name == "django.request"]
    assert others == []
    with caplog.at_level(logging.WARNING):
        assert other("GET", "/nowhere").status == 404
    assert "Not Found: /v1/nowhere" in caplog.text  # where any other refusal is logged
    assert line == f"429, 1 times: reads by API key 'Busy\\nbee' ({key.prefix}…) from 127.0.0.1"
    assert secret not in caplog.text
    assert busy("POST", "/assistants", {"model": "gpt-5"}).status == 200  # which has its own
    assert statuses(other, 3) == [200] * 3


def test_writes_of_one_key(workspace: Workspace) -> None:
    busy = calls.by_key(make_api_key(workspace)[1])
    assert statuses(busy, 5, "POST", body={"model": ""}) == [400] * 3 + [429] * 2
    assert busy("DELETE", "/assistants/asst_a").status == 429
    assert statuses(busy, 2) == [200, 200]


def test_the_dashboard_has_no_budget(workspace: Workspace) -> None:
    assert set(statuses(calls.in_process(workspace.pk), 50)) == {200}
    assert len(budgets.READS) == 0


def test_every_address_counts(workspace: Workspace) -> None:
    busy = calls.by_key(make_api_key(workspace)[1])
    for path in ("/models", "/nowhere", "/assistants/asst_a", "/changes", "/models/x"):
        for _ in range(2):
            assert busy("GET", path).status != 429
    assert busy("GET", "/models").status == 429


def test_guessing_is_bounded_by_address(
    workspace: Workspace, caplog: pytest.LogCaptureFixture, django_assert_num_queries: Any
) -> None:
    _key, secret = make_api_key(workspace)
    guess = calls.by_key("")

    def ask(value: str, address: str) -> int:
        client = Client(REMOTE_ADDR=address)
        headers = {"Authorization": f"Bearer {value}", **calls.BETA}
        return client.get("/v1/assistants", headers=headers).status_code

    tried = [ask(f"aa_{number:043}", "203.0.113.5") for number in range(8)]
    assert tried == [401] * 5 + [429] * 3
    with caplog.at_level(logging.WARNING), django_assert_num_queries(0):
        assert ask("aa_" + "y" * 43, "203.0.113.5") == 429
    # Not even a right one tells anything, unless it has worked before.
    assert ask(secret, "203.0.113.5") == 429
    assert ask(secret, "203.0.113.6") == 200
    assert ask(secret, "203.0.113.5") == 200
    assert guess("GET", "/models", None, {"Authorization": "Bearer aa_x"}).status == 401


def test_who_only_writes_is_not_shut_out_by_guesses_from_the_same_address(
    workspace: Workspace,
) -> None:
    writer, guess = calls.by_key(make_api_key(workspace)[1]), calls.by_key("aa_wrong")
    assert statuses(writer, 1, "POST", body={"model": "gpt-5"}) == [200]
    assert statuses(guess, 6) == [401] * 5 + [429]
    assert statuses(writer, 1, "POST", body={"model": "gpt-5"}) == [200]


def test_a_house_of_ipv6_addresses_is_one_caller(db: None) -> None:
    def ask(address: str) -> int:
        client = Client(REMOTE_ADDR=address)
        return client.get("/v1/models", headers={"Authorization": "Bearer aa_no"}).status_code

    tried = [ask(f"2001:db8:1:2::{number:x}") for number in range(7)]
    assert tried == [401] * 5 + [429] * 2
    assert ask("2001:db8:1:3::1") == 401


def test_a_forged_address_is_not_believed(db: None, settings: Settings) -> None:
    def ask(forwarded: str) -> int:
        headers = {"Authorization": "Bearer aa_no", "X-Forwarded-For": forwarded}
        return Client().get("/v1/models", headers=headers).status_code

    assert [ask(f"198.51.100.{number}") for number in range(6)] == [401] * 5 + [429]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert [ask(f"198.51.100.{n}, 198.51.100.99") for n in range(6)] == [401] * 5 + [429]
    assert ask("198.51.100.99, 198.51.100.98") == 401


def test_the_official_client_understands(
    live_server: LiveServer, workspace: Workspace, settings: Settings
) -> None:
    secret = make_api_key(workspace)[1]
    client = openai.OpenAI(base_url=f"{live_server.url}/v1", api_key=secret, max_retries=0)
    for _ in range(10):
        client.models.list()
    with pytest.raises(openai.RateLimitError) as refused:
        client.models.list()
    assert refused.value.code == "rate_limit_exceeded"
    assert refused.value.type == "requests"
    assert int(refused.value.response.headers["Retry-After"]) >= 1
    client.close()


def test_twenty_reads_a_second_are_no_trouble_by_default() -> None:
    """Over one connection, which stays with one of two processes."""
    from admin_ui import settings

    assert settings.API_READS_PER_MINUTE / settings.WEB_WORKERS >= 20 * 60

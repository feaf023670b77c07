"""What the documented proxy sends to a second server, and what it never sends twice."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistants.selectors.addresses import WorkspacePages
from tests.proxy.nginx import proxy
from tests.proxy.upstreams import Upstream, two_upstreams

pytestmark = pytest.mark.slow

SIX = range(6)
"""Enough requests for each server to be the first choice of some."""
PAGES = WorkspacePages("/w/main/")
AUTOSAVES = [PAGES.autosave_new, PAGES.assistant(7).autosave]
REPEATED = [
    ("GET", PAGES.home),
    ("HEAD", "/healthz"),
    ("GET", "/v1/assistants"),
    *(("POST", path) for path in AUTOSAVES),
]
SENT_ONCE = [
    ("POST", PAGES.new),
    ("POST", PAGES.assistant(7).edit),
    ("POST", PAGES.assistant(7).review),
    ("POST", PAGES.assistant(7).here),
    ("POST", "/accounts/login/"),
    ("POST", "/v1/assistants"),
    ("POST", "/v1/autosave/"),
    ("DELETE", "/v1/assistants/asst_1"),
    ("PUT", "/v1/assistants/asst_1"),
    ("PATCH", "/v1/assistants/asst_1"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Upstream, Upstream]]:
    with two_upstreams() as (first, second):
        folder = tmp_path_factory.mktemp("nginx")
        with proxy(folder, (first.port, second.port)) as address:
            yield address, first, second


@pytest.fixture
def pair(site: tuple[str, Upstream, Upstream]) -> tuple[Upstream, Upstream]:
    _address, first, second = site
    for upstream in (first, second):
        upstream.mood = ""
        upstream.arrived.clear()
    return first, second


def send(address: str, method: str, path: str) -> list[int]:
    """Send six requests, each with a name and a body, and return their statuses."""
    with httpx.Client(base_url=address, trust_env=False) as client:
        return [
            client.request(
                method, path, headers={"X-Name": str(number)}, content=b"text=typed"
            ).status_code
            for number in SIX
        ]


@pytest.mark.parametrize(("method", "path"), REPEATED)
def test_what_changes_nothing_when_repeated_survives_a_server_that_dies(
    site: tuple[str, Upstream, Upstream], pair: tuple[Upstream, Upstream], method: str, path: str
) -> None:
    first, second = pair
    first.mood = "dies"
    assert send(site[0], method, path) == [200] * 6
    assert set(first.arrived) < set(second.arrived) == {str(number) for number in SIX}
    assert len(first.arrived) == 3


@pytest.mark.parametrize(("method", "path"), SENT_ONCE)
def test_nothing_else_arrives_twice(
    site: tuple[str, Upstream, Upstream], pair: tuple[Upstream, Upstream], method: str, path: str
) -> None:
    first, second = pair
    first.mood = "dies"
    assert sorted(send(site[0], method, path)) == [200] * 3 + [502] * 3
    arrived = first.arrived + second.arrived
    assert arrived == {str(number): 1 for number in SIX}


@pytest.mark.parametrize("path", [*AUTOSAVES, "/static/js/autosave.1234.js"])
def test_a_server_that_is_not_updated_yet_sends_people_to_the_other(
    site: tuple[str, Upstream, Upstream], pair: tuple[Upstream, Upstream], path: str
) -> None:
    pair[0].mood = "404"
    assert send(site[0], "POST" if path in AUTOSAVES else "GET", path) == [200] * 6


def test_a_form_for_an_assistant_that_is_gone_is_answered_once(
    site: tuple[str, Upstream, Upstream], pair: tuple[Upstream, Upstream]
) -> None:
    pair[0].mood = pair[1].mood = "404"
    assert send(site[0], "POST", PAGES.assistant(7).edit) == [404] * 6
    assert (pair[0].arrived + pair[1].arrived).total() == 6
    assert send(site[0], "POST", PAGES.assistant(7).autosave) == [404] * 6


def test_two_restarts_within_ten_seconds_cost_no_request(tmp_path: Path) -> None:
    with two_upstreams() as (first, second):
        with proxy(tmp_path, (first.port, second.port)) as address:
            first.stop()
            assert send(address, "POST", "/v1/assistants") == [200] * 6
            first.start()
            second.stop()
            assert send(address, "POST", "/v1/assistants") == [200] * 6
        second.start()
        assert (first.arrived + second.arrived).total() == 12

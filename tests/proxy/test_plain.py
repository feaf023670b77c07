"""Without TLS, the documented proxy redirects browsers and refuses keys."""

from pathlib import Path

import httpx

from bench.serving import free_port
from tests.proxy.nginx import proxy


def test_pages_are_redirected_and_the_api_is_not(tmp_path: Path) -> None:
    plain = free_port()
    with proxy(tmp_path, (free_port(), free_port()), plain):
        page, *calls = (
            httpx.get(f"http://127.0.0.1:{plain}{path}", trust_env=False)
            for path in ("/w/main/", "/v1/assistants", "/api/w/main/assistants")
        )
    assert (page.status_code, page.headers["Location"]) == (301, "https://127.0.0.1/w/main/")
    assert [call.status_code for call in calls] == [403, 403]

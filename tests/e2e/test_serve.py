"""The product as it is started: the first account, the first edit, and what first visits weigh."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.browsing import watch
from tests.proxy.test_stopping import until

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
MOST = 100 * 1024
"""Bytes that a first visit may bring over the wire, static files included."""


@dataclass(frozen=True)
class Served:
    url: str
    owner_link: str
    process: subprocess.Popen[str]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Start the dashboard on a data folder of its own; yields when it has printed its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.e2e.served_settings",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "PORT": str(port),
        "SITE_URL": f"http://localhost:{port}",
    }
    manage = [sys.executable, "manage.py"]
    collect = [*manage, "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(collect, cwd=ROOT, env=environment, check=True)
    process = subprocess.Popen(
        [*manage, "serve"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    ready, owner = (process.stdout.readline().split() for _ in range(2))
    yield Served(url=ready[-1], owner_link=owner[-1], process=process)
    if process.poll() is None:
        process.kill()
    process.communicate()


def first_visit(context: BrowserContext, path: str) -> int:
    """Return how many bytes a page brings over the wire into an empty cache, headers included."""
    page = context.new_page()
    weights: list[int] = []
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    page.goto(path, wait_until="networkidle")
    assert len(weights) > 10
    return sum(weights)


def test_from_the_printed_lines_to_a_published_edit(chromium: Browser, served: Served) -> None:
    until(lambda: httpx.get(f"{served.url}/healthz", trust_env=False).json() == {"status": "ok"})
    problems: list[str] = []
    context = chromium.new_context(base_url=served.url)
    watch(context, served.url, problems)
    page = context.new_page()
    page.goto(served.owner_link)
    page.get_by_label("Your name").fill("Olga")
    page.get_by_label("Email address").fill("olga@example.com")
    page.get_by_label("Password").fill("seven green bottles")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    page.get_by_role("link", name="Assistants").click()
    expect(page.locator("#table tbody tr")).to_have_count(12)
    page.locator(".row-link").first.click()
    editor = page.url
    page.locator("#basics-card summary").click()
    page.fill("[name=name]", "Mine")
    page.get_by_role("button", name="Review and publish").click()
    page.get_by_label("What changed and why?").fill("To try it out")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as v2.")).to_be_visible()
    newest = page.locator("table.history tbody tr").first
    expect(newest).to_contain_text("Olga")
    expect(newest).to_contain_text("To try it out")
    page.goto(served.owner_link)
    expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()

    for path, state in (
        ("/accounts/login/", None),
        ("/w/main/", context.storage_state()),
        ("/w/main/assistants/", context.storage_state()),
        (editor, context.storage_state()),
    ):
        newcomer = chromium.new_context(base_url=served.url, storage_state=state)
        assert first_visit(newcomer, path) < MOST, path
        newcomer.close()
    context.close()
    assert problems == []

    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=120) == 0

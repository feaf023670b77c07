"""Real pages in a real browser: one Chromium for all journeys, a fresh context for each person."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from assistants.models import Assistant
from assistants.services.connections.client import registry_of
from tests.conftest import Cast
from tests.e2e.browsing import DESK, counted_requests, sign_in, watch
from tests.services.conftest import Make, published

Browse = Callable[..., Page]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
BASICS_OPEN = "try { localStorage.basics ??= 'open' } catch {}"
"""The editor's name and model are in sight from the start, as for a person who has opened them."""
PATIENCE = 20_000
"""Milliseconds to wait for something to appear; a busy machine needs more than the usual 5,000."""


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A running browser. Without one the journeys are left out, but never under CI."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        leave_out = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        leave_out("Chromium is not installed, so there are no journeys in a browser.")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's event loop runs in the thread of the tests, which use the database too.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        expect.set_options(timeout=PATIENCE)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
            yield browser
            browser.close()


@pytest.fixture
def browse(
    chromium: Browser, live_server: LiveServer, cast: Cast, settings: Any
) -> Iterator[Browse]:
    """Open a page as somebody of the cast, or "anonymous"; options are those of the context.

    `also` is an address beside the site that its pages may lead to.

    What `watch` finds fails the test at its end.
    """
    settings.SITE_URL = live_server.url
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(who: str = "publisher", *, also: str = "data:", **options: Any) -> Page:
        options = {"viewport": DESK, "reduced_motion": "reduce", "locale": "en-GB", **options}
        context = chromium.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(BASICS_OPEN)
        watch(context, live_server.url, problems, also)
        if who != "anonymous":
            sign_in(context, cast, who, live_server.url)
        return context.new_page()

    with counted_requests() as under_way:
        yield open_page
        for context in contexts:
            context.close()
        # Only when nothing is being answered any more may the tables be emptied.
        deadline = time.monotonic() + 20
        while under_way and time.monotonic() < deadline:
            time.sleep(0.01)
    assert problems == []


@pytest.fixture
def live(cast: Cast, published: Make) -> Assistant:
    """An assistant on the built-in registry that Pia has published."""
    registry = registry_of(cast.workspace)
    assert registry
    return published(registry)


@pytest.fixture
def with_function(cast: Cast, published: Make) -> Make:
    """Publish an assistant whose one function has these parameters."""
    registry = registry_of(cast.workspace)

    def make(parameters: Any, **more: Any) -> Assistant:
        function = {"name": "book", "parameters": parameters, **more}
        return published(registry, tools=[{"type": "function", "function": function}])

    return make


__all__ = ["live", "published"]

"""What journeys need: who is signed in, what must not happen, and what colleagues do meanwhile."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.core.signals import request_finished, request_started
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    ViewportSize,
    expect,
)

from admin_ui.accounts.models import Member
from assistants.models import Assistant
from assistants.services.ledger.reading import live_definition
from assistants.services.publishing.publish import publish
from tests.conftest import Cast

PHONE: ViewportSize = {"width": 360, "height": 780}
DESK: ViewportSize = {"width": 1280, "height": 900}
Scheme = Literal["light", "dark"]
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""The page follows another scheme a moment after the browser."""
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
OPEN_MENU = "details.menu[open]"
COVERED = "partially obscured"
BEYOND = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


def address(assistant: Assistant, page: str = "edit/") -> str:
    """Return the address of one of an assistant's pages."""
    return f"/w/main/assistants/{assistant.pk}/{page}"


def fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("live", "connection").get(pk=assistant.pk)


def change_live(author: Member, assistant: Assistant, **fields: object) -> Assistant:
    """Publish these fields as `author`, who has no need of a browser; returns what is live then."""
    row = fresh(assistant)
    wanted = live_definition(row).replace(**fields)
    result = publish(author=author, assistant=row, wanted=wanted, base=row.live)
    assert result.status == "applied"
    return fresh(assistant)


def sign_in(context: BrowserContext, cast: Cast, who: str, url: str) -> None:
    """Give the browser a session of `who`, without the form."""
    session = cast.client(who).cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])


def watch(context: BrowserContext, url: str, problems: list[str], *others: str) -> None:
    """Add to `problems` what must never happen on any page of the site at `url`, or at `others`.

    That is an error in the console (a violation of the Content-Security-Policy is one), an
    exception in a script, a crash of the server, and a request to anywhere else.
    """

    def console(message: ConsoleMessage) -> None:
        # A page that answers 409 or 422 is reported as a failed resource too; tests look at those.
        of_page = message.text.startswith("Failed to load resource") and not any(
            part in message.location["url"] for part in ("/static/", "/icons-")
        )
        # What htmx says of a connection that a test has cut or a page has left behind, or of a
        # server that a test made busy.
        cut = (
            "htmx:afterRequest",
            "htmx:sendAbort",
            "htmx:sendError",
            "Response Status Error Code 503 ",
        )
        of_page |= message.text.startswith(cut)
        if message.type in ("error", "warning") and not of_page:
            problems.append(f"console of {message.location['url']}: {message.text}")

    def response(answer: Response) -> None:
        if answer.status == 500:
            problems.append(f"{answer.request.method} {answer.url} answered 500")

    def request(asked: Request) -> None:
        if not asked.url.startswith((url, "data:", *others)):
            problems.append(f"asked for {asked.url}")

    context.on("console", console)
    context.on("weberror", lambda error: problems.append(f"script: {error.error}"))
    context.on("response", response)
    context.on("request", request)


@contextmanager
def counted_requests() -> Iterator[list[object]]:
    """Yield a list that holds an entry for each request which the site is answering right now."""
    under_way: list[object] = []

    def started(sender: object, **_: object) -> None:
        under_way.append(sender)

    def finished(**_: object) -> None:
        if under_way:
            under_way.pop()

    request_started.connect(started)
    request_finished.connect(finished)
    yield under_way
    request_started.disconnect(started)
    request_finished.disconnect(finished)


def faults(page: Page, rules: Sequence[str] = ()) -> set[str]:
    """Return what axe finds wrong with the page as it is now, and whether it scrolls sideways.

    Without `rules` all of them are held against it. What an open menu covers may be as small as it
    looks.
    """
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, object] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = rules
    results = page.evaluate("(options) => axe.run(options)", options)
    is_under = page.locator(OPEN_MENU).count() > 0
    found = {
        f"{violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in results["violations"]
        for node in violation["nodes"]
        if not (violation["id"] == "target-size" and COVERED in node["failureSummary"] and is_under)
    }
    if (beyond := page.evaluate(BEYOND)) > 0:
        found.add(f"scrolls {beyond} pixels sideways")
    return found


def faults_in_all_looks(page: Page) -> list[str]:
    """Return what `faults` finds on a desk and on a phone, in light and in dark colours."""
    size = page.viewport_size
    found = [
        f"{width} {scheme}: {fault}"
        for width, viewport in (("desk", DESK), ("phone", PHONE))
        for scheme in SCHEMES
        for fault in sorted(_faults_so(page, viewport, scheme))
    ]
    page.emulate_media(color_scheme="light")
    if size is not None:
        page.set_viewport_size(size)
    return found


def _faults_so(page: Page, viewport: ViewportSize, scheme: Scheme) -> set[str]:
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)
    page.evaluate(PAINTED)
    return faults(page)


def show_json(page: Page, name: str) -> None:
    """Show the schema in the input `name` as JSON instead of as rows."""
    builder = page.locator(f"[id='builder_{name}']")
    settled(page)
    builder.get_by_role("button", name="JSON").click()
    expect(builder.get_by_role("button", name="JSON")).to_have_attribute("aria-pressed", "true")
    settled(page)


def settled(page: Page) -> None:
    """Wait until htmx is done; while it settles, the focus moves once more."""
    expect(page.locator(".htmx-added, .htmx-settling, .htmx-request")).to_have_count(0)

"""On a phone, texts that are 40 % longer neither widen a page nor are cut off."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from assistants.models import Connection
from tests.conftest import Cast
from tests.e2e.conftest import Browse
from tests.pages.walk import Walk, prepare
from tests.pseudo import in_pseudo
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
__all__ = ["in_pseudo"]

PHONE = {"width": 360, "height": 740}
FAULTS = """() => {
  const found = [];
  const beyond = document.documentElement.scrollWidth - innerWidth;
  if (beyond > 0) found.push(`scrolls ${beyond} pixels sideways`);
  document.querySelectorAll("details").forEach((each) => { each.open = true; });
  const named = "button, .button, .chip, .count, label, legend, summary, th, [role=tab], nav a";
  for (const part of document.querySelectorAll(named)) {
    const box = part.getBoundingClientRect();
    const style = getComputedStyle(part);
    const text = part.textContent.trim().replace(/\\s+/g, " ").slice(0, 60);
    const hidden = !box.width || style.visibility === "hidden" || part.closest(".visually-hidden");
    if (hidden || !text || style.display === "inline") continue;
    const where = `${part.tagName.toLowerCase()}.${part.className}: ${text}`;
    const inside = [part, ...part.querySelectorAll("*")].find((each) =>
      each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1
      && !each.closest(".visually-hidden, pre, bdi"));
    if (inside) found.push(`cut off, ${inside.scrollWidth} in ${inside.clientWidth}: ${where}`);
    let around = part.parentElement;
    while (around && !/auto|scroll/.test(getComputedStyle(around).overflowX)) {
      around = around.parentElement;
    }
    if (!around && (box.right > innerWidth + 1 || box.left < -1)) {
      found.push(`beyond the edge, ${Math.round(box.left)} to ${Math.round(box.right)}: ${where}`);
    }
  }
  return found;
}"""
"""What is wrong with the page; each part that folds is opened to look into it."""


@pytest.fixture
def walk(
    in_pseudo: None, cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> Walk:
    return prepare(cast, connection_to, remote, published)


class Phone:
    """Looks at pages as somebody; `found` tells what does not fit, and where it was seen first."""

    def __init__(self, page: Page, found: dict[str, str]) -> None:
        self.page = page
        self.found = found

    def visit(self, path: str) -> None:
        self.page.goto(path)
        self.look()
        for step in self.page.locator(".stepped #rail a").all():
            step.evaluate("link => link.click()")  # also below a menu, which is open now
            self.look()

    def look(self) -> None:
        for fault in self.page.evaluate(FAULTS):
            self.found.setdefault(fault, self.page.url)

    def press(self, button: str, shows: str) -> None:
        """Press a button, then look at the page as soon as it shows something."""
        self.page.evaluate(
            "document.querySelectorAll('.menu').forEach((menu) => menu.open = false)"
        )
        self.page.locator(button).first.click()
        self.page.locator(shows).first.wait_for()
        self.look()


@pytest.fixture
def phone(browse: Browse) -> Iterator[Callable[[str], Phone]]:
    """Return the phone of somebody; what any of them finds fails the test at its end."""
    found: dict[str, str] = {}
    phones: dict[str, Phone] = {}

    def of(who: str) -> Phone:
        if who not in phones:
            phones[who] = Phone(browse(who, viewport=PHONE), found)
        return phones[who]

    yield of
    if found:
        lines = [f"{where}: {fault}" for fault, where in found.items()]
        pytest.fail("These do not fit:\n" + "\n".join(lines), pytrace=False)


def test_pages_fit_with_longer_texts(walk: Walk, phone: Callable[[str], Phone]) -> None:
    for who, path in walk.pages():
        phone(who).visit(path)


def test_answers_fit_with_longer_texts(
    walk: Walk, phone: Callable[[str], Phone], settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    admin = phone("admin")
    admin.visit("/w/main/connections/new/?profile=portkey")
    admin.press("main form [type=submit]", ".error-summary")
    admin.visit("/w/main/connections/")
    admin.press("form[action$='/test/'] button", "[id^=probe-] *")
    admin.visit("/w/main/team/")
    admin.page.locator("[name=email]").fill("c@example.com")
    admin.press("form[action$='/team/add/'] [type=submit]", "#one-time-link")
    admin.visit("/w/main/keys/")
    admin.page.locator("main [name=name]").fill("Κλειδί")
    admin.press("main form [type=submit]:not([name=search])", "#new-key")
    admin.page.keyboard.press("?")
    admin.look()
    editor = phone("editor")
    editor.page.goto(walk.about(walk.rich, "edit/"))
    editor.page.locator("#rail [data-part=answers]").click()
    editor.page.locator("[name=temperature]").fill("x")
    editor.page.locator("#rail [data-part=basics]").click()
    editor.page.locator("[name=name]").fill("")
    editor.press("button[name=action][value=review]", ".error-summary")
    publisher = phone("publisher")
    publisher.page.goto(walk.about(walk.rich, "review/"))
    publisher.page.locator("[name=note]").fill("Γιατί όχι")
    publisher.press("main .button.primary", ".toast, .banner")
    stranger = phone("anonymous")
    stranger.page.goto("/accounts/login/")
    stranger.page.locator("[name=login]").fill("a@example.com")
    stranger.page.locator("[name=password]").fill("seven")
    stranger.press("main form [type=submit]", ".banner")


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ('<button style="width:30px;overflow:hidden">Publish</button>', "cut off"),
        ('<p style="width:400px">Wide</p>', "scrolls"),
        (
            '<div style="overflow:hidden"><button style="margin-left:350px">Publish</button></div>',
            "beyond the edge",
        ),
    ],
)
def test_what_does_not_fit_is_found(browse: Browse, html: str, fault: str) -> None:
    page = browse("anonymous", viewport=PHONE)
    page.set_content(html)
    assert [line for line in page.evaluate(FAULTS) if line.startswith(fault)]

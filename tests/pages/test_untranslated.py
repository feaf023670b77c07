"""Every word of the product on a page has gone through the translations."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client

from admin_ui.accounts.services import owner_link
from admin_ui.accounts.signing_in.mailing import wait_until_sent
from assistants.models import Connection
from tests.conftest import Cast
from tests.pages.reading import fields_of
from tests.pages.walk import Walk, prepare
from tests.pseudo import in_pseudo
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["in_pseudo"]

INLINE = {
    *("a", "abbr", "b", "bdi", "br", "code", "del", "em", "i", "img", "ins", "input", "kbd"),
    *("mark", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "wbr"),
    *("circle", "path", "rect", "svg", "use"),
}
"""Elements that a sentence can go on behind."""
UNREAD = {"code", "kbd", "pre", "samp", "script", "style", "textarea"}
"""Elements with what people or programs wrote."""
READ_OUT = {"alt", "aria-label", "aria-description", "aria-roledescription", "label"}
READ_OUT |= {"placeholder", "title", "data-label"}
ALLOWED = re.compile(
    r"Assistants Admin|For the fair"
    r"|\bUTC\b|\bcurl\b|\bPython\b|\bauto\b|\bdefault_2024_08_21\b|\baa[-_][\w-]+"
    r"|\bv\d+\b|\bgpt-[\w.]+|\bmistral-[\w-]+|\basst_[\w-]+|\bf_1\b|\bmanage\.py \w+"
    r"|\bhttps?://\S+|\S+@[\w.]*example\.com|127\.0\.0\.1\S*"
)
"""The product's name, a note of `tried`, names of zones, versions, models, rankers, IDs, hosts."""
LETTERS = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
ISOLATES = re.compile("[\u2066-\u2069]")
SENTENCE = re.compile(r"[A-Za-z]{2,}(?:[ …,]|\.(?!\w))")

ASKED = re.compile(r'hx-get="([^"]+)"')
"""The pieces that a page asks for by itself."""
ROLES = ("viewer", "editor", "publisher", "admin", "stranger", "anonymous")
Found = dict[str, list[str]]

WRONG: list[tuple[str, str, dict[str, str]]] = [
    ("anonymous", "/accounts/login/", {"login": "a@example.com", "password": "no"}),
    ("anonymous", "/accounts/password/reset/", {"email": "no"}),
    ("viewer", "/accounts/password/change/", {"password1": "a", "password2": "b"}),
    ("admin", "/w/main/connections/new/?profile=portkey", {"name": "", "base_url": "ftp://x"}),
    ("admin", "/w/main/connections/new/?profile=azure", {"name": "Πύλη", "base_url": "http://x"}),
    (
        "editor",
        "/w/main/assistants/{rich}/edit/",
        {
            "action": "review",
            "name": "",
            "temperature": "3",
            "top_p": "x",
            "model": "",
            "response_format": "json_schema",
            "metadata-0-key": "",
        },
    ),
    ("editor", "/w/main/assistants/new/", {"action": "review", "temperature": "x"}),
]
"""Who sends which form with wrong fields."""
LIST = "d@example.com\nd@example.com\npia@example.com\nc@example.com\ne@example.com, Αρχηγός\nΌχι"
"""One line for each result of a list of people to invite."""
DONE: list[tuple[str, str, dict[str, str]]] = [
    ("admin", "/w/main/connections/{connection}/test/", {}),
    ("admin", "/w/main/connections/{connection}/default/", {}),
    ("admin", "/w/main/connections/{connection}/remove/", {}),
    ("admin", "/w/main/connections/{connection}/bring-in/", {}),
    ("admin", "/w/main/connections/{connection}/bring-in/step/", {}),
    ("publisher", "/w/main/assistants/{doubtful}/settle/", {}),
    ("publisher", "/w/main/assistants/{rich}/restore/1/", {}),
    ("publisher", "/w/main/assistants/{rich}/restore/1/parts/", {}),
    ("publisher", "/w/main/assistants/{rich}/review/", {"note": "Γιατί όχι"}),
    ("publisher", "/w/main/assistants/{clash}/review/", {}),
    ("publisher", "/w/main/assistants/{clash}/discard/", {}),
    ("publisher", "/w/main/assistants/{gone}/recreate/", {}),
    ("publisher", "/w/main/assistants/{rich}/duplicate/", {}),
    ("publisher", "/w/main/assistants/{rich}/delete/", {}),
    ("admin", "/w/main/team/add/", {"email": "no"}),
    ("admin", "/w/main/team/add/", {"email": "pia@example.com", "role": "viewer"}),
    ("admin", "/w/main/team/add/", {"email": "c@example.com", "role": "viewer"}),
    ("admin", "/w/main/team/invite/", {"addresses": "", "role": "viewer"}),
    ("admin", "/w/main/team/invite/", {"addresses": LIST, "role": "viewer"}),
    (
        "admin",
        "/w/main/team/invite/",
        {"addresses": LIST, "role": "viewer", "act": "invite", "batch": "b" * 24},
    ),
    ("admin", "/w/main/team/{editor}/role/", {"role": "viewer"}),
    ("admin", "/w/main/team/{editor}/remove/", {}),
    ("admin", "/people/{emil}/deactivate/", {}),
    ("admin", "/w/main/keys/", {"name": "Κλειδί", "expires": "date", "expires_on": "no"}),
    ("admin", "/w/main/keys/", {"name": "Κλειδί", "expires": ""}),
    ("admin", "/w/main/keys/{key}/revoke/", {}),
]
"""Who does what."""


def outside(text: str) -> str:
    """Return what of a text is in no brackets; an unpaired bracket is returned too."""
    text = ISOLATES.sub("", text)
    before = ""
    while before != text:
        before, text = text, re.sub(r"«[^«»]*»", " ", text)
    return " ".join(ALLOWED.sub(" ", text).split())


class Reader(HTMLParser):
    """Reads a page and notes the texts that are outside of the brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.unread = 0
        self.run = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in INLINE:
            self.end_run()
        self.unread += tag in UNREAD
        kind = dict(attrs).get("type")
        for name, value in attrs:
            is_button = tag == "input" and name == "value" and kind in ("submit", "button", "reset")
            told = name.startswith("data-") and SENTENCE.search(value or "")
            if name in READ_OUT or is_button or told:
                self.look(value or "", f"{tag} {name}")

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.end_run()
        self.unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self.unread:
            self.run += data

    def end_run(self) -> None:
        self.look(self.run, "text")
        self.run = ""

    def look(self, text: str, where: str) -> None:
        left = outside(text)
        if LETTERS.search(left) or "«" in left or "»" in left:
            self.found.append(f"{where}: {left}")


def untranslated(html: str) -> list[str]:
    reader = Reader()
    reader.feed(html)
    reader.close()
    reader.end_run()
    return list(dict.fromkeys(reader.found))


def look(response: Any, where: str, found: Found) -> None:
    """Add to `found` what is not translated in a page or a piece of one."""
    assert "«" in response.text, f"{where} says nothing"
    for line in untranslated(response.text):
        found.setdefault(line, []).append(where)


@pytest.fixture
def walk(
    in_pseudo: None, cast: Cast, connection_to: Connection, remote: Upstream, published: Make
) -> Walk:
    return prepare(cast, connection_to, remote, published)


@pytest.fixture
def nothing_left() -> Iterator[Found]:
    """Collect what is not translated, by text, with the places; any of it fails the test."""
    found: Found = {}
    yield found
    lines = [
        f"{text}\n    on {places[0]} and {len(places) - 1} more" for text, places in found.items()
    ]
    if found:
        pytest.fail("These texts are not translated:\n" + "\n".join(lines), pytrace=False)


@pytest.mark.slow
def test_every_page_is_translated(walk: Walk, nothing_left: Found) -> None:
    clients = {who: walk.cast.client(who) for who in ROLES}
    pages = list(walk.pages())
    assert len(pages) > 70
    for who, path in pages:
        response = clients[who].get(path, follow=True)
        assert response.status_code in (200, 403, 404), f"{who} {path} {response.status_code}"
        look(response, f"{who} {path}", nothing_left)
        for asked in {*ASKED.findall(response.text)}:
            piece = clients[who].get(unescape(asked), headers={"HX-Request": "true"})
            assert piece.status_code in (200, 204), f"{asked} {piece.status_code}"
            for line in untranslated(piece.text):
                nothing_left.setdefault(line, []).append(f"{who} {asked}")


def test_the_first_page_is_translated(in_pseudo: None, db: None, nothing_left: Found) -> None:
    client = Client()
    look(client.get(str(owner_link()), follow=True), "setup", nothing_left)
    look(client.post("/setup/", {"email": "."}), "setup", nothing_left)


@pytest.mark.parametrize("status", ["400", "403_csrf", "413", "429", "500", "503"])
def test_a_page_of_a_status_is_translated(
    in_pseudo: None, status: str, nothing_left: Found
) -> None:
    numbers = {"seconds": 2, "megabytes": 1, "characters": 2, "fields": 3}
    for context in (numbers, {**numbers, "kept": True}):
        for line in untranslated(render_to_string(f"{status}.html", context)):
            nothing_left.setdefault(line, []).append(status)


def test_what_is_said_of_wrong_fields_is_translated(walk: Walk, nothing_left: Found) -> None:
    sent = {who: walk.cast.client(who) for who in ROLES}
    for who, pattern, wrong in WRONG:
        path = pattern.format(**walk.keys())
        opened = sent[who].get(path)
        bare = path.partition("?")[0]
        action = bare if f'action="{bare}"' in opened.text else ""
        assert opened.status_code == 200
        response = sent[who].post(path, {**fields_of(opened, action), **wrong}, follow=True)
        assert response.status_code in (200, 422), f"{path} {response.status_code}"
        look(response, f"{who} {path} {wrong}", nothing_left)


def test_what_is_said_after_an_action_is_translated(walk: Walk, nothing_left: Found) -> None:
    sent = {who: walk.cast.client(who) for who in ROLES}
    for who, pattern, fields in DONE:
        path = pattern.format(**walk.keys())
        response = sent[who].post(path, fields, follow=True)
        assert response.status_code in (200, 409, 422), f"{path} {response.status_code}"
        look(response, f"{who} {path} {fields}", nothing_left)


def test_mails_are_translated(walk: Walk, nothing_left: Found) -> None:
    team = "/w/main/team/add/"
    walk.cast.client("admin").post(team, {"email": "b@example.com", "role": "viewer", "name": ""})
    Client().post("/accounts/password/reset/", {"email": "vera@example.com"})
    assert wait_until_sent(20)
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        for text in (message.subject, message.body):
            if left := LETTERS.search(outside(str(text).removeprefix("[Assistants Admin] "))):
                nothing_left.setdefault(left.string, []).append("a mail")


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>«Áll» v3 Πία</p>", []),
        ("<p>«Áll of <b>thís</b> ís» Done</p>", ["text: Done"]),
        ("<p>«Áll</p><p>gone»</p>", ["text: «Áll", "text: gone»"]),
        ('<a title="Close">«X»</a><code>while True</code>', ["a title: Close"]),
        ('<p data-told="Not saved yet." data-id="not-it"></p>', ["p data-told: Not saved yet."]),
        ('<p data-told="Gone." data-worker="/static/js/worker.js"></p>', ["p data-told: Gone."]),
    ],
)
def test_what_is_not_translated_is_found(html: str, found: list[str]) -> None:
    assert untranslated(html) == found

"""A script of people, pages and what they type, and how a page shows what is kept."""

import re
from typing import Any

from django.core.signing import get_cookie_signer
from django.http import HttpResponse
from django.test import Client

from admin_ui.accounts.guard.middleware import LAST_USER_COOKIE, LAST_USER_SALT
from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Role
from assistants.models import Assistant, Draft
from assistants.services.editing import drafts
from assistants.services.editing.colleagues import take_over
from tests.conftest import Cast
from tests.pages.editing import BACKGROUND
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of

NOTICES = {
    "moved": "saved elsewhere",
    "typed": "This is your latest text",
    "older": "You typed this",
    "earlier": "You typed some other text",
    "foreign": "omeone else opened this page",
    "role": "no longer allows this",
    "out": "You are signed out",
    "back": "What you typed is kept",
}
FEET = {
    "kept": "Kept as typed",
    "saved": "Draft saved",
    "unsaved": "Not saved",
}


def remember(client: Client, user: User) -> None:
    """Have a browser remember that `user` signed in there last."""
    signer = get_cookie_signer(salt=LAST_USER_COOKIE + LAST_USER_SALT)
    client.cookies[LAST_USER_COOKIE] = signer.sign(f"{user.pk}.{user.session_epoch}")


class Play:
    """Plays the steps of a row, one browser for each person."""

    def __init__(self, cast: Cast, kind: str) -> None:
        self.cast = cast
        self.kind = kind
        tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
        self.assistant = make_assistant(
            cast.workspace, instructions="Start", temperature=0.5, tools=[tool]
        )
        self.who = "editor"
        self.clients = {who: self._browser(who) for who in ("editor", "publisher")}
        self.pages: dict[str, dict[str, str]] = {}
        self.answer: Any = None

    def _browser(self, who: str) -> Client:
        client = self.cast.client(who)
        remember(client, self.member(who).user)
        return client

    def member(self, who: str = "") -> Member:
        return getattr(self.cast, who or self.who)  # type: ignore[no-any-return]

    def address(self, page: str = "edit") -> str:
        return f"/w/main/assistants/{self.assistant.pk}/{page}/"

    def fields(self, word: str, mark: str) -> dict[str, str]:
        if self.kind == "temperature":
            value = {"?": "low", ".": "0.5"}.get(mark, mark)
            return {"instructions": word, "temperature": value}
        broken, live = '{"type": "object", "properties": {', '{\n  "type": "object"\n}'
        finished = f'{{"type": "object", "maxProperties": {mark}}}'
        value = {"?": broken, ".": live}.get(mark, finished)
        return {"instructions": word, "function-0-parameters": value}

    def visit(self, query: str = "") -> HttpResponse:
        client = self.clients[self.who]
        answer = client.get(self.address() + query)
        assert answer.status_code == 200, answer
        return answer

    def earlier(self) -> str:
        found = re.search(r'href="[^"]*edit/\?typed=(\d+)"', self.visit().content.decode())
        assert found, "no earlier text is offered"
        return found[1]

    def step(self, text: str) -> None:
        text, _equals, wanted = text.partition(" = ")
        name, *rest = text.split()
        if name in self.pages or rest[:1] == ["opens"]:
            verb, *rest = rest
            getattr(self, f"page_{verb}")(name, *rest)
        elif hasattr(self, "_".join([name, *rest[:1]])):
            getattr(self, "_".join([name, *rest[:1]]))(*rest[1:])
        else:
            getattr(self, name)(*rest)
        if wanted:
            told = [str(self.answer.status_code), *said(self.answer)]
            assert " ".join(told) == wanted, text
        elif self.answer is not None:
            assert self.answer.status_code in (200, 303, 422), (text, self.answer.status_code)
        self.answer = None

    def page_types(self, page: str, *what: str) -> None:
        self.send(page, "keep", *what)

    def page_reviews(self, page: str, *what: str) -> None:
        self.send(page, "review", *what)

    def page_adds(self, page: str, *what: str) -> None:
        self.send(page, "add-metadata", *what)

    def page_replaces(self, page: str, *what: str) -> None:
        self.send(page, "draft", *what, replace="1")

    def page_takes(self, page: str, *what: str) -> None:
        self.send(page, "draft", *what, take="1")

    def page_opens(self, page: str, *how: str) -> None:
        if how[:1] == ("as",):
            before, self.who = self.who, how[1]
            self.pages[page] = fields_of(self.visit(), self.address())
            self.pages[page]["by"] = self.who
            self.who = before
            return
        query = f"?typed={self.earlier()}" if how else ""
        self.pages[page] = fields_of(self.visit(query), self.address())

    def send(self, page: str, action: str, word: str, mark: str, **more: str) -> None:
        fields = self.pages[page]
        fields |= self.fields(word, mark)
        fields["turn"] = str(int(fields["turn"]) + 1)
        self.post(fields, action, **more)

    def post(self, fields: dict[str, str], action: str, **more: str) -> None:
        data = {**fields, **more, "action": action}
        client = self.clients[data.pop("by", self.who)]
        if action == "keep":
            self.answer = client.post(f"{self.address()}autosave/", data, **BACKGROUND)
        else:
            self.answer = client.post(self.address(), data)

    def late(self, page: str, turn: str, word: str, mark: str) -> None:
        self.post({**self.pages[page], **self.fields(word, mark), "turn": turn}, "keep")

    def resends(self, page: str, turn: str, word: str, mark: str) -> None:
        """Reload the answer to an older form; the page goes on as the browser shows it then."""
        self.post({**self.pages[page], **self.fields(word, mark), "turn": turn}, "review")
        self.pages[page] |= fields_of(self.answer, self.address())

    def looks_earlier(self) -> None:
        self.query = f"?typed={self.earlier()}"

    def drops_earlier(self) -> None:
        data = {"action": "drop", "copy": self.earlier()}
        self.answer = self.clients[self.who].post(self.address(), data)

    def session_ends(self) -> None:
        del self.clients[self.who].cookies["sessionid"]

    def session_begins(self) -> None:
        self.clients[self.who].force_login(self.member().user)

    def signs_in(self, who: str) -> None:
        """Have somebody else sign in with the editor's browser."""
        client = self.clients["editor"]
        self.who = who
        self.clients[who] = client
        client.force_login(self.member().user)
        remember(client, self.member().user)

    def role(self, name: str) -> None:
        Member.objects.filter(pk=self.cast.editor.pk).update(role=Role(name))

    def publishes(self, by: str = "") -> None:
        draft = Draft.objects.get(assistant=self.assistant, user=self.member().user)
        change(
            self.assistant,
            by=self.member(by).user,
            drafter=draft.user if by else None,
            **draft.definition.to_dict(),
        )

    def publisher_publishes(self) -> None:
        self.publishes("publisher")

    def colleague_changes(self) -> None:
        change(self.assistant, by=self.cast.admin.user, description="By a colleague")

    def merges(self) -> None:
        path = self.address("review")
        self.answer = self.clients[self.who].post(path, {"action": "resolve", "note": ""})

    def restores(self, number: str) -> None:
        Member.objects.filter(pk=self.cast.editor.pk).update(role=Role.PUBLISHER)
        path = self.address(f"restore/{number}")
        asked = self.clients[self.who].get(path)
        self.answer = self.clients[self.who].post(path, fields_of(asked))

    def discards(self) -> None:
        path = self.address("discard")
        asked = self.clients[self.who].get(path)
        self.answer = self.clients[self.who].post(path, fields_of(asked))

    def takes_over(self) -> None:
        theirs = self.cast.publisher
        row = Assistant.objects.select_related("live").get(pk=self.assistant.pk)
        wanted = drafts.current_definition(row).replace(instructions="Theirs")
        drafts.save_draft(author=theirs, assistant=row, definition=wanted, base=row.live)
        Member.objects.filter(pk=theirs.pk).delete()
        Member.objects.filter(pk=self.cast.editor.pk).update(role=Role.PUBLISHER)
        self.cast.editor.role = Role.PUBLISHER
        take_over(author=self.cast.editor, assistant=row, user=theirs.user)

    query = ""

    def opens_function(self) -> Any:
        return self.clients[self.who].post(self.address(), {"action": "open:function-0"})

    def result(self) -> str:
        """Return what the next visit shows, in the words of the table."""
        answer = self.visit(self.query)
        shown = fields_of(answer, self.address())
        marks = {"low": "?", "0.5": "."}
        mark = marks.get(shown["temperature"], shown["temperature"])
        if self.kind == "parameters":
            if "function-0-parameters" not in shown:  # it is closed
                shown = fields_of(self.opens_function(), self.address())
            typed = shown["function-0-parameters"]
            number = re.search(r"\d+", typed)
            mark = number[0] if number else "?" if typed.endswith("{") else "."
        return " ".join([shown["instructions"], mark, *said(answer)])


def said(answer: Any) -> list[str]:
    """Return what the foot of an answer says, and its notices, in the words of the table."""
    text = answer.content.decode()
    found = re.search(r'<p id="saved".*?</p>', text, re.DOTALL)
    foot = re.sub(r'data-\w+="[^"]*"', "", found[0]) if found else text
    feet = [name for name, words in FEET.items() if words in foot] or ["-"]
    rest = text.replace(found[0], "") if found else text
    return feet + [name for name, words in NOTICES.items() if words in rest]

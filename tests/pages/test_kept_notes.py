"""A note that is kept belongs to what it was typed about, and ends with it: a table.

A step is what somebody does; `notes X` sends the note X while the session has ended, `types X` is
what its page sends with a pause in typing. The right result is the note that the page of the last
step begins with.
"""

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from admin_ui.accounts.models import Stash
from assistants.definition import LIMITS
from assistants.models import Assistant, Draft, Revision
from assistants.services.editing import drafts
from assistants.services.ledger.outcomes import record_removed
from assistants.services.ledger.reading import live_definition
from tests.conftest import Cast
from tests.pages.editing import BACKGROUND
from tests.pages.past import change, make_assistant
from tests.pages.play import remember
from tests.pages.reading import fields_of

pytestmark = pytest.mark.django_db

ROWS = [
    ("it is back", "drafts Mon; notes mine", "mine", "Why"),
    ("the draft goes on", "drafts Mon; notes mine; drafts Tue", "mine", "Why"),
    ("discarded", "drafts Mon; notes mine; discards; drafts Tue", "mine", ""),
    ("typed back to what is live", "drafts Mon; notes mine; types_back; drafts Tue", "mine", ""),
    ("published", "drafts Mon; notes mine; publishes; drafts Tue", "mine", ""),
    ("published by a colleague", "drafts Mon; notes mine; is_published; drafts Tue", "mine", ""),
    ("of a colleague's draft", "drafts Mon; theirs Tue; notes theirs", "mine", ""),
    ("of a colleague's draft, back", "drafts Mon; theirs Tue; notes theirs", "theirs", "Why"),
    ("of both", "drafts Mon; theirs Tue; notes theirs; notes mine Own", "theirs", "Why"),
    ("of both, mine", "drafts Mon; theirs Tue; notes theirs; notes mine Own", "mine", "Own"),
    ("as it is typed", "drafts Mon; types mine; types mine Why", "mine", "Why"),
    ("as it is typed, of a colleague's draft", "theirs Tue; types theirs", "theirs", "Typed"),
    ("as it is typed, published", "drafts Mon; types mine; publishes; drafts Tue", "mine", ""),
    ("as it is typed, of an earlier draft", "opens; publishes; types_on; drafts Tue", "mine", ""),
    ("as it is typed, late", "opens; publishes; types_late; drafts Tue", "mine", ""),
    ("as it is typed, of deleting", "types delete", "delete", "Typed"),
    ("as it is typed, of recreating", "deletes; types recreate", "recreate", "Typed"),
    ("of a merge", "drafts Mon; colleague; notes mine; merges Merged", "mine", "Merged"),
    ("of deleting", "notes delete", "delete", "Why"),
    ("of deleting, published since", "notes delete; colleague", "delete", "Why"),
    ("of deleting what was recreated since", "notes delete; deletes; recreates", "delete", ""),
    ("of recreating", "deletes; notes recreate", "recreate", "Why"),
    ("live moved, and clashes", "drafts Mon; is_late name", "mine", "Why"),
    ("live moved, and is merged", "drafts Mon; is_late description", "mine", "Why"),
    ("the draft moved", "drafts Mon; is_late draft", "mine", "Why"),
    ("of an earlier recreating", "deletes; notes recreate; recreates; deletes", "recreate", ""),
]


class Play:
    """Plays the steps of a row in the admin's browser."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.assistant = make_assistant(cast.workspace)
        self.client: Client = cast.client("admin")
        remember(self.client, cast.admin.user)

        self.fields: dict[str, str] = {}

    def row(self) -> Assistant:
        rows = Assistant.objects.select_related("live", "connection", "workspace")
        return rows.get(pk=self.assistant.pk)

    def address(self, page: str) -> str:
        root = f"/w/main/assistants/{self.assistant.pk}/"
        theirs = f"{root}review/?drafter={self.cast.editor.user.pk}"
        return {"mine": f"{root}review/", "theirs": theirs}.get(page, f"{root}{page}/")

    def visit(self, page: str) -> HttpResponse:
        answer = self.client.get(self.address(page))
        assert answer.status_code == 200, answer
        return answer

    def drafts(self, name: str, who: str = "admin") -> None:
        row = self.row()
        wanted = live_definition(row).replace(name=name)
        author = getattr(self.cast, who)
        drafts.save_draft(author=author, assistant=row, definition=wanted, base=row.live)

    def theirs(self, name: str) -> None:
        self.drafts(name, "editor")

    def notes(self, page: str, note: str = "Why") -> None:
        fields = fields_of(self.visit(page)) | {"note": note}
        del self.client.cookies["sessionid"]
        assert self.client.post(self.address(page), fields).status_code == 302
        self.client.force_login(self.cast.admin.user)

    def is_late(self, moved: str) -> None:
        fields = fields_of(self.visit("mine")) | {"note": "Why"}
        if moved == "draft":
            self.drafts("Tue")
        else:
            change(self.assistant, by=self.cast.publisher.user, **{moved: "By a colleague"})
        assert self.client.post(self.address("mine"), fields).status_code == 409

    def types(self, page: str, note: str = "Typed") -> None:
        fields = fields_of(self.visit(page)) | {"note": note}
        assert self.keep(page, fields)["X-Kept"] == "true"
        assert not Revision.objects.filter(note=note).exists()

    def types_late(self) -> None:
        """Send a note once more when its draft is gone: nobody hears of it."""
        answer = self.keep("mine", self.fields | {"note": "Typed"})
        assert (answer.status_code, answer["X-Kept"]) == (204, "false")
        assert "nothing to publish" not in self.visit("history").content.decode()

    def keep(self, page: str, fields: dict[str, str]) -> HttpResponse:
        """Send a note as the script of its page does."""
        return self.client.post(self.address(page), {**fields, "action": "keep"}, **BACKGROUND)

    def opens(self) -> None:
        self.drafts("Mon")
        self.fields = fields_of(self.visit("mine"))

    def types_on(self) -> None:
        self.drafts("Tue")
        assert self.keep("mine", self.fields | {"note": "Typed"})["X-Kept"] == "false"

    def discards(self) -> None:
        path = self.address("discard")
        assert self.client.post(path, fields_of(self.client.get(path))).status_code == 303
        assert not Stash.objects.exists()

    def types_back(self) -> None:
        path = self.address("edit")
        fields = fields_of(self.client.get(path), path) | {"name": "Support", "turn": "1"}
        assert self.client.post(path, {**fields, "action": "keep"}).status_code == 200
        assert not Draft.objects.exists()

    def publishes(self, who: str = "admin") -> None:
        draft = Draft.objects.get(user=self.cast.admin.user)
        by = getattr(self.cast, who).user
        change(self.assistant, by=by, drafter=draft.user, **draft.definition.to_dict())

    def is_published(self) -> None:
        self.publishes("publisher")

    def colleague(self) -> None:
        change(self.assistant, by=self.cast.publisher.user, description="By a colleague")

    def merges(self, note: str) -> None:
        fields = fields_of(self.visit("mine")) | {"note": note, "action": "resolve"}
        assert self.client.post(self.address("mine"), fields).status_code == 303

    def deletes(self) -> None:
        kind = Revision.Kind.DELETE
        row = change(self.assistant, by=self.cast.publisher.user, kind=kind, status="pending")
        with transaction.atomic():
            record_removed(assistant=row, revision=row.revisions.filter(kind=kind).latest("pk"))

    def recreates(self) -> None:
        Assistant.objects.update(remote_id="asst_anew")
        change(self.assistant, by=self.cast.publisher.user, kind=Revision.Kind.RECREATE, name="New")


@pytest.mark.parametrize(
    ("steps", "page", "right"), [r[1:] for r in ROWS], ids=[r[0] for r in ROWS]
)
def test_a_note_ends_with_what_it_is_about(cast: Cast, steps: str, page: str, right: str) -> None:
    play = Play(cast)
    for step in steps.split("; "):
        name, *rest = step.split()
        getattr(play, name)(*rest)
    assert fields_of(play.visit(page))["note"] == right


def test_a_note_of_somebody_else_in_the_same_browser_is_not_taken_up(cast: Cast) -> None:
    play = Play(cast)
    play.drafts("Mon")
    fields = fields_of(play.visit("mine")) | {"note": "Ada's"}
    remember(play.client, cast.publisher.user)
    del play.client.cookies["sessionid"]
    assert play.client.post(play.address("mine"), fields).status_code == 302
    assert not Stash.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["mine", "delete", "recreate"])
def test_a_note_that_is_too_long_is_there_again(cast: Cast, page: str) -> None:
    play, long = Play(cast), "x" * (LIMITS.note + 1)
    if page == "recreate":
        play.deletes()
    else:
        play.drafts("Mon")
    fields = fields_of(play.visit(page)) | {"note": long}

    assert play.client.post(play.address(page), fields).status_code == 422

    assert fields_of(play.visit(page))["note"] == long

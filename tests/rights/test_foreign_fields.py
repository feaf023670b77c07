"""An ID in a field, a query or a search: one of another workspace is as one that nobody has.

Bodies are compared byte by byte, without what differs between any two answers of the same page.
"""

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from admin_ui.accounts.guard import stash
from admin_ui.accounts.keys.keys import create_api_key
from assistants.models import Assistant, Draft
from tests.conftest import Cast
from tests.rights.stage import Stage, browser_of
from tests.rights.test_foreign_ids import NOBODYS, TOKENS, elsewhere, here

__all__ = ["elsewhere", "here"]
ONCE = re.compile(
    rb'value="\d+-[\w-]{12}(-refused)?"|name="opened" value="\d+"|data-opened="\d+"'
    rb"|\d{2}:\d{2}:\d{2} UTC"
)
"""The name of an open page, and when it was made."""
SECRET_WORD = "Quokkasprache"  # only in the other workspace
NO_WORD = "Wombatsprache"


class Case(NamedTuple):
    """A request of `page` with `fields`, in which `{}` becomes the ID."""

    page: str
    fields: dict[str, str]
    theirs: Callable[[Stage], Any]
    nobodys: Any = NOBODYS
    method: str = "post"


def of_assistant(stage: Stage) -> int:
    return stage.assistant.pk


def of_connection(stage: Stage) -> int:
    return stage.connection.pk


def of_template(stage: Stage) -> int:
    return stage.template.pk


def of_colleague(stage: Stage) -> int:
    return stage.colleague.user_id


def of_draft(stage: Stage) -> str:
    return Draft.objects.get(assistant=stage.assistant).digest[:16]


def copy_of(stage: Stage) -> int:
    """What the colleague typed into the editor of the assistant of this page."""
    user = stage.colleague.user
    form = {"tab": f"{user.pk}-abcdefghijkl", "name": SECRET_WORD}
    query = Client().get("/", form).wsgi_request.GET
    stash.keep_form_at(user, f"/w/main/assistants/{_here(stage)}/edit/", query)
    return stash.kept_copies(user, f"/w/main/assistants/{_here(stage)}/edit/")[0].pk


def _here(_stage: Stage) -> int:
    return Assistant.objects.filter(workspace__slug="main").latest("pk").pk


EDIT, LIST = "assistants/{pk}/edit/", "assistants/"
FULL = {"name": "N", "model": "m"}
CASES = {
    "connection of a new one": Case("assistants/new/", {**FULL, "connection": "{}"}, of_connection),
    "connection, saved automatically": Case(
        "assistants/new/autosave/", {**FULL, "connection": "{}"}, of_connection
    ),
    "connection, shown": Case("assistants/new/", {"connection": "{}"}, of_connection, method="get"),
    "connection to start on": Case(
        "assistants/start/", {"connection": "{}", "start": "sample-translator"}, of_connection
    ),
    "assistant to start from": Case("assistants/start/", {"start": "assistant-{}"}, of_assistant),
    "template to start from": Case("assistants/start/", {"start": "template-{}"}, of_template),
    "template to add from": Case(
        EDIT, {"action": "use-template", "from-template": "{}"}, of_template
    ),
    "assistant to show functions of": Case(
        EDIT, {"action": "find-functions", "from-assistant": "{}"}, of_assistant
    ),
    "assistant to add functions of": Case(
        EDIT,
        {"action": "add-functions", "from-source": "assistant", "from-assistant": "{}"},
        of_assistant,
    ),
    "drafter": Case("assistants/{pk}/review/", {"drafter": "{}"}, of_colleague, method="get"),
    "copy to show": Case(EDIT, {"typed": "{}"}, copy_of, method="get"),
    "copy to drop": Case(EDIT, {"action": "drop", "copy": "{}"}, copy_of),
    "draft that a page showed": Case(
        EDIT, {**FULL, "original": "{}"}, of_draft, nobodys="0123456789abcdef"
    ),
    "text to have again": Case(
        EDIT, {**FULL, "action": "redo:name:{}"}, of_draft, nobodys="0123456789abcdef"
    ),
    "page of somebody": Case(
        EDIT,
        {**FULL, "tab": "{}-abcdefghijkl"},
        of_colleague,
    ),
    "list by connection": Case(LIST, {"connection": "{}"}, of_connection, method="get"),
    "changes by person": Case("changes/", {"person": "{}"}, of_colleague, method="get"),
    "history by person": Case(
        "assistants/{pk}/history/", {"person": "{}"}, of_colleague, method="get"
    ),
    "ticket of a check": Case(
        "assistants/{pk}/check/",
        {"ticket": "{}"},
        lambda _stage: "0b5c7a36-7d0c-4a3e-9d53-000000000001",
        nobodys="0b5c7a36-7d0c-4a3e-9d53-000000000002",
        method="get",
    ),
    "assistant that a member may change": Case(
        "team/{member}/limits/", {"which-assistants": "some", "assistant": "{}"}, of_assistant
    ),
    "assistant of a key": Case(
        "keys/",
        {"name": "K", "reach": "some", "assistant_ids": "{}"},
        lambda stage: stage.assistant.remote_id,
        nobodys="asst_nobody",
    ),
    "invitation to send again": Case(
        "team/invite/",
        {"act": "invite", "people": "new@example.com viewer", "again": "{}"},
        lambda stage: stage.invitation,
    ),
    **{
        f"search in {page or 'home'}": Case(
            page, {"q": "{}"}, lambda _stage: SECRET_WORD, nobodys=NO_WORD, method="get"
        )
        for page in (LIST, "palette/", "team/", "audit/", "assistants/start/", "keys/assistants/")
    },
    "export of the audit log": Case(
        "audit/",
        {"format": "csv", "q": "{}"},
        lambda _stage: SECRET_WORD,
        nobodys=NO_WORD,
        method="get",
    ),
    "suggestion for a metadata key": Case(
        "metadata/suggestions/",
        {"metadata-0-key": "{}"},
        lambda _stage: SECRET_WORD,
        nobodys=NO_WORD,
        method="get",
    ),
}


@pytest.fixture
def told(elsewhere: Stage) -> Stage:
    """The other workspace, in which everything is called as nothing is here."""
    rows = Assistant.objects.filter(pk=elsewhere.assistant.pk)
    rows.update(name=SECRET_WORD)
    elsewhere.template.name = SECRET_WORD
    elsewhere.template.save()
    elsewhere.metadata_key.name = SECRET_WORD
    elsewhere.metadata_key.save()
    user = elsewhere.colleague.user
    user.name = SECRET_WORD
    user.save()
    return elsewhere


def same(answer: HttpResponse, value: Any) -> tuple[int, str, bytes]:
    """Return what is compared of an answer: also where it leads, without the ID itself."""
    body = b"".join(answer) if answer.streaming else answer.content
    body = ONCE.sub(b"", TOKENS.sub(b"", body)).replace(str(value).encode(), b"ID")
    return answer.status_code, answer.get("Location", "").replace(str(value), "ID"), body


def ask(client: Client, here: Stage, case: Case, value: Any) -> tuple[int, str, bytes]:
    path = case.page.format(pk=here.assistant.pk, member=here.target.pk)
    fields = {name: text.format(value) for name, text in case.fields.items()}
    with transaction.atomic():
        answer = getattr(client, case.method)(f"/w/main/{path}", fields)
        found = same(answer, value)
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_elsewhere_is_as_what_nobody_has(
    cast: Cast, here: Stage, told: Stage, case: Case
) -> None:
    client = browser_of(cast.admin.user)
    theirs = case.theirs(told)
    found, nothing = (ask(client, here, case, value) for value in (theirs, case.nobodys))
    assert found == nothing
    assert SECRET_WORD.encode() not in found[2]
    assert found[0] < 500


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize("route", ["assistants/{}", "assistants?after={}", "assistants?before={}"])
def test_a_key_finds_nothing_of_another_workspace(
    cast: Cast, here: Stage, elsewhere: Stage, route: str, method: str
) -> None:
    _key, secret = create_api_key(workspace=cast.workspace, name="App", can_write=True)
    headers = {"OpenAI-Beta": "assistants=v2", "Authorization": f"Bearer {secret}"}
    found = []
    for value in (elsewhere.assistant.remote_id, "asst_nobody"):
        path = f"/v1/{route.format(value)}"
        client = Client(raise_request_exception=False)
        sent = {"data": "{}", "content_type": "application/json"} if method == "post" else {}
        answer = getattr(client, method)(path, headers=headers, **sent)
        found.append(same(answer, value))
    assert found[0] == found[1]

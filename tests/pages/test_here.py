"""What an open editor asks every half a minute, and what it is answered."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.models import Member, Stash
from assistants.models import Assistant, Connection, Presence, Revision
from assistants.services.editing import drafts
from assistants.services.ledger.outcomes import record_removed
from assistants.services.ledger.reading import live_definition
from tests import factories
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.services.conftest import Make
from tests.upstream import Upstream

pytestmark = pytest.mark.django_db


@pytest.fixture
def assistant(cast: Cast) -> Assistant:
    return make_assistant(cast.workspace)


def address(assistant: Assistant, page: str = "here") -> str:
    return f"/w/main/assistants/{assistant.pk}/{page}/"


def tab_of(member: Member, name: str = "a") -> str:
    return f"{member.user.pk}-{name}"


def ask(cast: Cast, assistant: Assistant, who: str = "editor", **fields: str) -> Any:
    fields = {"tab": tab_of(getattr(cast, who)), "base": "1", **fields}
    return cast.client(who).post(address(assistant), fields)


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


# Who may ask, and who is told


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("stranger", 404),
        ("viewer", 403),
        ("editor", 204),
        ("publisher", 204),
        ("admin", 204),
    ],
)
def test_who_may_be_here(cast: Cast, assistant: Assistant, who: str, status: int) -> None:
    tab = tab_of(cast.editor if who == "anonymous" else getattr(cast, who))
    client = cast.client(who)
    assert client.post(address(assistant), {"tab": tab, "base": "1"}).status_code == status
    assert Presence.objects.count() == (status == 204)
    leaving = client.post(address(assistant), {"tab": tab, "leaving": "1"})
    assert leaving.status_code == status
    assert not Presence.objects.exists()


@pytest.mark.parametrize("more", [{}, {"leaving": "1"}])
def test_whoever_was_signed_out_is_told_and_nothing_is_kept_of_it(
    cast: Cast, assistant: Assistant, more: dict[str, str]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.post("/accounts/login/", {})
    cast.editor.user.set_password("seven green bottles")
    cast.editor.user.save()
    page = client.get("/accounts/login/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    who = {"login": "emil@example.com", "password": "seven green bottles"}
    client.post("/accounts/login/", {**who, "csrfmiddlewaretoken": token})
    headers = {"X-Background": "true", "X-CSRFToken": client.cookies["csrftoken"].value}
    fields = {"tab": tab_of(cast.editor), "base": "1", **more}
    assert client.post(address(assistant), fields, headers=headers).status_code == 204
    del client.cookies["sessionid"]
    answer = client.post(address(assistant), fields, headers=headers)
    assert (answer.status_code, answer["X-Kept"]) == (401, "false")
    assert not Stash.objects.exists()


@pytest.mark.parametrize("page", ["edit", "history", "code"])
def test_what_a_page_asks_behind_itself_is_marked_and_answered_401(
    cast: Cast, assistant: Assistant, page: str
) -> None:
    text = cast.client("publisher").get(address(assistant, page)).content.decode()
    asked = re.findall(r'data-background[^>]*hx-(get|post)="([^"]+)"', text)
    assert asked
    for verb, path in asked:
        ask_for = getattr(Client(), verb)
        answer = ask_for(path.replace("&amp;", "&"), headers={"X-Background": "true"})
        assert (answer.status_code, answer["HX-Retarget"]) == (401, "#notices")
        assert "HX-Redirect" not in answer


def test_it_needs_a_token_and_a_post(cast: Cast, assistant: Assistant) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.editor.user)
    assert client.get(address(assistant)).status_code == 405
    fields = {"tab": tab_of(cast.editor), "base": "1"}
    assert client.post(address(assistant), fields).status_code == 403
    page = client.get(address(assistant, "edit")).content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    headers = {"X-CSRFToken": token}
    assert client.post(address(assistant), fields, headers=headers).status_code == 204


def test_an_assistant_of_another_workspace_is_not_found(cast: Cast, assistant: Assistant) -> None:
    factories.make_member(cast.stranger.workspace, "admin", user=cast.editor.user)
    path = f"/w/elsewhere/assistants/{assistant.pk}/here/"
    answer = cast.client("editor").post(path, {"tab": tab_of(cast.editor), "base": "1"})
    assert answer.status_code == 404
    assert not Presence.objects.exists()


def test_each_is_told_of_the_other_once(cast: Cast, assistant: Assistant) -> None:
    assert ask(cast, assistant).status_code == 204
    fragment = text_of(ask(cast, assistant, "publisher"))
    assert "Emil is editing" in fragment
    assert '<span id="here" hx-swap-oob="innerHTML">' in fragment
    assert "outside" not in fragment
    assert ask(cast, assistant, "publisher", shown="Emil is editing").status_code == 204

    ask(cast, assistant, leaving="1")
    fragment = text_of(ask(cast, assistant, "publisher", shown="Emil is editing"))
    assert "editing" not in fragment
    assert 'name="shown" value=""' in fragment


def test_a_name_cannot_write_the_page(cast: Cast, assistant: Assistant) -> None:
    cast.publisher.user.name = '<b>Pia</b>"'
    cast.publisher.user.save()
    ask(cast, assistant, "publisher")
    change(assistant, by=cast.publisher.user, note="<i>so</i>", name="New")
    fragment = text_of(ask(cast, assistant))
    assert "<b>" not in fragment
    assert "<i>" not in fragment
    assert 'value="&lt;b&gt;Pia&lt;/b&gt;&quot; is editing"' in fragment


def test_a_second_tab_is_told(cast: Cast, assistant: Assistant) -> None:
    ask(cast, assistant)
    told = "You also have this open in another tab"
    fragment = text_of(ask(cast, assistant, tab=tab_of(cast.editor, "b")))
    assert told in fragment
    assert told in text_of(ask(cast, assistant))
    assert ask(cast, assistant, shown="+").status_code == 204


@pytest.mark.parametrize(("seconds", "told"), [(-40, False), (-1, False), (0, False), (1, True)])
def test_another_tab_counts_if_it_has_asked_since_the_page_was_opened(
    cast: Cast, assistant: Assistant, seconds: int, told: bool
) -> None:
    """One that was closed with the browser never asks again."""
    opened = timezone.now()
    ask(cast, assistant)
    Presence.objects.update(seen_at=opened + timedelta(seconds=seconds))
    since = str(int(opened.timestamp() * 1000) + 1)
    answer = ask(cast, assistant, tab=tab_of(cast.editor, "b"), opened=since)
    assert ("another tab" in answer.content.decode()) == told
    if not told:  # a colleague still sees a notice of it, for as long as it may be open
        assert "Emil is editing" in text_of(ask(cast, assistant, "publisher", opened=since))


@pytest.mark.parametrize("opened", ["", "x", "-1", "9" * 14, "9" * 30])
def test_whatever_a_page_says_when_it_was_opened(
    cast: Cast, assistant: Assistant, opened: str
) -> None:
    ask(cast, assistant)
    assert ask(cast, assistant, opened=opened, shown="").status_code == 204


def test_nobody_can_be_shown_as_somebody_else(cast: Cast, assistant: Assistant) -> None:
    assert ask(cast, assistant, tab=tab_of(cast.publisher)).status_code == 204
    assert not Presence.objects.exists()
    ask(cast, assistant, "publisher")
    ask(cast, assistant, tab=tab_of(cast.publisher), leaving="1")
    assert Presence.objects.get().user == cast.publisher.user


@pytest.mark.django_db(transaction=True)
def test_a_busy_database_still_answers(cast: Cast, assistant: Assistant) -> None:
    def no_writes(execute: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            raise OperationalError("database is locked")
        return execute(sql, *rest)

    ask(cast, assistant, "publisher")
    client = cast.client("editor")
    with connection.execute_wrapper(no_writes):
        answer = client.post(address(assistant), {"tab": tab_of(cast.editor), "base": "1"})
    assert "Pia is editing" in text_of(answer)
    assert Presence.objects.count() == 1


# What was published meanwhile


def test_what_a_colleague_publishes_is_told_once(cast: Cast, assistant: Assistant) -> None:
    change(assistant, by=cast.admin.user, note="Customers asked for it.", name="New")
    fragment = text_of(ask(cast, assistant))
    assert "Ada has published v2 since this draft was started." in fragment
    assert "“<bdi>Customers asked for it.</bdi>”" in fragment
    assert "Your text is kept." in fragment
    assert address(assistant, "compare/1..2") in fragment
    assert '<div id="outside" hx-swap-oob="innerHTML">' in fragment
    assert '<p id="overtaken" hx-swap-oob="innerHTML">' in fragment
    assert "Live v2" in fragment  # beside the name of the assistant
    assert 'id="here"' not in fragment
    assert 'name="told" value="live-2"' in fragment
    assert ask(cast, assistant, told="live-2").status_code == 204
    change(assistant, by=cast.admin.user, name="Newer")
    fragment = text_of(ask(cast, assistant, told="live-2"))
    assert "Ada has published v3 since this draft was started." in fragment
    assert address(assistant, "compare/1..3") in fragment


def test_news_that_are_none_any_more_are_taken_away(cast: Cast, assistant: Assistant) -> None:
    change(assistant, by=cast.admin.user, name="New")
    fragment = text_of(ask(cast, assistant, base="2", told="live-2"))
    assert "published" not in fragment
    assert re.search(r'<div id="outside" hx-swap-oob="innerHTML">\s*</div>', fragment)


@pytest.mark.parametrize("base", ["", "nonsense", "99", "-1", "9" * 30])
def test_whatever_the_page_says_it_began_from(cast: Cast, assistant: Assistant, base: str) -> None:
    fragment = text_of(ask(cast, assistant, base=base))
    assert "v1 since this draft was started" in fragment
    assert address(assistant, "history/1") in fragment
    assert "compare" not in fragment


@pytest.mark.parametrize(
    ("who", "what_to_do"),
    [("editor", "A publisher can recreate"), ("publisher", "Review it to recreate")],
)
def test_a_deleted_assistant_is_told(
    cast: Cast, assistant: Assistant, who: str, what_to_do: str
) -> None:
    kind = Revision.Kind.DELETE
    row = change(assistant, by=cast.admin.user, kind=kind, status="pending")
    record_removed(assistant=row, revision=row.revisions.get(kind=kind))
    fragment = text_of(ask(cast, assistant, who))
    assert "Ada deleted this assistant." in fragment
    assert f"Your text is kept. {what_to_do}" in fragment
    assert "The gateway no longer has this assistant" in fragment
    assert ask(cast, assistant, who, told="deleted-1").status_code == 204


# The pages that ask


def test_the_editor_says_from_the_start_what_it_shows(cast: Cast, assistant: Assistant) -> None:
    draft = live_definition(assistant).replace(name="Mine")
    drafts.save_draft(
        author=cast.editor, assistant=assistant, definition=draft, base=assistant.live
    )
    change(assistant, by=cast.admin.user, name="New")
    client = cast.client("editor")
    response = client.get(address(assistant, "edit"))
    page = text_of(response)
    assert "Ada has published v2 since this draft was started." in page
    assert f'hx-post="{address(assistant)}"' in page
    fields = fields_of(response, address(assistant, "edit"))
    assert fields["tab"].startswith(f"{cast.editor.user.pk}-")
    told = page.split('name="told" value="')[1].split('"')[0]
    asked = {"tab": fields["tab"], "base": fields["base"], "told": told}
    assert client.post(address(assistant), asked).status_code == 204
    assert Presence.objects.get().tab == fields["tab"]


def test_every_page_is_a_tab_of_its_own(cast: Cast, assistant: Assistant) -> None:
    client, path = cast.client("editor"), address(assistant, "edit")
    assert len({fields_of(client.get(path), path)["tab"] for _ in range(3)}) == 3


@pytest.mark.parametrize("page", ["edit", "review"])
def test_a_page_of_an_assistant_that_is_gone_is_not_told_again(
    cast: Cast, assistant: Assistant, page: str
) -> None:
    wanted = live_definition(assistant).replace(name="Mine")
    drafts.save_draft(
        author=cast.publisher, assistant=assistant, definition=wanted, base=assistant.live
    )
    kind = Revision.Kind.DELETE
    row = change(assistant, by=cast.admin.user, kind=kind, status="pending")
    record_removed(assistant=row, revision=row.revisions.get(kind=kind))
    shown = text_of(cast.client("publisher").get(address(assistant, page)))
    told = shown.split('name="told" value="')[1].split('"')[0]
    assert "Ada deleted" not in shown
    assert ask(cast, assistant, "publisher", told=told).status_code == 204


def test_who_reviews_looks_and_is_not_shown(cast: Cast, assistant: Assistant) -> None:
    wanted = live_definition(assistant).replace(name="Mine")
    drafts.save_draft(
        author=cast.editor, assistant=assistant, definition=wanted, base=assistant.live
    )
    client = cast.client("publisher")
    path = address(assistant, "review") + f"?drafter={cast.editor.user.pk}"
    page = text_of(client.get(path))
    assert f'hx-post="{address(assistant)}"' in page
    assert 'name="base" value="1"' in page
    ask(cast, assistant)
    change(assistant, by=cast.admin.user, name="New")
    fragment = text_of(client.post(address(assistant), {"base": "1"}))
    assert "Emil is editing" in fragment
    assert "The draft is kept." in fragment
    assert 'id="overtaken"' not in fragment
    assert Presence.objects.count() == 1


# What it costs


@pytest.mark.django_db(transaction=True)
def test_no_gateway_is_asked(
    cast: Cast, published: Make, connection_to: Connection, remote: Upstream
) -> None:
    assistant = published(connection_to)
    remote.assistants[str(assistant.remote_id)]["name"] = "By a script"
    remote.requests.clear()
    assert ask(cast, assistant).status_code == 204
    assert remote.requests == []


def test_the_number_of_queries_does_not_grow(cast: Cast, assistant: Assistant) -> None:
    client = cast.client("editor")
    fields = {"tab": tab_of(cast.editor), "base": "1"}

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.post(address(assistant), fields)
        assert not [query for query in captured if '"values"' in query["sql"]]  # no long text
        return len(captured)

    queries()
    alone = queries()
    for number in range(12):
        member = factories.make_member(cast.workspace, "editor")
        Presence.objects.create(assistant=assistant, user=member.user, tab=tab_of(member))
        change(assistant, by=member.user, instructions="Long. " * 1000 + str(number))
    crowded = queries()
    fields["told"] = "live-13"
    known = queries()
    # session with its member, assistant, that the page is here, who else is; what it began from;
    # and when it is told, whether there is a draft
    assert (alone, crowded, known) == (4, 6, 5)

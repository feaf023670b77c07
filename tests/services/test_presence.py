"""Who has an editor open: noted on a best-effort basis, forgotten by itself, told once a person."""

import sqlite3
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.models import Member
from assistants.gateway import RemoteAssistant
from assistants.models import Assistant, Presence, Revision
from assistants.selectors.presence import glance_at, overtaken_by, who_is_here
from assistants.services.editing import presence
from assistants.services.ledger.outcomes import record_applied, record_removed
from tests import factories
from tests.conftest import Cast
from tests.pages.past import change, make_assistant

pytestmark = pytest.mark.django_db


@pytest.fixture
def assistant(cast: Cast) -> Assistant:
    return make_assistant(cast.workspace)


def tab_of(member: Member, name: str = "a") -> str:
    return f"{member.user.pk}-{name}"


def here(member: Member, assistant: Assistant, name: str = "a", *, ago: int = 0) -> None:
    """Note an open editor as it was noted `ago` seconds before now."""
    tab = tab_of(member, name)
    presence.note_presence(user=member.user, assistant=assistant, tab=tab)
    seen_at = timezone.now() - timedelta(seconds=ago)
    assert Presence.objects.filter(tab=tab).update(seen_at=seen_at) == 1


def told(member: Member, assistant: Assistant, name: str = "a") -> tuple[str, bool]:
    found = who_is_here(assistant=assistant, user=member.user, tab=tab_of(member, name))
    return found.editing, found.another_tab


# Who is here


def test_a_colleague_is_here_until_silent_for_75_seconds(cast: Cast, assistant: Assistant) -> None:
    here(cast.publisher, assistant, ago=70)
    assert told(cast.editor, assistant) == ("Pia is editing", False)
    assert told(cast.publisher, assistant) == ("", False)
    here(cast.publisher, assistant, ago=80)
    assert told(cast.editor, assistant) == ("", False)


def test_a_page_that_asks_again_is_one_row_with_the_newest_time(
    cast: Cast, assistant: Assistant
) -> None:
    here(cast.publisher, assistant, ago=70)
    before = Presence.objects.get()
    presence.note_presence(user=cast.publisher.user, assistant=assistant, tab=before.tab)
    after = Presence.objects.get()
    assert after.pk == before.pk
    assert timezone.now() - after.seen_at < timedelta(seconds=5)


def test_leaving_is_told_at_once(cast: Cast, assistant: Assistant) -> None:
    here(cast.publisher, assistant)
    here(cast.publisher, assistant, "b")
    presence.leave(user=cast.publisher.user, tab=tab_of(cast.publisher))
    assert told(cast.editor, assistant) == ("Pia is editing", False)
    presence.leave(user=cast.publisher.user, tab=tab_of(cast.publisher, "b"))
    assert told(cast.editor, assistant) == ("", False)


def test_each_person_is_named_once(cast: Cast, assistant: Assistant) -> None:
    others = [
        factories.make_member(cast.workspace, "editor", user=factories.make_user(name=name))
        for name in ("Zoe", "Ben", "ann")
    ]
    sentences = []
    for member in others:
        here(member, assistant)
        here(member, assistant, "b")
        sentences.append(told(cast.editor, assistant)[0])
    here(cast.publisher, assistant)
    sentences.append(told(cast.editor, assistant)[0])
    assert sentences == [
        "Zoe is editing",
        "Ben and Zoe are editing",
        "ann and 2 others are editing",
        "ann and 3 others are editing",
    ]


def test_another_tab_of_the_same_person(cast: Cast, assistant: Assistant) -> None:
    here(cast.editor, assistant, "a")
    assert told(cast.editor, assistant, "a") == ("", False)
    here(cast.editor, assistant, "b")
    here(cast.publisher, assistant)
    assert told(cast.editor, assistant, "a") == ("Pia is editing", True)
    only_looking = who_is_here(assistant=assistant, user=cast.editor.user, tab="")
    assert (only_looking.editing, only_looking.another_tab) == ("Pia is editing", False)


def test_only_people_who_can_open_the_workspace_are_named(cast: Cast, assistant: Assistant) -> None:
    other = make_assistant(cast.workspace, name="Other")
    here(cast.stranger, assistant)
    here(cast.publisher, other)
    assert told(cast.editor, assistant) == ("", False)

    owner = factories.make_user(name="Olga", is_owner=True)
    presence.note_presence(user=owner, assistant=assistant, tab=f"{owner.pk}-a")
    assert told(cast.editor, assistant) == ("Olga is editing", False)
    owner.is_active = False
    owner.save()
    assert told(cast.editor, assistant) == ("", False)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "nonsense",
        "{other}-a",
        "{mine}",
        "{mine}-",
        "{mine}-a b",
        "{mine}-a\0",
        "{mine}-" + "a" * 41,
        "{mine}-ä",
        "{mine}-a\n",
    ],
)
def test_a_tab_that_is_not_ones_own_is_ignored(cast: Cast, assistant: Assistant, name: str) -> None:
    here(cast.publisher, assistant)
    tab = name.format(mine=cast.editor.user.pk, other=cast.publisher.user.pk)
    presence.note_presence(user=cast.editor.user, assistant=assistant, tab=tab)
    presence.leave(user=cast.editor.user, tab=tab)
    assert [row.user for row in Presence.objects.all()] == [cast.publisher.user]


def test_what_has_been_silent_for_long_is_forgotten(cast: Cast, assistant: Assistant) -> None:
    other = make_assistant(cast.workspace, name="Other")
    here(cast.publisher, other, ago=301)
    here(cast.admin, other, ago=200)
    here(cast.editor, assistant)
    assert set(Presence.objects.values_list("user", flat=True)) == {
        cast.admin.user.pk,
        cast.editor.user.pk,
    }


def test_a_page_that_is_known_costs_one_write(cast: Cast, assistant: Assistant) -> None:
    here(cast.editor, assistant)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        presence.note_presence(user=cast.editor.user, assistant=assistant, tab=tab_of(cast.editor))
    assert [query["sql"].split()[0] for query in queries] == ["UPDATE"]


# Best effort


def test_a_database_that_refuses_disturbs_nobody(
    cast: Cast, assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: Any) -> Any:
        raise OperationalError("database is locked")

    with caplog.at_level("DEBUG", "admin_ui"), connection.execute_wrapper(refuse):
        presence.note_presence(user=cast.editor.user, assistant=assistant, tab=tab_of(cast.editor))
        presence.leave(user=cast.editor.user, tab=tab_of(cast.editor))
    assert [record.levelname for record in caplog.records] == ["DEBUG", "DEBUG"]


@pytest.mark.django_db(transaction=True)
def test_a_busy_sqlite_is_not_waited_for(cast: Cast, assistant: Assistant) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite makes every writer wait for every other.")
    busy = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    busy.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    presence.note_presence(user=cast.editor.user, assistant=assistant, tab=tab_of(cast.editor))
    assert time.monotonic() - started < 10
    busy.execute("ROLLBACK")
    busy.close()
    assert not Presence.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)  # others wait as long as before
    presence.note_presence(user=cast.editor.user, assistant=assistant, tab=tab_of(cast.editor))
    assert Presence.objects.count() == 1


# What was published since


def overtaken(assistant: Assistant, reader: Member, base: int | None = 1) -> Any:
    glance = glance_at(assistant.workspace, assistant.pk, reader.user)
    return overtaken_by(assistant=glance, base=base, user=reader.user)


def test_no_news_while_nothing_has_changed(cast: Cast, assistant: Assistant) -> None:
    assert overtaken(assistant, cast.editor) is None
    change(assistant, by=cast.admin.user, status="rejected", name="Refused")
    assert overtaken(assistant, cast.editor) is None
    unpublished = Assistant.objects.create(
        workspace=cast.workspace, connection=assistant.connection
    )
    assert overtaken(unpublished, cast.editor, None) is None


def test_a_publish_names_who_what_and_why(cast: Cast, assistant: Assistant) -> None:
    change(assistant, by=cast.admin.user, status="rejected", name="Refused")
    change(assistant, by=cast.admin.user, note="Asked for.", name="New")
    found = overtaken(assistant, cast.editor)
    assert found.headline == "Ada has published v2 since this draft was started."
    assert (found.note, found.number, found.version) == ("Asked for.", 3, 2)
    assert found.url.endswith("/history/3/")
    assert found.comparison.endswith("/compare/1..2/")
    assert (
        overtaken(assistant, cast.admin).headline
        == "You have published v2 since this draft was started."
    )
    assert overtaken(assistant, cast.editor, 3) is None


def test_what_was_begun_before_the_first_publish_has_nothing_to_compare_with(
    cast: Cast, assistant: Assistant
) -> None:
    assert overtaken(assistant, cast.editor, None).comparison == ""
    change(assistant, by=cast.admin.user, status="rejected", name="Refused")
    change(assistant, by=cast.admin.user, name="New")
    assert overtaken(assistant, cast.editor, 2).comparison == ""  # that one never was live


def test_what_was_begun_from_a_late_landing_is_compared_with_it(
    cast: Cast, assistant: Assistant
) -> None:
    row = change(assistant, by=cast.admin.user, status="unconfirmed", name="Late")
    late = row.revisions.get(number=2)
    remote = RemoteAssistant(id=str(row.remote_id), created_at=1.0, definition=late.definition)
    record_applied(assistant=row, revision=late, sent=late.definition, remote=remote)
    change(row, by=cast.admin.user, name="New")
    assert overtaken(row, cast.editor, 2).comparison.endswith("/compare/2..3/")


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        (Revision.Kind.OUTSIDE, "Changed outside this dashboard: v2 is live now."),
        (Revision.Kind.RESTORE, "Ada restored an older version, as v2."),
        (Revision.Kind.RECREATE, "Ada recreated this assistant, as v2."),
        (Revision.Kind.KEY, "Ada has published v2 since this draft was started."),
    ],
)
def test_what_kind_of_change_it_was(
    cast: Cast, assistant: Assistant, kind: str, headline: str
) -> None:
    change(assistant, by=cast.admin.user, kind=kind, name="New")
    assert overtaken(assistant, cast.editor).headline == headline


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        (Revision.Kind.DELETE, "Ada deleted this assistant."),
        (Revision.Kind.MISSING, "The gateway no longer has this assistant."),
    ],
)
def test_an_assistant_that_is_gone(
    cast: Cast, assistant: Assistant, kind: str, headline: str
) -> None:
    row = change(assistant, by=cast.admin.user, kind=kind, status="pending")
    record_removed(assistant=row, revision=row.revisions.get(kind=kind))
    found = overtaken(assistant, cast.editor)
    assert (found.headline, found.gone, found.comparison) == (headline, True, "")
    change(assistant, by=cast.admin.user, kind=Revision.Kind.RECREATE)
    assert overtaken(assistant, cast.editor).token not in ("", found.token)

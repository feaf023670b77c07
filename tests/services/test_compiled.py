"""Compiled queries find the same rows as Django does, whatever the values and the thread."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts import selectors
from admin_ui.accounts.models import Invitation, User
from admin_ui.compiled import LARGEST, MOST_KEPT, CompiledQuery, Value
from admin_ui.paging import CompiledStretches, Order, Stretch, all_rows
from assistants.models import (
    Assistant,
    ChangeRequest,
    Connection,
    Draft,
    DraftState,
    Erasure,
    MetadataKey,
    Revision,
    StateReason,
    begun,
    brief_outcomes,
    names_of,
)
from assistants.models.text import Text
from assistants.selectors import changes, choices, home, one_assistant, versions
from assistants.selectors.change_requests import lists
from assistants.selectors.drafts import newest, states
from assistants.selectors.guiding import steps
from assistants.selectors.past import beside, finding
from assistants.selectors.shared import metadata, named
from assistants.services.editing import drafts
from assistants.services.history.naming import name_revision
from assistants.views.editor import editor_page
from tests.conftest import Cast
from tests.pages.past import change, make_assistant

Query = CompiledQuery[Any, Any]
PLACES = (
    selectors,
    one_assistant,
    begun,
    beside,
    changes,
    choices,
    home,
    lists,
    newest,
    states,
    steps,
    finding,
    drafts,
    editor_page,
    metadata,
    named,
    versions,
)


UNKNOWN: dict[type, Value] = {str: "0" * 64, int: 999_999}
USES: dict[tuple[str, str], Query] = {
    (place.__name__, name): value
    for place in PLACES
    for name, value in vars(place).items()
    if isinstance(value, CompiledQuery)
}


def plain(row: Any) -> Any:
    """All that a row holds, the rows read with it included."""
    if not isinstance(row, Model):
        return row
    own = {key: value for key, value in vars(row).items() if key != "_state"}
    cached = {key: plain(value) for key, value in row._state.fields_cache.items()}
    return type(row), own, cached


@pytest.fixture
def values(cast: Cast) -> dict[str, list[Value]]:
    """Values by which each query finds something."""
    assistant = make_assistant(
        cast.workspace, by=cast.publisher.user, instructions="Be kind.\n" * 200
    )
    assistant = change(assistant, name="Refunds", stored={"name": "refunds"})
    Draft.objects.create(
        assistant=assistant, user=cast.editor.user, base=assistant.live, content={"name": "New"}
    )
    Draft.objects.create(assistant=assistant, user=cast.publisher.user, content={"name": "Old"})
    Assistant.objects.filter(pk=assistant.pk).update(is_sample=True, trouble="outside")
    Connection.objects.filter(pk=assistant.connection_id).update(trouble="timeout")
    for number, author, state in (
        (1, cast.editor.user, "changes_requested"),
        (2, cast.publisher.user, "open"),
    ):
        ChangeRequest.objects.create(
            workspace=cast.workspace,
            assistant=assistant,
            number=number,
            title="Warmer",
            author=author,
            author_name=author.name,
            state=state,
            changed_at=timezone.now(),
        )
    DraftState.objects.create(
        assistant=assistant,
        user=cast.editor.user,
        size=2,
        content={},
        reason=StateReason.DISCARDED,
        by_name="Pia",
    )
    now = timezone.now()
    Invitation.objects.create(
        workspace=cast.workspace, email="ada@example.com", role="viewer", expires_at=now
    )
    MetadataKey.objects.create(workspace=cast.workspace, name="team", allowed=["a", "b"])
    made = assistant.revisions.order_by("pk")[0]
    name_revision(
        author=cast.publisher, assistant=assistant, revision=made, name="First", is_pinned=True
    )
    erasure = Erasure.objects.create(kind="erase", name="Olga")
    for row in (made, made.outcomes.get()):
        erasure.rows.create(place=row._meta.db_table, key=str(row.pk))
    revisions = list(assistant.revisions.order_by("pk").values_list("pk", flat=True))
    return {
        "_INVITATIONS": [cast.workspace.pk, now - timedelta(days=1)],
        "_WITH_CONTENT": [cast.workspace.pk, assistant.pk, cast.editor.user.pk],
        "_WITHOUT_CONTENT": [cast.workspace.pk, assistant.pk, cast.editor.user.pk],
        "_DRAFTS": [cast.editor.user.pk, assistant.pk],
        "_AUTHORS": [assistant.pk],
        "_DESCRIBED": [cast.workspace.pk],
        "_SENT": revisions,
        "_SENT_BY": [cast.workspace.pk, cast.publisher.user.pk],
        "_STORED": revisions,
        "_OUTCOMES": revisions,
        "_NAMES": revisions,
        "_NAMES_IN": [cast.workspace.pk],
        "_PINS": [assistant.pk],
        "_PINNED": revisions,
        "_ERASED": [*revisions, *map(str, revisions)],
        "_NAMED": [assistant.pk],
        "_NEWEST": [cast.workspace.pk],
        "_TEXTS": revisions,
        "_OLDEST": [],
        "_OLDER": [cast.workspace.pk, revisions[-1]],
        "_OLDER_OF_ONE": [assistant.pk, revisions[-1]],
        "_USERS": [cast.editor.user.pk, cast.publisher.user.pk],
        "_SAMPLES": [cast.workspace.pk],
        "_BY_NAME": [cast.workspace.pk],
        "_FAILING": [cast.workspace.pk],
        "_WAITING": [cast.workspace.pk, cast.editor.user.pk],
        "_OWN": [cast.workspace.pk, cast.editor.user.pk],
        "_OF_OTHERS": [cast.workspace.pk, cast.editor.user.pk],
        "_TOLD": [cast.workspace.pk, cast.editor.user.pk],
        "_PUBLISHED": [cast.publisher.user.pk],
        "_STARTS": list(Text.objects.values_list("pk", flat=True)),
    }


def test_each_use_finds_what_django_finds(values: dict[str, list[Value]]) -> None:
    assert {name for _place, name in USES} == values.keys()
    for (_place, name), query in USES.items():
        expected = [plain(row) for row in query._build(*values[name])]
        assert expected, name
        for _time in range(2):
            with CaptureQueriesContext(connection) as asked:
                rows = query(*values[name])
            assert len(asked) == 1
            assert [plain(row) for row in rows] == expected


def test_each_use_finds_nothing_for_what_is_not_there(values: dict[str, list[Value]]) -> None:
    for (_place, name), query in USES.items():
        if not values[name]:
            continue
        unknown = [UNKNOWN.get(type(value), value) for value in values[name]]
        assert query(*values[name]) != []
        assert query(*unknown) == []


def test_moments_are_compared_as_the_database_keeps_them(cast: Cast) -> None:
    joined = cast.editor.user.date_joined
    query = CompiledQuery(
        lambda after: User.objects.filter(pk=cast.editor.user.pk, date_joined__gt=after)
    )
    for _time in range(2):
        assert query(joined - timedelta(microseconds=1)) == [cast.editor.user]
        assert query(joined.astimezone(timezone.get_fixed_timezone(300))) == []


def test_lists_read_the_outcomes_and_names_that_others_do(values: dict[str, list[Value]]) -> None:
    rows = list(Revision.objects.filter(pk__in=values["_OUTCOMES"]))
    for found, expected in (
        (beside.outcomes_beside(rows), brief_outcomes(rows)),
        (beside.names_beside(rows), names_of(rows)),
    ):
        assert expected
        assert {pk: plain(row) for pk, row in found.items()} == {
            pk: plain(row) for pk, row in expected.items()
        }


def by_id(*ids: int) -> QuerySet[User]:
    return User.objects.filter(pk__in=ids).order_by("pk")


def test_integers_that_no_column_holds_find_nothing(cast: Cast) -> None:
    query = CompiledQuery(by_id)
    for value in (LARGEST + 1, -LARGEST - 2, 10**40):
        assert query(value) == []
    assert query(LARGEST) == []


def test_rows_are_new_each_time(cast: Cast) -> None:
    query, pk = CompiledQuery(by_id), cast.editor.user.pk
    query(pk)[0].name = "Changed"
    assert query(pk)[0].name == cast.editor.user.name


def test_longer_lists_of_values_are_compiled_anew_and_not_kept(cast: Cast) -> None:
    query = CompiledQuery(by_id)
    pks = [cast.editor.user.pk, *range(10_000, 10_000 + MOST_KEPT)]
    assert query(*pks) == [cast.editor.user]
    assert query._compiled == {}


def test_a_value_that_the_query_does_not_use_is_refused(db: None) -> None:
    query = CompiledQuery(lambda pk, _other: User.objects.filter(pk=pk))
    with pytest.raises(ValueError, match="does not filter by values"):
        query(1, 2)


@pytest.mark.django_db(transaction=True)
def test_each_thread_asks_on_its_own_connection() -> None:
    user = User.objects.create_user("ada@example.com")
    query = CompiledQuery(by_id)
    query(user.pk)

    def ask(_number: int) -> tuple[list[User], int]:
        try:
            with CaptureQueriesContext(connection) as asked:
                return query(user.pk), len(asked)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(20))) == [([user], 1)] * 20


def test_stretches_are_those_that_django_reads(values: dict[str, list[Value]]) -> None:
    assistant = Assistant.objects.get()
    by_number, small = Order(("number",)), CompiledStretches[Revision](of_assistant)
    rows = of_assistant(assistant.pk)
    read = small.reader(rows, assistant.pk)
    for place in (None, (2,), (1,), (10**12,)):
        for reverse in (False, True):
            for most in (1, 5):
                stretch = Stretch(by_number, place, reverse=reverse, most=most)
                assert read(rows, stretch) == all_rows(rows, stretch)
    others = rows.filter(number=1)
    assert [row.number for row in read(others, Stretch(by_number, None, False, 5))] == [1]


def of_assistant(pk: int) -> QuerySet[Revision]:
    return Revision.objects.filter(assistant=pk)

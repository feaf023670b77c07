"""Filters read along an index that is in their order: no scan, no sort, whatever there is."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from admin_ui.installation.upkeep import refresh_statistics
from assistants.demo.seed import seed
from assistants.models import Assistant, Connection, Revision
from assistants.selectors import connections, models_of, people_of
from assistants.selectors.guiding.steps import has_published
from assistants.services.connections.client import registry_of
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
HERE = "/w/main"
LISTS = [
    ("assistants_assistant", f"{HERE}/assistants/?{query}", index)
    for query, index in (
        ("", "assistant_by_change"),
        ("model=none", "assistant_model_change"),
        ("status=missing", "assistant_state_change"),
        ("status=trouble", "assistant_in_trouble"),
        ("connection=CONNECTION", "assistant_connection_change"),
        ("sort=name", "assistant_by_name"),
        ("sort=name&model=none", "assistant_model_name"),
        ("sort=name&status=missing", "assistant_state_name"),
        ("sort=name&connection=CONNECTION", "assistant_connection_name"),
    )
]
HOME = [
    ("assistants_assistant", f"{HERE}/", "assistant_of_samples"),
    ("assistants_assistant", f"{HERE}/", "assistant_state_name"),
]
REVISIONS = [
    ("assistants_revision", f"{page}?{query}", f"revision_{name}_{where}")
    for page, where in ((f"{HERE}/changes/", "here"), (f"{HERE}/assistants/ONE/history/", "of_one"))
    for query, name in (
        ("kind=missing", "kind"),
        ("person=Nobody", "name"),
        ("person=USER", "author"),
        ("person=USER", "drafter"),
    )
]


def made_up(cast: Cast, count: int = 1) -> list[Assistant]:
    """Assistants on the registry, with ten revisions each."""
    registry = registry_of(cast.workspace)
    assert registry is not None
    seed(
        workspace=cast.workspace,
        connection=registry,
        assistants=count,
        revisions=count * 10,
        big=False,
    )
    return list(Assistant.objects.order_by("pk"))


@pytest.fixture
def explained(cast: Cast) -> Callable[[str, str], list[str]]:
    """Returns the plans of the queries of a page that read a page of a table."""
    postgresql = connection.vendor == "postgresql"
    if postgresql:  # what earlier tests wrote and deleted takes pages still, and steers the planner
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE assistants_assistant, assistants_revision CASCADE")
    one = made_up(cast, 40)[0]
    names = {"CONNECTION": one.connection_id, "ONE": one.pk, "USER": cast.admin.user.pk}
    client = cast.client("admin")
    refresh_statistics()
    if postgresql:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE assistants_assistant, assistants_revision")

    def explain(table: str, address: str) -> list[str]:
        for name, value in names.items():
            address = address.replace(name, str(value))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        plans = []
        with transaction.atomic(), connection.cursor() as cursor:
            if postgresql:  # so few rows are read as a whole, unless that is forbidden
                cursor.execute("SET LOCAL enable_seqscan = off")
                cursor.execute("SET LOCAL enable_sort = off")
                cursor.execute("SET LOCAL enable_bitmapscan = off")
            for query in queries.captured_queries:
                sql = query["sql"]
                if f'FROM "{table}"' in sql and ("ORDER BY" in sql or "LIMIT 1" in sql):
                    kind = "" if postgresql else "QUERY PLAN "
                    cursor.execute(f"EXPLAIN {kind}{sql}")
                    plans.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
        return plans

    return explain


def test_each_filter_reads_along_its_index(explained: Callable[[str, str], list[str]]) -> None:
    """One set-up for all addresses; the failure names each that reads in another way."""
    wrong = {}
    for table, address, index in (*LISTS, *HOME, *REVISIONS):
        plans = explained(table, address)
        if not any(
            index in plan and "TEMP B-TREE" not in plan and "Sort" not in plan for plan in plans
        ):
            wrong[address, index] = plans
    assert wrong == {}


def test_choices_are_each_value_once(cast: Cast) -> None:
    one, other = made_up(cast, 2)
    editor, admin = cast.editor.user, cast.admin.user
    revision = Revision.objects.filter(assistant=one).latest("number")
    last = revision.number
    for number, (author, name, drafter) in enumerate(
        [
            (admin, "Old name", editor),
            (admin, str(admin), None),
            (None, "key ci", None),
            (None, "key ci", None),
            (None, "Outside", None),
        ],
        start=last + 1,
    ):
        revision.pk, revision.number = None, number
        revision.author, revision.author_name, revision.drafter = author, name, drafter
        revision._state.adding = True
        revision.save(force_insert=True)
    found = people_of(one)
    assert ("key ci", "key ci") in found
    assert ("Outside", "Outside") in found
    assert (str(admin.pk), str(admin)) in found
    assert (str(editor.pk), str(editor)) in found
    assert len(found) == len(set(found)) == len({name for _value, name in found})
    assert [name.lower() for _value, name in found] == sorted(name.lower() for _, name in found)
    assert "Outside" not in dict(people_of(other))


def test_choices_take_the_same_queries_for_any_history(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    (one,) = made_up(cast)
    with django_assert_num_queries(1):  # and one for the names of people, if there are any
        people_of(one)
    with django_assert_num_queries(1):
        models_of(cast.workspace)


def test_a_person_finds_what_they_wrote_and_what_they_published(cast: Cast) -> None:
    (one,) = made_up(cast)
    revision = Revision.objects.filter(assistant=one).latest("number")
    editor, admin = cast.editor.user, cast.admin.user
    for number in range(102, 162):
        revision.pk, revision.number = None, number
        revision.author, revision.author_name = (admin, "A") if number % 2 else (editor, "E")
        revision.drafter = editor if number % 3 == 0 else None
        revision._state.adding = True
        revision.save(force_insert=True)
    client = cast.client("viewer")
    wanted = [n for n in range(161, 101, -1) if n % 2 == 0 or n % 3 == 0]
    address, found = f"/w/main/assistants/{one.pk}/history/?person={editor.pk}", []
    pages = [address]
    while pages:
        page = client.get(pages.pop()).context["page"]
        found += [row.number for row in page.rows]
        pages = [f"/w/main/assistants/{one.pk}/history/{page.older}"] if page.older else []
    assert found == wanted


def test_home_shows_trouble_and_what_is_missing(cast: Cast) -> None:
    rows = made_up(cast, 9)
    for number, row in enumerate(rows):
        Assistant.objects.filter(pk=row.pk).update(trouble="outside" if number % 2 else "")
    Assistant.objects.filter(pk=rows[-1].pk).update(state="missing")
    home = cast.client("publisher").get("/w/main/").context["home"]
    assert len(home.troubled) == 5


def test_who_has_published_nothing_is_found_without_a_scan(cast: Cast) -> None:
    made_up(cast, 40)
    refresh_statistics()
    with CaptureQueriesContext(connection) as queries:
        assert not has_published(cast.admin.user)
    (query,) = queries.captured_queries
    with connection.cursor() as cursor:
        kind = "" if connection.vendor == "postgresql" else "QUERY PLAN "
        cursor.execute(f"EXPLAIN {kind}{query['sql']}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "SCAN assistants_" not in plan
    assert "Seq Scan on assistants_revision" not in plan


def test_connections_without_assistants_are_counted_without_a_scan(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST_COUNTED", 100)
    (one,) = made_up(cast)
    Connection.objects.create(workspace=cast.workspace, name="Without assistants", profile="openai")
    Assistant.objects.bulk_create(
        Assistant(
            workspace=cast.workspace,
            connection=one.connection,
            remote_id=f"asst_{n}",
            state=Assistant.State.LIVE,
        )
        for n in range(3000)
    )
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as queries:
        counts = {row.name: row.assistants for row in connections.list_connections(cast.workspace)}
    assert counts.pop("Without assistants") == 0
    assert max(counts.values()) == 100
    first = queries.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'' if postgresql else 'QUERY PLAN '}{first}")
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "assistant_of_connection" in plan
    assert "Seq Scan on assistants_assistant" not in plan

"""Lists: order, pages in both directions, and the same work however long they are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from assistants.registry.models import StoredAssistant, pack
from tests.factories import make_workspace
from tests.registry.calls import Registry


def fill(workspace: Workspace, number: int, *, same_time: bool = False) -> list[str]:
    """Store assistants and return their ids, oldest first."""
    start = timezone.now() - timedelta(days=1)
    rows = [
        StoredAssistant(
            workspace=workspace,
            public_id=f"asst_{workspace.pk:04}{index:020}",
            created_at=start + timedelta(seconds=0 if same_time else index // 2),
            sequence=index,
            packed=pack({"model": "gpt-5", "name": f"Nummer {index}"}),
        )
        for index in range(number)
    ]
    StoredAssistant.objects.bulk_create(rows)
    return [row.public_id for row in rows]


def ids(registry: Registry, query: str) -> tuple[list[str], bool]:
    data = registry("GET", f"/assistants?{query}").data
    found = [item["id"] for item in data["data"]]
    assert data["object"] == "list"
    assert (data["first_id"], data["last_id"]) == ((found[0], found[-1]) if found else (None, None))
    return found, data["has_more"]


def test_empty_list(registry: Registry) -> None:
    assert registry("GET", "/assistants").data == {
        "object": "list",
        "data": [],
        "first_id": None,
        "last_id": None,
        "has_more": False,
    }


@pytest.mark.parametrize("same_time", [False, True])
def test_pages_in_every_direction(
    in_process: Registry, workspace: Workspace, same_time: bool
) -> None:
    oldest_first = fill(workspace, 25, same_time=same_time)
    fill(make_workspace("elsewhere"), 5)
    newest_first = oldest_first[::-1]
    assert ids(in_process, "") == (newest_first[:20], True)
    assert ids(in_process, "limit=100") == (newest_first, False)
    assert ids(in_process, "limit=25") == (newest_first, False)
    assert ids(in_process, "limit=1&order=asc") == (oldest_first[:1], True)
    for order, every in (("desc", newest_first), ("asc", oldest_first)):
        base = f"order={order}&limit=4"
        assert ids(in_process, f"{base}&after={every[9]}") == (every[10:14], True)
        assert ids(in_process, f"{base}&after={every[20]}") == (every[21:], False)
        assert ids(in_process, f"{base}&after={every[-1]}") == ([], False)
        assert ids(in_process, f"{base}&before={every[10]}") == (every[6:10], True)
        assert ids(in_process, f"{base}&before={every[4]}") == (every[:4], False)
        assert ids(in_process, f"{base}&before={every[0]}") == ([], False)
        between = f"{base}&after={every[2]}&before={every[9]}"
        assert ids(in_process, between) == (every[3:7], True)
        assert ids(in_process, f"{base}&after={every[6]}&before={every[9]}") == (every[7:9], False)


def test_list_carries_whole_assistants(registry: Registry) -> None:
    created = [registry.create(name=name) for name in ("A", "B")]
    registry.modify(created[0]["id"], name="A2")
    data = registry("GET", "/assistants?order=asc").data["data"]
    assert data == [{**created[0], "name": "A2"}, created[1]]


def test_page_after_an_assistant_that_was_deleted(registry: Registry) -> None:
    first, second, third = [registry.create()["id"] for _ in range(3)]
    registry.delete(second)
    assert ids(registry, f"after={second}") == ([first], False)
    assert ids(registry, f"before={second}") == ([third], False)


@pytest.mark.parametrize("cursor", ["after", "before"])
def test_unknown_cursor(registry: Registry, cursor: str) -> None:
    for value in ("asst_nobody", "%00", "x" * 200):
        status, code, param, _ = registry("GET", f"/assistants?{cursor}={value}").error
        assert (status, code, param) == (400, "invalid_value", cursor)


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        (
            "limit=0",
            "integer_below_min_value",
            "Invalid 'limit': integer below minimum value. Expected a value >= 1, "
            "but got 0 instead.",
        ),
        (
            "limit=101",
            "integer_above_max_value",
            "Invalid 'limit': integer above maximum value. Expected a value <= 100, "
            "but got 101 instead.",
        ),
        (
            "limit=ten",
            "invalid_type",
            "Invalid type for 'limit': expected an integer, but got a string instead.",
        ),
        ("limit=", "invalid_type", None),
        ("limit=1.5", "invalid_type", None),
        ("limit=%D9%A1", "invalid_type", None),
        ("limit=" + "9" * 5000, "invalid_type", None),
        (
            "order=up",
            "invalid_value",
            "Invalid value: 'up'. Supported values are: 'asc' and 'desc'.",
        ),
    ],
)
def test_bad_parameters(registry: Registry, query: str, code: str, message: str | None) -> None:
    answer = registry("GET", f"/assistants?{query}")
    assert answer.error[:3] == (400, code, query.partition("=")[0])
    assert message in (None, answer.error[3])


def test_the_same_queries_however_many(in_process: Registry, workspace: Workspace) -> None:
    def queries(query: str) -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert in_process("GET", f"/assistants?{query}").status == 200
        return [entry["sql"] for entry in captured]

    assert len(queries("")) == 1
    every = fill(workspace, 3000)
    assert len(queries("limit=100")) == 2  # how large they are, and what fits on the page
    assert len(queries(f"limit=100&after={every[1500]}")) == 3
    assert len(queries(f"limit=100&before={every[1500]}&order=asc")) == 3


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_deep_pages_follow_the_index(
    in_process: Registry, workspace: Workspace, order: str
) -> None:
    every = fill(workspace, 3000)
    with CaptureQueriesContext(connection) as captured:
        in_process("GET", f"/assistants?order={order}&after={every[1500]}")
    sql = captured[-2]["sql"]  # the last one reads what was found, by primary key
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE registry_storedassistant")
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert "stored_assistant_by_creation" in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan

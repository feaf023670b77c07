"""The filters of History and Changes, against a plain look at every revision."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants import triggers
from assistants.models import Assistant, Outcome, Revision, brief_outcomes, names_of
from assistants.selectors.past import hits
from assistants.services.history.naming import name_revision
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.test_history_search import CHANGES, found, history

pytestmark = pytest.mark.django_db(transaction=True)
STATUSES = [*Outcome.Status.values, "pending"]
KEYS = ["API key Chat", "API key Mail"]


@pytest.fixture
def past(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Assistant]:
    """Three assistants with sixty changes by people and keys, that ended in every way, on six
    days; one in eight has a name. The index gives two hits at a time."""
    monkeypatch.setattr(hits, "FIRST_HITS", 2)
    monkeypatch.setattr(hits, "TIMES_FILTERED", 1)
    chance, made = random.Random(7), []
    people = [cast.admin.user, cast.publisher.user, cast.editor.user]
    for name in ("Refunds", "Sales", "Refund desk"):
        made.append(make_assistant(cast.workspace, by=people[0], name=name))
    for number in range(60):
        place = chance.randrange(3)
        by_key = chance.random() < 0.2
        made[place] = change(
            made[place],
            by=None if by_key else chance.choice(people),
            drafter=None if by_key else chance.choice([None, people[2]]),
            kind=Revision.Kind.KEY if by_key else chance.choice(["edit", "edit", "restore"]),
            status=chance.choice([*STATUSES[:4], "applied", "applied"]),
            instructions=f"{chance.choice(['often', 'other'])} {number}",
        )
    change(made[0], status="pending", temperature=1)
    triggers.remove(connection)
    now = timezone.now()
    ordered = list(Revision.objects.order_by("pk"))
    for place, row in enumerate(ordered):
        row.created_at = now - timedelta(days=(len(ordered) - place) // 11)
        row.author_name = row.author_name if row.author_id else KEYS[place % 2]
        row.save(update_fields=["created_at", "author_name"])
        if place % 8 == 0:
            name_revision(
                author=cast.admin, assistant=row.assistant, revision=row, name="N", is_pinned=False
            )
    triggers.install(connection)
    pending = Revision.objects.filter(outcomes=None).get()
    Assistant.objects.filter(pk=made[0].pk).update(slot=pending)
    return made


def expected(rows: list[Revision], params: dict[str, Any]) -> list[int]:
    """Return the numbers of the revisions that fit, newest first, by looking at each."""
    outcomes, names = brief_outcomes(rows), names_of(rows)
    today = timezone.localdate()

    def fits(row: Revision) -> bool:
        status = outcomes[row.pk].status if row.pk in outcomes else "pending"
        day = timezone.localtime(row.created_at).date()
        return all(
            (
                params.get("kind") in (None, row.kind),
                params.get("outcome") in (None, status),
                params.get("key") is None or row.author_name == f"API key {params['key']}",
                params.get("person") in (None, row.author_id, row.drafter_id),
                not params.get("named") or row.pk in names,
                "since" not in params or day >= today - timedelta(days=3),
                "until" not in params or day <= today - timedelta(days=1),
            )
        )

    return [row.number for row in rows if fits(row)]


def test_each_filter_alone_and_with_others(cast: Cast, past: list[Assistant]) -> None:
    today = timezone.localdate()
    single: list[dict[str, Any]] = [
        *({"outcome": status} for status in STATUSES),
        {"key": "Chat"},
        {"key": "Nobody"},
        {"kind": "restore"},
        {"person": cast.editor.user.pk},
        {"named": "1"},
        {"since": str(today - timedelta(days=3))},
        {"until": str(today - timedelta(days=1))},
        {"outcome": "applied", "person": cast.publisher.user.pk, "kind": "edit"},
        {"outcome": "rejected", "key": "Mail", "since": str(today - timedelta(days=3))},
        {"named": "1", "outcome": "applied", "until": str(today - timedelta(days=1))},
        {"named": "1", "outcome": "unconfirmed"},
    ]
    client = cast.client("viewer")
    every = list(Revision.objects.select_related("base").order_by("-pk"))
    of_one = [row for row in every if row.assistant_id == past[0].pk]
    for params in single:
        assert found(client, CHANGES, **params) == expected(every, params), params
        assert found(client, history(past[0]), **params) == expected(of_one, params), params
        named = {**params, "assistant": "Refunds"}
        assert found(client, CHANGES, **named) == expected(of_one, params), params
    page = history(past[0])
    rest = {"outcome": "applied", "named": "1", "person": cast.admin.user.pk}
    hit = set(found(client, page, q="often"))
    for name, value in rest.items():
        both = set(found(client, page, q="often", **{name: value}))
        assert both == hit & set(found(client, page, **{name: value})), name
        assert both, name


def test_an_assistant_is_named_in_several_ways(cast: Cast, past: list[Assistant]) -> None:
    client, desk = cast.client("viewer"), past[2]
    wanted = [row.number for row in Revision.objects.filter(assistant=desk).order_by("-number")]
    for text in (desk.pk, desk.remote_id, "Refund desk", "desk refund"):
        assert found(client, CHANGES, assistant=text) == wanted, text
    for text in ("nobody has that name", "asst_none", "9" * 18, "…", "\0"):
        assert found(client, CHANGES, assistant=text) == [], text
    page = client.get(CHANGES, {"assistant": "desk refund"}).content.decode()
    assert "Assistant: <bdi>Refund desk</bdi>" in page
    theirs = f"/w/{cast.stranger.workspace.slug}/changes/"
    assert found(cast.client("stranger"), theirs, assistant=desk.pk) == []


def test_a_search_reads_so_many_hits_and_goes_on_when_asked(
    cast: Cast, past: list[Assistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, page = cast.client("viewer"), history(past[0])
    rest = {"q": "often", "person": cast.publisher.user.pk}
    for path in (CHANGES, page):
        whole = found(client, path, **rest)
        assert whole
        for few in (0, 100):  # by the hits, and by the rows of the person
            monkeypatch.setattr(hits, "FEW_ROWS", few)
            for most in (4, 1_000):
                monkeypatch.setattr(hits, "MOST_READ", most)
                assert found(client, path, **rest) == whole
                first = client.get(path, rest)
                says = "Search older changes" in first.content.decode()
                assert says == (few == 0 and most == 4)
                saved = client.get(path, {**rest, "format": "csv"})
                assert len(b"".join(saved.streaming_content).splitlines()) == 1 + len(whole)
    monkeypatch.setattr(hits, "FEW_ROWS", -1)
    monkeypatch.setattr(hits, "MOST_READ", 4)
    nobody = client.get(page, {"q": "often", "person": cast.viewer.user.pk}).content.decode()
    assert "Nothing found in the newer changes" in nobody
    assert found(client, page, q="often", person=cast.viewer.user.pk) == []


@pytest.mark.parametrize(
    "query", ["outcome=rejected", "outcome=pending", "named=1", "key=Chat", "assistant=Sales"]
)
def test_queries_stay_the_same(cast: Cast, past: list[Assistant], query: str) -> None:
    client = cast.client("viewer")
    client.get(CHANGES)
    with CaptureQueriesContext(connection) as caught:
        client.get(f"{CHANGES}?{query}")
    assert len(caught) <= 12, [row["sql"][:90] for row in caught]


def test_days_the_wrong_way_round_are_named(cast: Cast, past: list[Assistant]) -> None:
    client = cast.client("viewer")
    for page in ("/w/main/changes/", f"/w/main/assistants/{past[0].pk}/history/"):
        wrong = client.get(page, {"since": "2026-06-10", "until": "2026-06-01"})
        assert "The last day is before the first." in wrong.content.decode()
        nothing = client.get(page, {"since": "1999-06-01", "until": "1999-06-01"})
        assert "The last day is before the first." not in nothing.content.decode()

"""What was live at a moment: of one assistant at every boundary, and of the whole workspace."""

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants.forms.past.moment import MomentForm
from assistants.models import Assistant, Revision
from assistants.selectors.past.as_of import all_live_at, live_at
from assistants.services.ledger import record
from assistants.services.setup.first_start import create_workspace_with_registry
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/w/main/as-of/"
NOON = datetime(2026, 5, 3, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Revisions and their outcomes are added at noon of the third of May, a minute apart."""
    ticks = count()
    clock = SimpleNamespace(now=lambda: NOON + timedelta(minutes=next(ticks) // 2))
    monkeypatch.setattr(record, "timezone", clock)


def text_of(answer: Any) -> str:
    return tight(answer.content.decode())


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


def lives(cast: Cast) -> Assistant:
    """v1 at noon, v2 a minute later, a refusal, v3 removes it, v4 recreates it."""
    pia, emil = cast.publisher.user, cast.editor.user
    assistant = make_assistant(cast.workspace, by=cast.admin.user, instructions="First.")
    assistant = change(assistant, by=pia, drafter=emil, instructions="Second.")
    change(assistant, by=pia, instructions="Refused.", status="rejected")
    assistant = change(assistant, by=pia, kind=Revision.Kind.DELETE)
    return change(assistant, by=cast.admin.user, kind=Revision.Kind.RECREATE, name="Again")


@pytest.mark.parametrize(
    ("minute", "version", "instructions", "following"),
    [
        (-0.01, None, None, 1),
        (0, 1, "First.", 2),
        (0.99, 1, "First.", 2),
        (1, 2, "Second.", 3),
        (2.5, 2, "Second.", 3),
        (3, 3, None, 4),
        (3.5, 3, None, 4),
        (4, 4, "Second.", None),
        (9999, 4, "Second.", None),
    ],
)
def test_each_boundary(
    cast: Cast, minute: float, version: int | None, instructions: Any, following: int | None
) -> None:
    then = live_at(lives(cast), at(minute))
    assert (then.version and then.version.number) == version
    assert (then.definition and then.definition.content()["instructions"]) == instructions
    assert (then.following and then.following.number) == following


def test_the_page_names_the_version_and_shows_its_definition(cast: Cast) -> None:
    assistant = lives(cast)
    page = f"/w/main/assistants/{assistant.pk}/as-of/"
    client = cast.client("viewer")
    text = text_of(client.get(page, {"date": "2026-05-03", "time": "12:01", "zone": "UTC"}))
    assert "v2 was live on" in text
    assert "Second." in text
    assert "Pia" in text
    assert "drafted by" in text
    # The same moment in Vienna, two hours ahead; and the evening, when v4 was live.
    vienna = {"date": "2026-05-03", "time": "14:01", "zone": "Europe/Vienna"}
    assert "v2 was live on" in text_of(client.get(page, vienna))
    assert "14:01 CEST" in text_of(client.get(page, vienna))
    assert "v4 was live on" in text_of(client.get(page, {"date": "2026-05-03", "zone": "UTC"}))
    assert "still to come" not in text_of(client.get(page, vienna))
    assert "still to come" in text_of(client.get(page, {"date": "2096-05-03", "zone": "UTC"}))
    gone = text_of(client.get(page, {"date": "2026-05-03", "time": "12:03", "zone": "UTC"}))
    assert "Nothing was live on" in gone
    assert "removed the assistant" in gone
    before = text_of(client.get(page, {"date": "2026-05-02", "zone": "UTC"}))
    assert "Nothing was live on" in before
    assert "The first version:" in before


@pytest.mark.parametrize(
    ("time", "second"), [("12:01", 59), ("", 59), ("00:00", 59), ("12:01:05", 5), ("12:01:00", 59)]
)
def test_a_minute_counts_to_its_end(time: str, second: int) -> None:
    form = MomentForm({"date": "2026-05-03", "time": time, "zone": "UTC"})
    assert form.moment is not None
    assert form.moment.second == second


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"date": ""}, "Choose a date."),
        ({"date": "3 May"}, "Enter the date as year, month and day"),
        ({"date": "2026-05-03", "time": "noon"}, "Enter the time as hours and minutes"),
    ],
)
def test_a_moment_that_cannot_be_read_is_asked_for_again(
    cast: Cast, query: dict[str, str], said: str
) -> None:
    for page in (f"/w/main/assistants/{lives(cast).pk}/as-of/", PAGE):
        text = text_of(cast.client("viewer").get(page, query))
        assert said in text
        assert "was live on" not in text


def test_a_moment_to_come_is_now(cast: Cast) -> None:
    assistant = lives(cast)
    found = cast.client("viewer").get(
        f"/w/main/assistants/{assistant.pk}/as-of/", {"date": "2999-01-01", "zone": "Nowhere"}
    )
    assert found.context["moment"] <= timezone.now()


def test_the_workspace_lists_what_was_live_with_links_to_that_moment(cast: Cast) -> None:
    lives(cast)
    make_assistant(cast.workspace, name="Later")
    make_assistant(create_workspace_with_registry(slug=cast.stranger.workspace.slug), name="Theirs")
    client = cast.client("viewer")

    def shown(time: str) -> list[tuple[str, str]]:
        answer = client.get(PAGE, {"date": "2026-05-03", "time": time, "zone": "UTC"})
        link = r'<th scope="row" class="whole"><a dir="auto" href="([^"]+)">([^<]+)'
        return re.findall(link, answer.content.decode())

    assert shown("11:59") == []
    assert [name for _, name in shown("12:02")] == ["Again"]  # by the name that it has now
    assert shown("12:03") == []
    assert [name for _, name in shown("12:30")] == ["Again", "Later"]
    link = shown("12:02")[0][0].replace("&amp;", "&")
    assert "v2 was live on" in text_of(client.get(link))


def test_the_number_of_queries_does_not_grow(cast: Cast) -> None:
    def queries(count: int) -> int:
        for number in range(count):
            assistant = make_assistant(cast.workspace, name=f"Assistant {number}")
            for step in range(count):
                assistant = change(assistant, instructions=f"Step {step}.")
        with CaptureQueriesContext(connection) as found:
            all_live_at(cast.workspace, at(5000), {})
            live_at(assistant, at(5000))
        return len(found)

    assert queries(1) == queries(4) <= 9


def test_a_long_workspace_is_shown_in_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistants.selectors.past.as_of.LIVE_A_PAGE", 2)
    for name in "abc":
        make_assistant(cast.workspace, name=name)
    query = {"date": "2026-05-03", "zone": "UTC"}
    client = cast.client("viewer")
    first = client.get(PAGE, query).context["page"]
    assert [row.assistant.name for row in first.rows] == ["a", "b"]
    second = client.get(PAGE + first.older).context["page"]
    assert [row.assistant.name for row in second.rows] == ["c"]
    assert "date=2026-05-03" in first.older

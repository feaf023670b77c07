"""The strip of versions along time: every version in one mark, in few marks."""

import random
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants import triggers
from assistants.models import Assistant, Outcome, Revision
from assistants.selectors.past.strip import MARKS, strip_of
from assistants.services.history.naming import name_revision
from tests.conftest import Cast
from tests.pages.editing import address
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight

pytestmark = pytest.mark.django_db(transaction=True)


def with_versions(cast: Cast, count: int, *, days: int = 300) -> Assistant:
    """Return an assistant with so many versions at random times, in order."""
    assistant = make_assistant(cast.workspace, by=cast.admin.user)
    for number in range(1, count):
        assistant = change(assistant, by=cast.publisher.user, temperature=number / 100)
    change(assistant, status="rejected", temperature=2)
    chance, now = random.Random(count), timezone.now()
    ago = sorted((chance.random() ** 3 * days for _ in range(count)), reverse=True)
    triggers.remove(connection)
    for row, days_ago in zip(
        Outcome.objects.exclude(version=None).order_by("pk"), ago, strict=True
    ):
        row.created_at = now - timedelta(days=days_ago)
        row.save(update_fields=["created_at"])
        Revision.objects.filter(pk=row.revision_id).update(created_at=row.created_at)
    triggers.install(connection)
    return Assistant.objects.get(pk=assistant.pk)


@pytest.mark.parametrize("count", [2, 90])
def test_each_version_is_in_the_mark_of_its_time(cast: Cast, count: int) -> None:
    assistant = with_versions(cast, count)
    strip = strip_of(assistant)
    assert strip is not None
    assert len(strip.marks) == MARKS
    marks = [mark for mark in strip.marks if mark]
    covered = [number for mark in marks for number in range(mark.first, mark.last + 1)]
    assert covered == list(range(1, count + 1))
    times = dict(Outcome.objects.exclude(version=None).values_list("version", "created_at"))
    begin = times[1]
    step = (timezone.now() - begin) / MARKS
    for place, mark in enumerate(strip.marks):
        for number in range(mark.first, mark.last + 1) if mark else ():
            assert place - 0.01 <= (times[number] - begin) / step <= place + 1.01
    assert [mark.is_live for mark in marks] == [False] * (len(marks) - 1) + [True]


def test_a_mark_leads_to_its_versions_and_says_their_names(cast: Cast) -> None:
    assistant = with_versions(cast, 90)
    named = Revision.objects.get(number=30)
    name_revision(
        author=cast.admin, assistant=assistant, revision=named, name="Spring", is_pinned=False
    )
    client = cast.client("viewer")
    strip = strip_of(assistant)
    assert strip
    for mark in filter(None, strip.marks):
        page = client.get(mark.url)
        if mark.count == 1:
            assert f"Version {mark.last}" in page.content.decode()
        else:
            assert page.context["page"].rows[0].version == str(mark.last)
        assert ("Spring" in mark.names) is (mark.first <= 30 <= mark.last)
    whole, part = (
        tight(client.get(address(assistant, "versions"), headers=headers).content.decode())
        for headers in ({}, {"HX-Request": "true"})
    )
    for text in (whole, part):
        assert len(re.findall('class="height-', text)) == sum(1 for mark in strip.marks if mark)
        assert "Spring" in text
    assert "<html" in whole
    assert "<html" not in part


def test_the_history_has_its_place_and_says_what_it_shows(cast: Cast) -> None:
    assistant = with_versions(cast, 30)
    client, path = cast.client("viewer"), address(assistant, "history")
    place = f'hx-get="{address(assistant, "versions")}?shown='
    first = client.get(path)
    assert f'{place}30"' in first.content.decode()
    assert f'{place}6"' in client.get(path + first.context["page"].older).content.decode()
    assert place not in client.get(f"{path}?kind=edit").content.decode()
    assert (
        strip_of(
            Assistant.objects.create(workspace=cast.workspace, connection=assistant.connection)
        )
        is None
    )


@pytest.mark.parametrize(
    ("query", "shown"),
    [("?shown=7", 7), ("", 30), ("?shown=0", 30), ("?shown=99", 30), ("?shown=x", 30)],
)
def test_one_mark_is_that_of_the_list_and_takes_part_in_tab(
    cast: Cast, query: str, shown: int
) -> None:
    assistant = with_versions(cast, 30)
    answer = cast.client("viewer").get(
        address(assistant, "versions") + query, headers={"HX-Request": "true"}
    )
    strip, text = answer.context["strip"], answer.content.decode()
    (mark,) = (mark for mark in strip.marks if mark and mark.is_shown)
    assert mark.first <= shown <= mark.last
    assert text.count('aria-current="true"') == 1
    assert text.count('tabindex="-1"') == sum(1 for mark in strip.marks if mark) - 1


def test_it_takes_the_same_queries_for_any_history(cast: Cast) -> None:
    for count in (2, 60):
        assistant = with_versions(cast, count)
        assistant.workspace = cast.workspace
        with CaptureQueriesContext(connection) as caught:
            strip_of(assistant)
        assert len(caught) == 4
        triggers.remove(connection)
        Outcome.objects.all().delete()
        triggers.install(connection)

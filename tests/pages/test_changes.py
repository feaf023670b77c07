"""The changes of a workspace: what was brought in together is one of them."""

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assistants.models import Assistant, Connection, Revision
from assistants.selectors.home import days_of
from tests.conftest import Cast
from tests.pages.past import change, make_assistant

CHANGES = "/w/main/changes/"
LIST = "/w/main/assistants/"
BRING_IN = Revision.Kind.BRING_IN


def bring_in(cast: Cast, number: int, event: str, **more: object) -> list[Assistant]:
    """Assistants that Ada brought in at once."""
    names = [f"{event} {count}" for count in range(number)]
    return [
        make_assistant(
            cast.workspace,
            **{"by": cast.admin.user, "kind": BRING_IN, "trace_id": event, "name": name, **more},
        )
        for name in names
    ]


def lines(client: Client, path: str) -> list[str]:
    """The sentences of a feed without their markup, newest first."""
    text = client.get(path).content.decode()
    found = re.findall(r'<div class="text">\s*<p>(.*?)</p>', text)
    return [re.sub(r"<[^>]+>|[\u2066-\u2069]", "", line) for line in found]


@pytest.mark.parametrize("path", [CHANGES, "/w/main/"])
def test_what_was_brought_in_together_is_one_event(cast: Cast, path: str) -> None:
    make_assistant(cast.workspace, by=cast.publisher.user, name="Before")
    bring_in(cast, 5, "first")
    change(make_assistant(cast.workspace, name="Between"), by=cast.publisher.user, top_p=1)
    bring_in(cast, 1, "second")
    bring_in(cast, 2, "third")

    assert lines(cast.client("viewer"), path) == [
        "Ada brought in 2 assistants from Built-in registry",
        "Ada brought in second 0 v1",
        "Pia published Between v2",
        "Nightly job created Between v1",
        "Ada brought in 5 assistants from Built-in registry",
        "Pia created Before v1",
    ]


def test_an_event_is_whole_whatever_happens_during_it(cast: Cast) -> None:
    """Somebody publishes, and another connection is brought in, between two of its steps."""
    other = Connection.objects.create(
        workspace=cast.workspace, name="Production <1>", profile="openai", base_url="https://a.test"
    )
    bring_in(cast, 2, "ours")
    bring_in(cast, 1, "theirs", connection=other, by=cast.publisher.user)
    change(make_assistant(cast.workspace, name="Desk"), by=cast.publisher.user, top_p=1)
    bring_in(cast, 1, "ours")
    bring_in(cast, 2, "theirs", connection=other, by=cast.publisher.user)

    assert lines(cast.client("viewer"), CHANGES) == [
        "Pia published Desk v2",
        "Nightly job created Desk v1",
        "Pia brought in 3 assistants from Production &lt;1&gt;",
        "Ada brought in 3 assistants from Built-in registry",
    ]


def test_histories_from_before_events_were_kept_stay_as_they_are(cast: Cast) -> None:
    for name in ("One", "Two"):
        make_assistant(cast.workspace, by=cast.admin.user, kind=BRING_IN, name=name)

    assert lines(cast.client("viewer"), CHANGES) == [
        "Ada brought in Two v1",
        "Ada brought in One v1",
    ]


def test_its_details_name_each_assistant_page_by_page(cast: Cast) -> None:
    bring_in(cast, 30, "first")
    bring_in(cast, 2, "second")
    client = cast.client("viewer")
    found = re.findall(r'href="([^"]+brought_in=[^"]+)"', client.get(CHANGES).content.decode())
    assert list(dict.fromkeys(found)) == [
        f"{CHANGES}?brought_in={name}" for name in ("second", "first")
    ]

    page = client.get(f"{CHANGES}?brought_in=first")
    older = client.get(CHANGES + page.context["page"].older)
    assert f'href="{CHANGES}">All changes</a>' in page.content.decode(), "the way back"
    shown = [
        line
        for p in (page, older)
        for line in lines(client, p.request["PATH_INFO"] + "?" + p.request["QUERY_STRING"])
    ]
    assert shown == [f"Ada brought in first {number} v1" for number in reversed(range(30))]


def test_events_of_other_workspaces_are_not_told(cast: Cast) -> None:
    bring_in(cast, 3, "ours")
    stranger = cast.client("stranger")

    page = stranger.get(f"/w/{cast.stranger.workspace.slug}/changes/?brought_in=ours")

    assert page.context["page"].changes == []


@pytest.mark.parametrize("event", ["\0", "%F0%9F%98%80", "none", "x" * 5000, "'; --"])
def test_an_event_that_does_not_exist_is_empty(cast: Cast, event: str) -> None:
    bring_in(cast, 3, "ours")
    assert lines(cast.client("viewer"), f"{CHANGES}?brought_in={event}") == []


@pytest.mark.slow
def test_an_event_never_breaks_a_page_in_two(cast: Cast) -> None:
    """Sixty lines make three pages, with events of many assistants at and across their ends."""
    expected = []
    for number in range(60):
        if number in (0, 9, 10, 34, 35, 36, 59):
            bring_in(cast, 3 if number != 35 else 30, f"e{number}")
            expected.append(
                f"Ada brought in {3 if number != 35 else 30} assistants from Built-in registry"
            )
        else:
            make_assistant(cast.workspace, by=cast.publisher.user, name=f"Number {number}")
            expected.append(f"Pia created Number {number} v1")
    client = cast.client("viewer")

    forth, place = [], "?"
    while place:
        forth.append(lines(client, CHANGES + place))
        newer, place = (
            client.get(CHANGES + place).context["page"].newer,
            client.get(CHANGES + place).context["page"].older,
        )
    back = []
    while newer:
        back.append(lines(client, CHANGES + newer))
        newer = client.get(CHANGES + newer).context["page"].newer

    assert [len(page) for page in forth] == [25, 25, 10]
    assert [line for page in forth for line in page] == expected[::-1]
    assert back == forth[-2::-1]


@pytest.mark.parametrize("query", ["kind=bring_in", "person={ada}", "kind=bring_in&person={ada}"])
def test_filters_keep_events_whole(cast: Cast, query: str) -> None:
    bring_in(cast, 3, "ours")
    make_assistant(cast.workspace, by=cast.publisher.user)
    path = f"{CHANGES}?{query.format(ada=cast.admin.user.pk)}"

    assert lines(cast.client("viewer"), path) == [
        "Ada brought in 3 assistants from Built-in registry"
    ]


def test_an_event_counts_once_on_the_day_it_began(cast: Cast) -> None:
    today = timezone.now()
    bring_in(cast, 4, "ours")
    bring_in(cast, 1, "theirs")
    make_assistant(cast.workspace)

    counts = [day.count for day in days_of(cast.workspace, today)]
    assert counts == [0] * 13 + [3]
    later = [day.count for day in days_of(cast.workspace, today + timedelta(days=2))]
    assert later == [0] * 11 + [3, 0, 0]


@pytest.mark.parametrize("path", [CHANGES, "/w/main/"])
def test_larger_and_more_events_cost_no_more_queries(cast: Cast, path: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        return len(captured)

    client = cast.client("viewer")
    bring_in(cast, 2, "first")
    client.get(path)
    few = count()
    for number in range(8):
        bring_in(cast, 5, f"more {number}")
    assert count() == few


def test_who_brought_an_assistant_in_has_not_changed_it(cast: Cast) -> None:
    row, other = bring_in(cast, 2, "ours")
    assert row.changed_by == ""
    change(other, by=cast.publisher.user, top_p=1)
    text = cast.client("viewer").get(LIST).content.decode()

    shown = re.findall(r'<td class="changed">.*?<bdi[^>]*>(.*?)</bdi></td>', text, re.S)
    assert [re.sub(r"<[^>]+>|[\u2066-\u2069]", "", who) for who in shown] == ["Pia", "Brought in"]
    gone = change(row, kind=Revision.Kind.OUTSIDE, by=None, top_p=0)
    assert gone.changed_by == "Nightly job"


def test_an_upgrade_forgets_who_brought_in_what_nobody_has_changed(cast: Cast) -> None:
    upgrade = import_module("assistants.migrations.0008_brought_in_together")
    kept, edited, gone = bring_in(cast, 3, "ours")
    created = make_assistant(cast.workspace, by=cast.admin.user)
    change(edited, by=cast.publisher.user, top_p=1)
    Assistant.objects.filter(pk=kept.pk).update(changed_by="Ada")
    Assistant.objects.filter(pk=gone.pk).update(changed_by="Pia", state="deleted")

    upgrade.name_nobody_for_what_was_brought_in(apps, None)

    found = dict(Assistant.objects.values_list("pk", "changed_by"))
    assert found == {kept.pk: "", edited.pk: "Pia", gone.pk: "Pia", created.pk: "Ada"}

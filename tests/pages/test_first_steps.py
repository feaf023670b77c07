"""The first steps on Home: for each role, until something of the person's was published."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assistants.models import Draft
from tests.conftest import Cast
from tests.pages.past import change, make_assistant
from tests.pages.reading import tight

HOME = "/w/main/"


def steps(client: Client) -> list[tuple[str, str]]:
    """Return the text of each step, and where it leads ("" where it is done, or not theirs)."""
    text = tight(client.get(HOME).content.decode())
    found = re.search(r'<section class="section card first-steps".*?</section>', text, re.S)
    rows = re.findall(r"<li>.*?</li>", found[0], re.S) if found else []
    return [
        (
            re.findall(r'<span class="text[^>]*>([^<]+)', row)[0],
            next(iter(re.findall(r'<a class="button small" href="([^"]+)"', row)), ""),
        )
        for row in rows
    ]


def test_a_viewer_reads(cast: Cast) -> None:
    row = change(make_assistant(cast.workspace), temperature=1)
    root = f"/w/main/assistants/{row.pk}/"
    assert steps(cast.client("viewer")) == [
        ("Open an assistant and read its instructions.", root),
        ("See who changed it, when and why.", f"{root}history/"),
        ("Compare two versions word by word.", f"{root}compare/1..2/"),
        ("Copy the code that applications use.", f"{root}code/"),
    ]


@pytest.mark.parametrize(
    ("who", "last"),
    [
        ("editor", "Submit it for review. A publisher publishes it."),
        ("publisher", "Publish it. The earlier version stays in the history."),
        ("admin", "Publish it. The earlier version stays in the history."),
    ],
)
def test_who_may_edit_goes_as_far_as_their_role(cast: Cast, who: str, last: str) -> None:
    row = make_assistant(cast.workspace)
    root, client = f"/w/main/assistants/{row.pk}/", cast.client(who)
    assert [url for _text, url in steps(client)] == [
        f"{root}edit/",
        f"{root}edit/",
        f"{root}review/",
        f"{root}review/",
    ]
    assert steps(client)[-1][0] == last
    other = make_assistant(cast.workspace)
    Draft.objects.create(assistant=other, user=getattr(cast, who).user, content={})
    assert [url for _text, url in steps(client)][:3] == ["", "", f"{other_root(other.pk)}review/"]


def other_root(pk: int) -> str:
    return f"/w/main/assistants/{pk}/"


def test_they_end_with_the_first_publish_of_what_one_wrote(cast: Cast) -> None:
    row = make_assistant(cast.workspace, by=cast.admin.user)
    assert not steps(cast.client("admin"))
    change(row, by=cast.publisher.user, drafter=cast.editor.user, temperature=1)
    assert not steps(cast.client("editor"))
    assert not steps(cast.client("publisher"))
    assert steps(cast.client("viewer"))


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher"])
def test_they_can_be_hidden(cast: Cast, who: str) -> None:
    make_assistant(cast.workspace)
    client = cast.client(who)
    assert steps(client)
    response = client.post("/account/steps/hide/", {"next": HOME})
    assert (response.status_code, response["Location"]) == (303, HOME)
    assert not steps(client)
    assert client.get("/account/steps/hide/").status_code == 405


def test_they_cost_one_query_at_most(cast: Cast) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(HOME)
        return len(captured)

    make_assistant(cast.workspace)
    client = cast.client("publisher")
    client.get(HOME)
    with_steps = count()
    client.post("/account/steps/hide/")
    assert with_steps - count() == 1


def test_there_are_none_without_an_assistant(cast: Cast) -> None:
    assert not steps(cast.client("editor"))

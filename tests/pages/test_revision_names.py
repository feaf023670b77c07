"""Naming a revision and pinning it: rows that are added, shown wherever versions are named."""

import re
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from admin_ui.accounts.permissions import NotAllowed
from assistants.models import Revision, RevisionName
from assistants.services.errors import NoTarget
from assistants.services.history.naming import name_revision
from tests.conftest import Cast
from tests.pages.editing import address
from tests.pages.past import change, make_assistant
from tests.pages.reading import fields_of
from tests.pages.test_palette import HTMX, PALETTE
from tests.pages.test_palette import found as in_palette
from tests.rights.narrowing import narrowed

pytestmark = pytest.mark.django_db
CHANGES = "/w/main/changes/"


def named(cast: Cast, revision: Revision, name: str, *, pinned: bool = False) -> None:
    name_revision(
        author=cast.publisher,
        assistant=revision.assistant,
        revision=revision,
        name=name,
        is_pinned=pinned,
    )


def test_a_version_is_named_on_its_page_and_found_by_the_filter(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    for number in range(30):
        change(assistant, temperature=number / 20)
    client, path = cast.client("publisher"), address(assistant, "history/2/name")
    sent = {**fields_of(client.get(path)), "name": "  Black\tFriday wording ", "is_pinned": "on"}
    assert client.post(path, sent).status_code == 303
    row = RevisionName.objects.get()
    assert (row.name, row.is_pinned, row.user_name) == ("Black Friday wording", True, "Pia")

    viewer = cast.client("viewer")
    page = viewer.get(address(assistant, "history"))
    assert [one.name for one in page.context["page"].pinned] == ["Black Friday wording"]
    assert "Black Friday wording" in page.content.decode()
    assert not viewer.get(address(assistant, "history") + "?kind=edit").context["page"].pinned
    for where in (address(assistant, "history"), CHANGES):
        rows = viewer.get(f"{where}?named=1").context["page"]
        rows = rows.rows if hasattr(rows, "rows") else [change.row for change in rows.changes]
        assert [(row.number, row.name) for row in rows] == [(2, "Black Friday wording")]
        assert "Black Friday wording" in viewer.get(f"{where}?named=1").content.decode()
    assert "Black Friday wording" in viewer.get(address(assistant, "history/2")).content.decode()

    assert "Black Friday wording" in in_palette(viewer, "black fri")
    assert "Black Friday wording" not in in_palette(viewer, "blank")
    entry = viewer.get(PALETTE, {"q": "black"}, headers=HTMX).content.decode()
    assert "v2 · Support" in re.sub("[\u2066-\u2069]", "", entry)
    for query, count in (("black fri", 1), ("blank", 0), ("", 0)):
        named = viewer.get(CHANGES, {"q": query}).context["named"]
        assert [(row.name, row.version) for row in named] == [("Black Friday wording", "2")] * count
    assert not viewer.get(CHANGES, {"q": "black", "before": "1"}).context["named"]
    shown = viewer.get(CHANGES, {"q": "black"}).content.decode()
    assert "Black Friday wording" in shown
    assert "No changes match" in shown
    heading = viewer.get(address(assistant, "compare/1..2")).content.decode()
    heading = heading.split('<h2 class="large">')[1].split("</h2>")[0]
    assert heading.index("v1") < heading.index("v2") < heading.index("Black Friday wording")

    shown = fields_of(client.get(path))
    assert (shown["name"], shown["is_pinned"]) == ("Black Friday wording", "on")
    assert client.post(path, shown).status_code == 303
    assert RevisionName.objects.count() == 1, "the same name adds no row"
    assert client.post(path, {"name": ""}).status_code == 303
    assert not viewer.get(address(assistant, "history")).context["page"].pinned
    assert not viewer.get(address(assistant, "history") + "?named=1").context["page"].rows


@pytest.mark.parametrize("name", ["x" * 81])
def test_a_name_that_is_too_long_is_shown_again(cast: Cast, name: str) -> None:
    assistant = make_assistant(cast.workspace)
    answer = cast.client("publisher").post(address(assistant, "history/1/name"), {"name": name})
    assert answer.status_code == 422
    assert fields_of(answer)["name"] == name
    assert "at most 80 characters" in answer.content.decode()
    assert not RevisionName.objects.exists()


def test_who_may_name(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    path = address(assistant, "history/1/name")
    for who, status in (("viewer", 403), ("editor", 403), ("stranger", 404), ("publisher", 303)):
        assert cast.client(who).post(path, {"name": "Mine"}).status_code == status, who
    assert cast.client("publisher").get(address(assistant, "history/9/name")).status_code == 404
    revision, other = Revision.objects.get(), make_assistant(cast.workspace)
    with pytest.raises(NotAllowed):
        name_revision(
            author=cast.editor, assistant=assistant, revision=revision, name="x", is_pinned=True
        )
    with pytest.raises(NoTarget):
        name_revision(
            author=cast.admin, assistant=other, revision=revision, name="x", is_pinned=True
        )
    narrowed(cast, assistants=[other])
    assert cast.client("publisher").post(path, {"name": "Other"}).status_code == 403


def test_rows_are_only_added(cast: Cast) -> None:
    revision = make_assistant(cast.workspace).live
    assert revision
    named(cast, revision, "First")
    named(cast, revision, "Second", pinned=True)
    acts: list[Any] = [
        lambda: RevisionName.objects.update(name="Other"),
        lambda: RevisionName.objects.all().delete(),
    ]
    for act in acts:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    assert list(RevisionName.objects.values_list("name", flat=True)) == ["First", "Second"]


def test_at_most_ten_are_pinned_above(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    for number in range(12):
        change(assistant, temperature=number / 20)
    for revision in Revision.objects.all():
        named(cast, revision, "", pinned=True)
    page = cast.client("viewer").get(address(assistant, "history")).context["page"]
    assert [row.number for row in page.pinned] == [13, 12, 11, 10, 9, 8, 7, 6, 5, 4]


def test_the_page_of_a_date_shows_the_name(cast: Cast) -> None:
    assistant = make_assistant(cast.workspace)
    revision = Revision.objects.get()
    named(cast, revision, "Opening text")
    for path in (address(assistant, "as-of"), "/w/main/as-of/"):
        page = cast.client("viewer").get(path, {"date": str(timezone.localdate())})
        assert "Opening text" in page.content.decode(), path


def test_comparisons_offer_and_show_names(cast: Cast) -> None:
    assistant = change(make_assistant(cast.workspace), temperature=1)
    named(cast, Revision.objects.get(number=1), "Opening <text>")
    client = cast.client("viewer")
    page = client.get(address(assistant, "compare/1..2")).content.decode()
    assert '<option value="1">Opening &lt;text&gt;</option>' in page
    assert "<bdi>Opening &lt;text&gt;</bdi>" in page
    page = client.get(address(assistant, "compare")).content.decode()
    assert '<option value="1">Opening &lt;text&gt;</option>' in page
